// The session with the metadata service: tokens, endpoints, retries, time.
#include <algorithm>
#include <chrono>
#include <thread>

#include "core/limits.h"
#include "host/limits.h"
#include "tests/host/imds_fixture.h"

namespace eic {
namespace {

using fakes::Answer;
using fakes::Failure;
using testing::ElementsAre;
using Fault = HttpOutcome::Fault;

// Tokens.

TEST_F(ImdsTest, TokensThatCouldNotStandInAHeaderAreRefused) {
  const struct {
    const char* defect;
    std::string token;
    const char* outcome;
  } kRows[] = {
      {"none", "AQAEAtoken==", "ok"},
      {"none, every visible character", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "ok"},
      {"none, the longest", std::string(kTokenBytesMax, 'x'), "ok"},
      {"none, ended by LF", "AQAEAtoken==\n", "ok"},
      {"empty", "", "imds-response-malformed"},
      {"nothing but a line end", "\r\n", "imds-response-malformed"},
      {"too long", std::string(kTokenBytesMax + 1, 'x'), "imds-response-malformed"},
      {"a blank", "AQAEA token", "imds-response-malformed"},
      {"a tabulator", "AQAEA\ttoken", "imds-response-malformed"},
      {"a header of its own", "AQAEA\r\nX-Forwarded-For: 1.2.3.4", "imds-response-malformed"},
      {"a bare CR", "AQAEA\rtoken", "imds-response-malformed"},
      {"a bare LF", "AQAEA\ntoken", "imds-response-malformed"},
      {"NUL", std::string("AQAEA\0token", 11), "imds-response-malformed"},
      {"DEL", "AQAEA\x7ftoken", "imds-response-malformed"},
      {"a byte beyond ASCII", "AQAEA\xc3\xbctoken", "imds-response-malformed"},
      {"a control byte", "AQAEA\x01token", "imds-response-malformed"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.defect);
    http_ = fakes::ScriptedHttp();
    http_.Then(PutTokenAt(kFirst), Answer(200, row.token));
    http_.Always(BlobAt(kFirst, "alice"), Answer(200, "blob"));
    EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), row.outcome);
    if (std::string(row.outcome) != "ok") {
      EXPECT_EQ(http_.requests().size(), 1U) << "the token was sent on";
    }
  }
}

TEST_F(ImdsTest, UnauthorizedGetsOneNewToken) {
  http_.Then(PutTokenAt(kFirst), Answer(200, "old"));
  http_.Then(PutTokenAt(kFirst), Answer(200, "new"));
  http_.Then(BlobAt(kFirst, "alice"), Answer(401));
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  const Result<std::string> blob = Session().FetchBlob("alice");
  ASSERT_TRUE(blob.ok());
  EXPECT_EQ(*blob, "blob");
  const std::vector<HttpRequest> requests = http_.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(TokenOf(requests[1]), "old");
  EXPECT_EQ(TokenOf(requests[3]), "new");
}

TEST_F(ImdsTest, SecondUnauthorizedIsARefusal) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(401));
  http_.Then(BlobAt(kFirst, "alice"), Answer(401));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "imds-token-refused");
  EXPECT_EQ(http_.CountOf(PutTokenAt(kFirst)), 2U);
}

TEST_F(ImdsTest, OneNewTokenForTheWholeRun) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(401));
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  http_.Then(GetAt(kFirst, "instance-id"), Answer(401));
  ConfinedImds imds = Session();
  ASSERT_TRUE(imds.FetchBlob("alice").ok());
  EXPECT_EQ(OutcomeOf(imds.FetchInstanceId()), "imds-token-refused");
  EXPECT_EQ(http_.CountOf(PutTokenAt(kFirst)), 2U);
}

TEST_F(ImdsTest, ARequestThatGotANewTokenStillHasItsRetry) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(401));
  http_.Then(BlobAt(kFirst, "alice"), Failure(Fault::kConnectionLost));
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "ok");
}

TEST_F(ImdsTest, NewTokenThatIsNotToBeHadIsTheReason) {
  http_.Then(PutTokenAt(kFirst), Answer(200, "old"));
  http_.Then(PutTokenAt(kFirst), Answer(403));
  http_.Then(BlobAt(kFirst, "alice"), Answer(401));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "imds-forbidden");
}

// Endpoints.

TEST_F(ImdsTest, SecondEndpointWhereTheFirstCannotBeConnectedTo) {
  for (const Fault fault : {Fault::kNoRoute, Fault::kConnectTimeout}) {
    SCOPED_TRACE(static_cast<int>(fault));
    http_ = fakes::ScriptedHttp();
    http_.Always(PutTokenAt(kFirst), Failure(fault));
    http_.Then(PutTokenAt(kSecond), Answer(200, kToken));
    http_.Then(BlobAt(kSecond, "alice"), Answer(200, "blob"));
    http_.Then(GetAt(kSecond, "instance-id"), Answer(200, "i-0123456789abcdef0"));
    ConfinedImds imds = Session();
    EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "ok");
    EXPECT_EQ(OutcomeOf(imds.FetchInstanceId()), "ok") << "it stays with the second";
    EXPECT_EQ(http_.unused(), 0U);
    const std::size_t tries = fault == Fault::kConnectTimeout ? 2 : 1;
    EXPECT_EQ(http_.CountOf(PutTokenAt(kFirst)), tries);
    EXPECT_LE(http_.requests()[tries].connect_time_max, kFallbackConnectTimeMax);
  }
}

TEST_F(ImdsTest, NoOtherFaultOrAnswerLeadsToTheSecondEndpoint) {
  const struct {
    HttpOutcome outcome;
    const char* reason;
  } kRows[] = {
      {Failure(Fault::kConnectFailed), "imds-unreachable"},
      {Failure(Fault::kTimeout), "imds-timeout"},
      {Failure(Fault::kTooLarge), "imds-response-too-large"},
      {Failure(Fault::kMalformed), "imds-response-malformed"},
      {Answer(400), "imds-status"},
      {Answer(403), "imds-forbidden"},
      {Answer(404), "imds-status"},
      {Answer(405), "imds-status"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.reason);
    http_ = fakes::ScriptedHttp();
    http_.Then(PutTokenAt(kFirst), row.outcome);
    EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), row.reason);
    EXPECT_EQ(http_.requests().size(), 1U);
  }
}

TEST_F(ImdsTest, WithoutARouteEachEndpointIsTriedOnce) {
  http_.Then(PutTokenAt(kFirst), Failure(Fault::kNoRoute));
  http_.Then(PutTokenAt(kSecond), Failure(Fault::kNoRoute));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "imds-unreachable");
  EXPECT_EQ(http_.requests().size(), 2U);
}

TEST_F(ImdsTest, HostWithoutIpv6SaysNothingAboutTheService) {
  http_.Always(PutTokenAt(kFirst), Failure(Fault::kConnectTimeout));
  http_.Then(PutTokenAt(kSecond), Failure(Fault::kNoRoute));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "imds-timeout");
}

TEST_F(ImdsTest, ConnectThatTimesOutTwiceAfterTheTokenEndsTheRun) {
  GrantToken();
  http_.Always(BlobAt(kFirst, "alice"), Failure(Fault::kConnectTimeout));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "imds-timeout");
  EXPECT_EQ(http_.requests().size(), 3U);
}

TEST_F(ImdsTest, OnlyWhatNobodyAnsweredIsConnectedAgain) {
  GrantToken();
  http_.Then(GetAt(kFirst, "placement/region"), Answer(200, "us-west-2"));
  http_.Then(GetAt(kFirst, "services/domain"), Failure(Fault::kConnectTimeout));
  http_.Then(GetAt(kFirst, "services/domain"), Answer(200, "amazonaws.com"));
  http_.Then(GetAt(kFirst, "managed-ssh-keys/signer-cert"), Answer(404));
  http_.Then(GetAt(kFirst, "managed-ssh-keys/signer-ocsp/"), Failure(Fault::kConnectTimeout));
  http_.Then(GetAt(kFirst, "managed-ssh-keys/signer-ocsp/"), Answer(200, ""));
  EXPECT_EQ(OutcomeOf(Session().FetchEvidence()), "imds-status");
  EXPECT_EQ(http_.unused(), 0U);
  EXPECT_EQ(http_.waits().size(), 3U) << "both at once";
}

TEST_F(ImdsTest, ConnectThatWasTriedAgainStillHasItsRetry) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Failure(Fault::kConnectTimeout));
  http_.Then(BlobAt(kFirst, "alice"), Answer(503));
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "ok");
}

TEST_F(ImdsTest, RunStaysWithTheEndpointThatAnswered) {
  http_.Then(PutTokenAt(kFirst), Answer(200, kToken));
  http_.Then(BlobAt(kFirst, "alice"), Answer(401));
  http_.Always(PutTokenAt(kFirst), Failure(Fault::kConnectTimeout));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "imds-timeout");
  EXPECT_EQ(http_.CountOf(PutTokenAt(kSecond)), 0U);
}

TEST_F(ImdsTest, RunDoesNotStayWhereThereIsNoRoute) {
  http_.Then(PutTokenAt(kFirst), Failure(Fault::kNoRoute));
  http_.Then(PutTokenAt(kSecond), Failure(Fault::kNoRoute));
  http_.Then(PutTokenAt(kFirst), Answer(200, kToken));
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  ConfinedImds imds = Session();
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "imds-unreachable");
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "ok");
}

TEST_F(ImdsTest, OneEndpointHasNoSecond) {
  http_.Then(PutTokenAt(kFirst), Failure(Fault::kNoRoute));
  ConfinedImds imds(http_, {kFirst}, Deadline::After(std::chrono::seconds(5)));
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "imds-unreachable");
}

// Retries.

struct RetryRow {
  HttpOutcome first;
  bool is_retried;
  const char* reason;  // if it happens again
};

std::vector<RetryRow> RetryRows() {
  return {
      {Failure(Fault::kConnectionLost), true, "imds-connection-lost"},
      {Answer(429), true, "imds-throttled"},
      {Answer(500), true, "imds-status"},
      {Answer(502), true, "imds-status"},
      {Answer(503), true, "imds-throttled"},
      {Failure(Fault::kTimeout), false, "imds-timeout"},
      {Failure(Fault::kTooLarge), false, "imds-response-too-large"},
      {Failure(Fault::kMalformed), false, "imds-response-malformed"},
      {Failure(Fault::kConnectFailed), false, "imds-unreachable"},
      {Answer(204), false, "imds-status"},
      {Answer(301), false, "imds-status"},
      {Answer(400), false, "imds-status"},
      {Answer(403), false, "imds-forbidden"},
      {Answer(405), false, "imds-status"},
  };
}

TEST_F(ImdsTest, WhatIsRetriedOnceForTheToken) {
  for (const RetryRow& row : RetryRows()) {
    SCOPED_TRACE(std::string(row.reason) + " " + std::to_string(row.first.status));
    http_ = fakes::ScriptedHttp();
    http_.Then(PutTokenAt(kFirst), row.first);
    http_.Always(PutTokenAt(kFirst), Answer(200, kToken));
    http_.Always(BlobAt(kFirst, "alice"), Answer(200, "blob"));
    EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), row.is_retried ? "ok" : row.reason);

    http_ = fakes::ScriptedHttp();
    http_.Always(PutTokenAt(kFirst), row.first);
    EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), row.reason);
    EXPECT_EQ(http_.requests().size(), row.is_retried ? 2U : 1U);
  }
}

TEST_F(ImdsTest, WhatIsRetriedOnceForTheBlob) {
  for (const RetryRow& row : RetryRows()) {
    SCOPED_TRACE(std::string(row.reason) + " " + std::to_string(row.first.status));
    http_ = fakes::ScriptedHttp();
    GrantToken();
    http_.Then(BlobAt(kFirst, "alice"), row.first);
    http_.Always(BlobAt(kFirst, "alice"), Answer(200, "blob"));
    EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), row.is_retried ? "ok" : row.reason);

    http_ = fakes::ScriptedHttp();
    GrantToken();
    http_.Always(BlobAt(kFirst, "alice"), row.first);
    EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), row.reason);
    EXPECT_EQ(http_.CountOf(BlobAt(kFirst, "alice")), row.is_retried ? 2U : 1U);
    EXPECT_EQ(http_.CountOf(PutTokenAt(kFirst)), 1U);
  }
}

TEST_F(ImdsTest, RetryMayEndInAnotherAnswer) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(503));
  http_.Then(BlobAt(kFirst, "alice"), Answer(404));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "no-key");
}

// Time.

TEST_F(ImdsTest, NothingIsSentOnceTheTimeIsSpent) {
  GrantToken();
  http_.Always(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  EXPECT_EQ(OutcomeOf(Session(std::chrono::milliseconds(0)).FetchBlob("alice")),
            "time-budget-spent");
  EXPECT_THAT(http_.routes(), ElementsAre());
}

TEST_F(ImdsTest, NothingMoreIsSentOnceTheTimeIsSpent) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  ConfinedImds imds = Session(std::chrono::milliseconds(100));
  ASSERT_TRUE(imds.FetchBlob("alice").ok());
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  EXPECT_EQ(OutcomeOf(imds.FetchInstanceId()), "time-budget-spent");
  EXPECT_EQ(http_.requests().size(), 2U);
}

TEST_F(ImdsTest, OnlyTheFirstRequestTakesTheDialedConnection) {
  GrantToken();
  http_.Always(BlobAt(kFirst, "alice"), Answer(404));
  ConfinedImds imds = Session();
  imds.Dial();
  EXPECT_THAT(http_.dialed(), testing::ElementsAre(kFirst));
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "no-key");
  EXPECT_EQ(http_.requests().size(), 2U);
}

// A network that takes the time that it is given, and then says so; only a 200 and a missing route
// are there at once.
class SlowHttp : public fakes::ScriptedHttp {
 public:
  std::vector<HttpOutcome> PerformAll(const Confined& confined,
                                      const std::vector<HttpRequest>& requests) override {
    std::vector<HttpOutcome> outcomes = ScriptedHttp::PerformAll(confined, requests);
    std::chrono::milliseconds longest{0};
    for (std::size_t i = 0; i < requests.size(); ++i) {
      longest = std::max(longest, TimeOf(requests[i], outcomes[i]));
    }
    std::this_thread::sleep_for(longest);
    given_ += longest;
    return outcomes;
  }

  // All the time that was given.
  std::chrono::milliseconds given() const { return given_; }

 private:
  static std::chrono::milliseconds TimeOf(const HttpRequest& request, const HttpOutcome& outcome) {
    if (outcome.status == 200 || outcome.fault == Fault::kNoRoute) return {};
    if (outcome.fault != Fault::kConnectTimeout) return request.time_max;
    return std::min(request.connect_time_max, request.time_max);
  }

  std::chrono::milliseconds given_{0};
};

TEST_F(ImdsTest, SilenceCostsALoginNoMoreThanOneRequest) {
  SlowHttp slow;
  slow.Always(PutTokenAt(kFirst), Failure(Fault::kConnectTimeout));
  slow.Then(PutTokenAt(kSecond), Failure(Fault::kConnectTimeout));
  slow.Then(PutTokenAt(kSecond),
            Failure(Fault::kTimeout));  // connected, and silent then
  ConfinedImds imds(slow, {kFirst, kSecond}, Deadline::After(std::chrono::seconds(5)));
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "imds-timeout");
  EXPECT_LE(slow.requests().size(), 4U);
  EXPECT_LE(slow.given(), kRequestTimeMax);
}

TEST_F(ImdsTest, EndpointsShareOneRequestsTimeWhateverTheFirstMet) {
  SlowHttp slow;
  slow.Then(PutTokenAt(kFirst), Failure(Fault::kConnectTimeout));
  slow.Then(PutTokenAt(kFirst), Failure(Fault::kNoRoute));
  slow.Then(PutTokenAt(kSecond), Failure(Fault::kTimeout));
  ConfinedImds imds(slow, {kFirst, kSecond}, Deadline::After(std::chrono::seconds(5)));
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "imds-timeout");
  EXPECT_LE(slow.requests().size(), 3U);
  EXPECT_LE(slow.given(), kRequestTimeMax);
}

TEST_F(ImdsTest, SecondTryToConnectIsWithinTheRequestsTime) {
  SlowHttp slow;
  slow.Always(PutTokenAt(kFirst), Answer(200, kToken));
  slow.Then(BlobAt(kFirst, "alice"), Failure(Fault::kConnectTimeout));
  slow.Then(BlobAt(kFirst, "alice"), Failure(Fault::kTimeout));
  ConfinedImds imds(slow, {kFirst}, Deadline::After(std::chrono::seconds(5)));
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "imds-timeout");
  EXPECT_LE(slow.requests().size(), 3U);
  EXPECT_LE(slow.given(), kRequestTimeMax);
}

TEST_F(ImdsTest, NoSecondTryToConnectBehindOneThatTookARequestsTime) {
  SlowHttp slow;
  slow.Always(PutTokenAt(kFirst), Answer(200, kToken));
  slow.Always(GetAt(kFirst, "placement/region"), Failure(Fault::kTimeout));
  slow.Always(GetAt(kFirst, "services/domain"), Failure(Fault::kConnectTimeout));
  slow.Always(GetAt(kFirst, "managed-ssh-keys/signer-cert"), Answer(200, ""));
  slow.Always(GetAt(kFirst, "managed-ssh-keys/signer-ocsp/"), Answer(200, ""));
  ConfinedImds imds(slow, {kFirst}, Deadline::After(std::chrono::seconds(5)));
  EXPECT_EQ(OutcomeOf(imds.FetchEvidence()), "imds-timeout");
  EXPECT_EQ(slow.CountOf(GetAt(kFirst, "services/domain")), 1U);
}

TEST_F(ImdsTest, NoSecondTryToConnectBeyondTheDeadline) {
  SlowHttp slow;
  slow.Always(PutTokenAt(kFirst), Failure(Fault::kConnectTimeout));
  ConfinedImds imds(slow, {kFirst}, Deadline::After(std::chrono::milliseconds(60)));
  EXPECT_NE(OutcomeOf(imds.FetchBlob("alice")), "ok");
  EXPECT_LE(slow.given(), std::chrono::milliseconds(60));
}

TEST_F(ImdsTest, TimeoutAtTheDeadlineIsTheRunsNotTheServices) {
  const auto time_left = std::chrono::milliseconds(50);
  SlowHttp slow;
  slow.Always(PutTokenAt(kFirst), Failure(Fault::kTimeout));
  ConfinedImds imds(slow, {kFirst}, Deadline::After(time_left));
  EXPECT_EQ(OutcomeOf(imds.FetchBlob("alice")), "time-budget-spent");
}

TEST_F(ImdsTest, NoRetryOnceTheTimeIsSpent) {
  const auto time_left = std::chrono::milliseconds(50);
  SlowHttp slow;
  slow.Always(PutTokenAt(kFirst), Answer(503));
  ConfinedImds imds(slow, {kFirst}, Deadline::After(time_left));
  EXPECT_NE(OutcomeOf(imds.FetchBlob("alice")), "ok");
  EXPECT_EQ(slow.requests().size(), 1U);
}

TEST_F(ImdsTest, PauseBeforeARetryIsShort) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(503));
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "ok");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

}  // namespace
}  // namespace eic
