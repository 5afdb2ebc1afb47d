#include "aws/service_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/limits.h"
#include "aws/retry.h"
#include "tests/aws/fake_world.h"

namespace eic::aws {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kThrottled =
    "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Slow down.</Message>"
    "</Error></Errors></Response>";
constexpr const char* kNotFound =
    "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>No such.</Message>"
    "</Error></Errors></Response>";
constexpr const char* kAuthFailure =
    "<Response><Errors><Error><Code>AuthFailure</Code><Message>No.</Message></Error></Errors>"
    "</Response>";

class ServiceCallsTest : public testing::Test {
 protected:
  ServiceCallsTest() { configuration.attempts_max = kAttemptsDefault; }

  ServiceCall Call(Service service = Service::kEc2) {
    return {service, "DescribeInstances", "a=b", SigningKey{"AKIA", "SECRET-KEY", ""}};
  }
  // Answers the first call by the first reply and so on; the last one stays.
  void Answer(std::vector<HttpReply> replies) {
    world.http().answer = [this, replies](const HttpCall&) {
      return replies[std::min(world.http().calls.size(), replies.size()) - 1];
    };
  }

  FakeWorld world;
  Configuration configuration;
  ServiceCalls calls{world, configuration, "us-east-1"};
};

TEST_F(ServiceCallsTest, SignsForRegionAndService) {
  Answer({Replies(200, "body")});
  EXPECT_EQ(*calls.Perform(Call()), "body");
  const HttpCall& sent = world.http().calls[0];
  EXPECT_EQ(sent.url, "https://ec2.us-east-1.amazonaws.com/");
  EXPECT_THAT(sent.headers.at("authorization"), HasSubstr("/us-east-1/ec2/aws4_request"));
  EXPECT_EQ(sent.headers.at("host"), "ec2.us-east-1.amazonaws.com");
}

TEST_F(ServiceCallsTest, TriesTransientFaultsAgain) {
  for (const HttpReply& reply :
       {Fails(HttpReply::Fault::kNotConnected), Fails(HttpReply::Fault::kTimeout),
        Fails(HttpReply::Fault::kConnectionLost), Replies(500, ""), Replies(502, "<html>"),
        Replies(503, kThrottled), Replies(504, ""), Replies(400, kThrottled)}) {
    world.http().calls.clear();
    Answer({reply, Replies(200, "good")});
    EXPECT_TRUE(calls.Perform(Call())) << reply.status;
    EXPECT_EQ(world.http().calls.size(), 2U);
  }
}

TEST_F(ServiceCallsTest, TriesNothingElseAgain) {
  for (const HttpReply& reply : {Fails(HttpReply::Fault::kTls), Fails(HttpReply::Fault::kTooLarge),
                                 Fails(HttpReply::Fault::kMalformed), Replies(400, kNotFound),
                                 Replies(403, ""), Replies(302, "")}) {
    world.http().calls.clear();
    Answer({reply, Replies(200, "good")});
    EXPECT_FALSE(calls.Perform(Call())) << reply.status;
    EXPECT_EQ(world.http().calls.size(), 1U);
  }
}

// random * 2^n: 0.5 s and 1 s.
TEST_F(ServiceCallsTest, WaitsLongerEachTimeAndGivesUp) {
  Answer({Replies(400, kThrottled)});
  const auto outcome = calls.Perform(Call());
  EXPECT_THAT(world.http().started_at,
              ElementsAre(milliseconds(0), milliseconds(500), milliseconds(1500)));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "RequestLimitExceeded");
  EXPECT_EQ(outcome.error().message, "ec2 DescribeInstances: Slow down. (RequestLimitExceeded)");
  EXPECT_THAT(outcome.error().advice, HasSubstr("Wait a minute"));
}

TEST_F(ServiceCallsTest, MakesAsManyAttemptsAsConfigured) {
  configuration.attempts_max = 1;
  Answer({Replies(503, "")});
  EXPECT_FALSE(calls.Perform(Call()));
  EXPECT_EQ(world.http().calls.size(), 1U);
}

TEST(BackoffBefore, EndsAtTwentySeconds) {
  EXPECT_EQ(BackoffBefore(1, 0.25), milliseconds(250));
  EXPECT_EQ(BackoffBefore(3, 0.25), milliseconds(1000));
  EXPECT_EQ(BackoffBefore(60, 0.9), milliseconds(20000));
}

// One is throttled and the other slow: neither waits for the other.
TEST_F(ServiceCallsTest, RunsCallsSideBySide) {
  world.http().latency = [](const HttpCall& call) {
    return milliseconds(call.url.find("//ec2-instance-connect.") != std::string::npos ? 2000 : 100);
  };
  int asked = 0;
  world.http().answer = [&](const HttpCall& call) {
    if (call.url.find("//ec2-instance-connect.") != std::string::npos)
      return Replies(200, "pushed");
    return ++asked == 1 ? Replies(400, kThrottled) : Replies(200, "described");
  };
  const auto outcomes = calls.Perform({Call(), Call(Service::kEc2InstanceConnect)});
  EXPECT_EQ(*outcomes[0], "described");
  EXPECT_EQ(*outcomes[1], "pushed");
  EXPECT_THAT(world.http().started_at,
              ElementsAre(milliseconds(0), milliseconds(0), milliseconds(600)));
  EXPECT_EQ(world.elapsed, milliseconds(2000));
}

HttpReply Dated(HttpReply reply, const char* date) {
  reply.headers["date"] = date;
  return reply;
}

TEST_F(ServiceCallsTest, SignsByTheServicesClockWhereOursIsWrong) {
  world.now = Instant(1893553445) + 1200;  // the service has 2030-01-02T03:04:05Z
  Answer(
      {Dated(Replies(401, kAuthFailure), "Wed, 02 Jan 2030 03:04:05 GMT"), Replies(200, "good")});
  EXPECT_TRUE(calls.Perform(Call()));
  ASSERT_EQ(world.http().calls.size(), 2U);
  EXPECT_EQ(world.http().calls[0].headers.at("x-amz-date"), "20300102T032405Z");
  EXPECT_EQ(world.http().calls[1].headers.at("x-amz-date"), "20300102T030405Z");
  EXPECT_EQ(world.http().started_at[1], milliseconds(0));
  // The next call goes by what was learnt.
  EXPECT_TRUE(calls.Perform(Call()));
  EXPECT_EQ(world.http().calls[2].headers.at("x-amz-date"), "20300102T030405Z");
}

TEST_F(ServiceCallsTest, BelievesTheServicesClockOnlyOncePerCall) {
  world.now = Instant(1893553445) + 1200;
  int asked = 0;
  world.http().answer = [&](const HttpCall&) {
    return Dated(Replies(401, kAuthFailure), ++asked % 2 == 1 ? "Wed, 02 Jan 2030 03:04:05 GMT"
                                                              : "Thu, 03 Jan 2030 03:04:05 GMT");
  };
  EXPECT_FALSE(calls.Perform(Call()));
  EXPECT_EQ(asked, 2);
}

TEST_F(ServiceCallsTest, LeavesTheClockAloneWhereItIsRight) {
  world.now = Instant(1893553445) + kClockSkewSeconds;
  Answer(
      {Dated(Replies(401, kAuthFailure), "Wed, 02 Jan 2030 03:04:05 GMT"), Replies(200, "good")});
  EXPECT_FALSE(calls.Perform(Call()));
  EXPECT_EQ(world.http().calls.size(), 1U);
}

TEST_F(ServiceCallsTest, SendsNoKeyThatWouldWriteAnotherHeader) {
  ServiceCall call = Call();
  for (const char* token : {"a\r\nX-Evil: b", "a b", "\xC3\xA9"}) {
    call.key = SigningKey{"AKIA", "SECRET-KEY", token};
    const auto outcome = calls.Perform(call);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, "BadConfiguration");
  }
  EXPECT_TRUE(world.http().calls.empty());
}

TEST_F(ServiceCallsTest, NamesWhatIsNotAws) {
  Answer({Replies(404, "<html>Not here</html>")});
  const auto outcome = calls.Perform(Call());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, "MalformedAnswer");
  EXPECT_THAT(outcome.error().message, HasSubstr("status 404"));
}

TEST_F(ServiceCallsTest, TellsNoSecret) {
  ServiceCall call = Call();
  call.key = SigningKey{"AKIA", "SECRET-KEY", "SECRET-TOKEN"};
  Answer({Replies(400, kNotFound)});
  const auto outcome = calls.Perform(call);
  EXPECT_EQ(world.told.find("SECRET"), std::string::npos) << world.told;
  EXPECT_EQ(outcome.error().message.find("SECRET"), std::string::npos);
  EXPECT_THAT(world.told, HasSubstr("ec2 DescribeInstances at ec2.us-east-1.amazonaws.com: 400"));
}

struct AdviceRow {
  const char* code;
  Service service;
  const char* advice;
};
TEST_F(ServiceCallsTest, SaysWhatToDoNext) {
  const AdviceRow rows[] = {
      {"UnauthorizedOperation", Service::kEc2, "permission ec2:DescribeInstances"},
      {"ExpiredToken", Service::kSts, "aws sso login"},
      {"RequestExpired", Service::kEc2, "have expired"},
      {"AuthFailure", Service::kEc2, "secret key"},
      {"InvalidInstanceID.NotFound", Service::kEc2, "--region"},
      {"AccessDenied", Service::kSts, "permission sts:DescribeInstances"},
  };
  for (const AdviceRow& row : rows) {
    const std::string error = std::string("<Error><Code>") + row.code + "</Code></Error>";
    Answer({Replies(400, row.service == Service::kEc2
                             ? "<Response><Errors>" + error + "</Errors></Response>"
                             : "<ErrorResponse>" + error + "</ErrorResponse>")});
    const auto outcome = calls.Perform(Call(row.service));
    EXPECT_EQ(outcome.error().code, row.code);
    EXPECT_THAT(outcome.error().advice, HasSubstr(row.advice)) << row.code;
  }
  Answer({Replies(400, R"({"__type":"com.amazonaws.x#AuthException","message":"You may not."})")});
  const auto outcome = calls.Perform(Call(Service::kEc2InstanceConnect));
  EXPECT_EQ(outcome.error().code, "AuthException");
  EXPECT_THAT(outcome.error().message, HasSubstr("You may not."));
  EXPECT_THAT(outcome.error().advice, HasSubstr("ec2:osuser"));
}

}  // namespace
}  // namespace eic::aws
