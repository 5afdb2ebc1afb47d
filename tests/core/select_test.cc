// Goal of this test: what is left of a blob is this instance's, live, and what sshd asks for; and a
// stranger's offer leaves no trace.
#include "core/select.h"

#include <gtest/gtest.h>

#include "tests/core/openssh_keys.h"
#include "tests/fakes/for_tests.h"

namespace eic {
namespace {

constexpr Instant kNow{2000000000};
constexpr std::string_view kInstance = "i-0123456789abcdef0";

std::string Record(const OpensshKey& key, Instant expiry, std::string_view instance = kInstance) {
  return "#Timestamp=" + std::to_string(expiry.unix_seconds()) +
         "\n#Instance=" + std::string(instance) + "\n" + std::string(key.line) + "\nAAAA\n";
}

Request Offering(const OpensshKey& key) {
  return {NamedUser("alice"), *ParseFingerprint(key.sha256)};
}

const Request kAnyKey{NamedUser("alice"), {}};

std::string OnlyRejection(const Result<Selection>& selection) {
  if (!selection->candidates.empty() || selection->rejections.size() != 1) return "not one";
  return std::string(Slug(selection->rejections[0].error.reason));
}

TEST(SelectCandidates, KeepsALiveRecordOfThisInstance) {
  const std::string blob = Record(kOpensshKeys[0], kNow + 1);
  const Result<Selection> selection = SelectCandidates(blob, kAnyKey, kInstance, kNow);
  EXPECT_EQ(selection->candidates.size(), 1U);
  EXPECT_TRUE(selection->rejections.empty());
}

// now < expiry
TEST(SelectCandidates, ARecordEndsAtItsExpiry) {
  for (const Instant expiry : {kNow, kNow - 1, Instant{0}}) {
    const std::string blob = Record(kOpensshKeys[0], expiry);
    EXPECT_EQ(OnlyRejection(SelectCandidates(blob, kAnyKey, kInstance, kNow)), "key-expired");
  }
}

TEST(SelectCandidates, ARecordIsOfOneInstance) {
  for (const std::string_view other : {"i-0123456789abcdef1", "i-0123456789abcdef", "I"}) {
    const std::string blob = Record(kOpensshKeys[0], kNow + 60, other);
    EXPECT_EQ(OnlyRejection(SelectCandidates(blob, kAnyKey, kInstance, kNow)), "instance-mismatch");
  }
}

TEST(SelectCandidates, KeepsTheOfferedKeyAlone) {
  const std::string blob =
      Record(kOpensshKeys[0], kNow + 60) + "\n" + Record(kOpensshKeys[1], kNow + 60);
  const Result<Selection> selection =
      SelectCandidates(blob, Offering(kOpensshKeys[1]), kInstance, kNow);
  ASSERT_EQ(selection->candidates.size(), 1U);
  EXPECT_EQ(AuthorizedKeysLine(selection->candidates[0].record().key), kOpensshKeys[1].line);
  EXPECT_TRUE(selection->rejections.empty());
}

TEST(SelectCandidates, AStrangersOfferIsNoRejection) {
  const std::string blob = Record(kOpensshKeys[0], kNow + 60) + Record(kOpensshKeys[0], kNow - 60) +
                           Record(kOpensshKeys[0], kNow + 60, "i-other") + "#Timestamp=x\n" +
                           std::string(kOpensshKeys[0].line) + "\nAAAA\n";
  const Result<Selection> selection =
      SelectCandidates(blob, Offering(kOpensshKeys[1]), kInstance, kNow);
  EXPECT_TRUE(selection->candidates.empty());
  EXPECT_TRUE(selection->rejections.empty());
}

TEST(SelectCandidates, ARecordWithoutAReadableKeyMayHaveBeenTheOfferedOne) {
  const std::string blob = "#Timestamp=2000000060\n#Instance=i\nssh-ed25519 x\nAAAA\n";
  EXPECT_EQ(OnlyRejection(SelectCandidates(blob, Offering(kOpensshKeys[1]), kInstance, kNow)),
            "key-malformed");
}

}  // namespace
}  // namespace eic
