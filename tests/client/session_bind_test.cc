#include "client/signing/session_bind.h"

#include <gtest/gtest.h>

#include "core/base64.h"
#include "tests/client/wire_samples.h"

namespace eic::client {
namespace {

std::optional<VerifiedBinding> Verify(const std::string& contents) {
  const auto bind = ParseSessionBind(contents);
  return bind ? VerifySessionBind(*bind) : std::nullopt;
}

TEST(SessionBind, TakesAHostsSignature) {
  for (const KeyType type : {KeyType::kEd25519, KeyType::kRsa}) {
    const OneTimeKey host = fakes::NewKey(type);
    const auto binding = Verify(fakes::BindContents(host, fakes::SessionId()));
    ASSERT_TRUE(binding);
    EXPECT_EQ(binding->host_key(), host.blob());
    EXPECT_EQ(binding->plain_host_key(), host.blob());
    EXPECT_EQ(binding->session_id(), fakes::SessionId());
    EXPECT_FALSE(binding->is_certificate());
  }
}

// Contents of the parts, in their order.
std::string Contents(std::string_view key, std::string_view id, std::string_view signature) {
  std::string contents;
  AppendString(contents, key);
  AppendString(contents, id);
  AppendString(contents, signature);
  AppendByte(contents, 0);
  return contents;
}

TEST(SessionBind, RefusesEveryOtherSignature) {
  const OneTimeKey host = fakes::NewKey();
  const OneTimeKey rsa = fakes::NewKey(KeyType::kRsa);
  const OneTimeKey other = fakes::NewKey();
  const std::string id = fakes::SessionId();
  const std::string good = *host.Sign(id, "ssh-ed25519");
  std::string flipped = good;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  std::string sha1 = *rsa.Sign(id, "rsa-sha2-512");
  sha1.replace(4 + 0, 12, "ssh-rsa-fake");
  ASSERT_TRUE(Verify(Contents(host.blob(), id, good)));
  const struct {
    const char* defect;
    std::string contents;
  } kRows[] = {
      {"another key's signature", Contents(host.blob(), id, *other.Sign(id, "ssh-ed25519"))},
      {"a signature over another id",
       Contents(host.blob(), id, *host.Sign(fakes::SessionId('t'), "ssh-ed25519"))},
      {"one bit", Contents(host.blob(), id, flipped)},
      {"no signature", Contents(host.blob(), id, "")},
      {"bytes behind the signature", Contents(host.blob(), id, good + "x")},
      {"an algorithm of another type", Contents(rsa.blob(), id, good)},
      {"RSA in an algorithm that there is not", Contents(rsa.blob(), id, sha1)},
      {"a key of no type", Contents("key", id, good)},
      {"bytes behind the key", Contents(host.blob() + "x", id, good)},
      {"an id too short to be one",
       Contents(host.blob(), "short", *host.Sign("short", "ssh-ed25519"))},
      {"bytes behind the contents", Contents(host.blob(), id, good) + "x"},
  };
  for (const auto& row : kRows) EXPECT_FALSE(Verify(row.contents)) << row.defect;
}

}  // namespace
}  // namespace eic::client
