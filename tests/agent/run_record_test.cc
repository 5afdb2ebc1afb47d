// Step 10: what is logged, and what is not.
#include <algorithm>

#include "core/limits.h"
#include "tests/agent/run_fixture.h"

namespace eic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

Decision Rejections(std::size_t count) {
  Decision decision;
  for (std::size_t i = 0; i < count; ++i) {
    decision.rejections.push_back(
        {{Reason::kKeyExpired, std::to_string(i)}, std::nullopt, "caller", "request"});
  }
  return decision;
}

TEST(RecordDecisionTest, EachRejectionHasItsLine) {
  fakes::RecordedAudit audit;
  EXPECT_EQ(RecordDecision({NamedUser("alice"), std::nullopt}, Rejections(2), {}, audit), "");
  EXPECT_THAT(audit.lines, ElementsAre("warning: Refused ssh key from EC2 Instance Connect: "
                                       "reason=key-expired "
                                       "user=\"alice\" request-id=\"request\" principal=\"caller\" "
                                       "detail=\"0\"",
                                       "warning: Refused ssh key from EC2 Instance Connect: "
                                       "reason=key-expired "
                                       "user=\"alice\" request-id=\"request\" principal=\"caller\" "
                                       "detail=\"1\""));
}

TEST(RecordDecisionTest, AsManyLinesAsTheLimitNeedNoSummary) {
  fakes::RecordedAudit audit;
  RecordDecision({NamedUser("alice"), std::nullopt}, Rejections(kRefusalLinesMax), {}, audit);
  EXPECT_THAT(audit.lines, SizeIs(kRefusalLinesMax));
  for (const std::string& line : audit.lines) EXPECT_THAT(line, StartsWith("warning: "));
}

TEST(RecordDecisionTest, MoreThanTheLimitEndInOneLineThatCountsTheRest) {
  fakes::RecordedAudit audit;
  RecordDecision({NamedUser("alice"), std::nullopt}, Rejections(kRefusalLinesMax + 84), {}, audit);
  ASSERT_THAT(audit.lines, SizeIs(kRefusalLinesMax + 1));
  EXPECT_THAT(audit.lines.back(), HasSubstr("84 more"));
  EXPECT_EQ(std::count_if(audit.lines.begin(), audit.lines.end(),
                          [](const std::string& line) { return line.find("more") != line.npos; }),
            1);
}

TEST(RecordDecisionTest, NothingDecidedNothingLogged) {
  fakes::RecordedAudit audit;
  EXPECT_EQ(RecordDecision({NamedUser("alice"), std::nullopt}, Decision{}, {}, audit), "");
  EXPECT_THAT(audit.lines, IsEmpty());
}

TEST(RecordErrorTest, OutcomesOfAnOrdinaryLoginLogNothing) {
  for (const Reason reason :
       {Reason::kUserNameInvalid, Reason::kUserNameNeverPushed, Reason::kKeyTypeNeverPushed,
        Reason::kUserUnknown, Reason::kNotAnInstance, Reason::kNoKey}) {
    fakes::RecordedAudit audit;
    RecordError("alice", {reason, "detail"}, audit);
    EXPECT_THAT(audit.lines, IsEmpty()) << Slug(reason);
  }
}

TEST(RecordErrorTest, EveryOtherOutcomeLogsOneLine) {
  for (const Reason reason :
       {Reason::kUserLookupFailed, Reason::kFingerprintUnavailable, Reason::kImdsUnreachable,
        Reason::kImdsTimeout, Reason::kImdsConnectionLost, Reason::kImdsThrottled,
        Reason::kImdsForbidden, Reason::kImdsTokenRefused, Reason::kImdsStatus,
        Reason::kImdsResponseTooLarge, Reason::kImdsResponseMalformed, Reason::kTimeBudgetSpent,
        Reason::kInternalError}) {
    fakes::RecordedAudit audit;
    RecordError("al\nice", {reason, "de\"tail"}, audit);
    EXPECT_THAT(audit.lines, ElementsAre("warning: Refused ssh key from EC2 Instance Connect: "
                                         "reason=" +
                                         std::string(Slug(reason)) +
                                         " user=\"al\\x0aice\" detail=\"de\\x22tail\""));
  }
}

TEST_F(RunTest, ManyBadRecordsNeitherFillTheLogNorHideAGoodOne) {
  const std::string good = fakes::Ed25519KeyLine();
  std::string blob;
  for (int i = 0; i < 100; ++i) blob += "#Timestamp=never\nssh-ed25519 AAAA\nAAAA\n\n";
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] = blob + metadata().Record(good);
  EXPECT_EQ(Login(), good + "\n");
  ASSERT_THAT(audit_.lines, SizeIs(kRefusalLinesMax + 2));
  EXPECT_THAT(audit_.lines[kRefusalLinesMax], HasSubstr("84 more"));
  EXPECT_THAT(audit_.lines.back(), StartsWith("info: Providing ssh key"));
}

TEST_F(RunTest, EveryPrintedKeyHasItsLineHoweverManyAreRefused) {
  std::string blob;
  for (std::size_t i = 0; i < kRefusalLinesMax + 4; ++i) {
    blob += metadata().Record(fakes::Ed25519KeyLine()) + "\n";
  }
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] = blob;
  const std::string printed = Login();
  EXPECT_EQ(static_cast<std::size_t>(std::count(printed.begin(), printed.end(), '\n')),
            kRefusalLinesMax + 4);
  EXPECT_THAT(audit_.lines, SizeIs(kRefusalLinesMax + 4)) << "the limit is for refusals";
}

}  // namespace
}  // namespace eic
