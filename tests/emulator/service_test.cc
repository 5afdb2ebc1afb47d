// The whole service over loopback sockets.
#include "emulator/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "emulator/emulator_error.h"
#include "emulator/limits.h"
#include "emulator/push_client.h"
#include "tests/emulator/loopback_client.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() : service_(Spec(), clock_.clock(), clock_.clock()) {
    service_.Start();
    metadata_ = Url(service_.metadata_addresses()[0]);
    api_ = Url(service_.api_address());
  }

  static ServiceSpec Spec() {
    ServiceSpec spec;
    Instance instance;
    instance.metadata_addresses = {{"127.0.0.1", 0}};
    spec.instances.push_back({instance, {}, MakeTestAuthority()});
    spec.api_address = {"127.0.0.1", 0};
    spec.api.credentials = {ExampleCredential()};
    return spec;
  }

  std::string Token() {
    return Ask("PUT", metadata_ + "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds: 60"})
        .body;
  }

  LoopbackAnswer Metadata(const std::string& name, const std::string& method = "GET") {
    return Ask(method, metadata_ + "/latest/meta-data/" + name,
               {"X-aws-ec2-metadata-token: " + Token()});
  }

  std::variant<std::string, ApiError> PushFor(const std::string& user) {
    return Push(api_, {"i-0123456789abcdef0", user, key_line_, ""},
                {ExampleCredential(), "us-west-2", clock_.now()});
  }

  ManualClock clock_;
  Service service_;
  std::string metadata_;
  std::string api_;
  const std::string key_line_ = Ed25519KeyLine();
};

TEST_F(ServiceTest, APushedKeyIsInMetadataUntilItExpires) {
  ASSERT_TRUE(std::holds_alternative<std::string>(PushFor("alice")));
  const LoopbackAnswer answer = Metadata("managed-ssh-keys/active-keys/alice/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, testing::HasSubstr(key_line_));
  clock_.Advance(60);
  EXPECT_EQ(Metadata("managed-ssh-keys/active-keys/alice").status, 404);
}

TEST_F(ServiceTest, EveryAnswerOfMetadataAndEveryRefusalClosesItsConnection) {
  const std::string large(kBodyBytesMax + 1, 'x');
  const LoopbackAnswer answers[] = {
      Metadata("instance-id"),
      Metadata("nope"),
      Metadata("instance-id", "HEAD"),
      Metadata("instance-id", "DELETE"),
      Ask("GET", metadata_ + "/latest/meta-data/instance-id"),
      Ask("PUT", metadata_ + "/latest/api/token"),
      Ask("TRACE", metadata_ + "/"),
      Ask("GET", metadata_ + "/" + std::string(kTargetBytesMax, 'x')),
      Ask("POST", api_ + "/emulator/blob?user=a", {}, &large),
  };
  const int kStatuses[] = {200, 404, 200, 405, 401, 400, 405, 414, 413};
  for (std::size_t i = 0; i < std::size(answers); ++i) {
    EXPECT_EQ(answers[i].status, kStatuses[i]) << i;
    EXPECT_THAT(answers[i].headers, testing::HasSubstr("Connection: close")) << i;
  }
}

TEST_F(ServiceTest, HeadHasALengthAndNoBody) {
  const LoopbackAnswer answer = Metadata("instance-id", "HEAD");
  EXPECT_THAT(answer.headers, testing::HasSubstr("Content-Length: 19"));
  EXPECT_EQ(answer.body, "");
}

TEST_F(ServiceTest, APutWithoutABodyIsAnsweredAtOnce) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(Token().size(), 56U);
  const std::string empty;
  EXPECT_EQ(Ask("PUT", metadata_ + "/latest/api/token",
                {"X-aws-ec2-metadata-token-ttl-seconds: 60"}, &empty)
                .status,
            200);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(kReadSecondsMax));
}

TEST_F(ServiceTest, PathsAreTakenAsTheyAreSent) {
  ASSERT_TRUE(std::holds_alternative<std::string>(PushFor("a@b$")));
  EXPECT_EQ(Metadata("managed-ssh-keys/active-keys/a@b$").status, 200);
  EXPECT_EQ(Metadata("managed-ssh-keys/active-keys/a%40b%24").status, 200);
  EXPECT_EQ(Metadata("placement/../instance-id").status, 404);
  EXPECT_EQ(Metadata("instance-id%0A").status, 404);
}

TEST_F(ServiceTest, BodiesOfUnknownLengthAreRefused) {
  const std::string body = "x";
  EXPECT_EQ(Ask("POST", api_ + "/", {"Transfer-Encoding: chunked"}, &body).status, 411);
  EXPECT_EQ(Ask("POST", api_ + "/", {"Content-Encoding: gzip"}, &body).status, 415);
}

TEST_F(ServiceTest, ErrorsOfTheApiReachTheClient) {
  const auto answer = Push(api_ + "/", {"i-0123456789abcdef1", "alice", key_line_, "us-west-2a"},
                           {ExampleCredential(), "us-west-2", clock_.now()});
  ASSERT_TRUE(std::holds_alternative<ApiError>(answer));
  EXPECT_EQ(std::get<ApiError>(answer).name, "EC2InstanceNotFoundException");
  EXPECT_THAT(std::get<ApiError>(answer).message, testing::HasSubstr("i-0123456789abcdef1"));
}

TEST_F(ServiceTest, AClientOfSomethingElseSaysSo) {
  const PushFields fields{"i-0123456789abcdef0", "alice", key_line_, ""};
  EXPECT_THROW(Push(metadata_, fields, {ExampleCredential(), "us-west-2", Instant()}),
               EmulatorError);
  EXPECT_THROW(Push("https://127.0.0.1:1", fields, {ExampleCredential(), "us-west-2", Instant()}),
               EmulatorError);
  EXPECT_THROW(Push("http://127.0.0.1:1", fields, {ExampleCredential(), "us-west-2", Instant()}),
               EmulatorError);
}

TEST_F(ServiceTest, AHandMadeBlobIsServed) {
  const std::string blob = "#no record\n";
  EXPECT_EQ(Ask("POST", api_ + "/emulator/blob?user=alice", {}, &blob).status, 204);
  EXPECT_EQ(Metadata("managed-ssh-keys/active-keys/alice").body, blob);
  EXPECT_EQ(Ask("DELETE", api_ + "/emulator/blob?user=alice").status, 204);
  EXPECT_EQ(Metadata("managed-ssh-keys/active-keys/alice").status, 404);
}

TEST_F(ServiceTest, EventsSayWhatWasAsked) {
  ASSERT_TRUE(std::holds_alternative<std::string>(PushFor("alice")));
  Metadata("nope");
  const nlohmann::json events = nlohmann::json::parse(Ask("GET", api_ + "/emulator/events").body);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0]["kind"], "api");
  EXPECT_EQ(events[0]["status"], 200);
  EXPECT_EQ(events[1]["method"], "PUT");
  EXPECT_EQ(events[2]["kind"], "metadata");
  EXPECT_EQ(events[2]["path"], "/latest/meta-data/nope");
  EXPECT_EQ(events[2]["status"], 404);
}

TEST_F(ServiceTest, ManyConnectionsAtOnceAreAnswered) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] {
      for (int j = 0; j < 4; ++j) EXPECT_EQ(Metadata("instance-id").status, 200);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(ServiceTest, AnAddressInUseIsAnError) {
  ServiceSpec spec = Spec();
  spec.instances[0].instance.metadata_addresses = service_.metadata_addresses();
  try {
    Service second(std::move(spec), clock_.clock(), clock_.clock());
    FAIL() << "two services share a port";
  } catch (const EmulatorError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("Address already in use"));
  }
}

TEST_F(ServiceTest, FaultsReachTheClientOverTheSocket) {
  Ask("POST", api_ + "/emulator/faults?fault=reset:once");
  EXPECT_EQ(Ask("PUT", metadata_ + "/latest/api/token").status, 0);
  Ask("POST", api_ + "/emulator/faults?fault=truncate:once");
  EXPECT_EQ(Metadata("instance-id").status, 401);  // half a token is none
  EXPECT_EQ(Metadata("instance-id").status, 200);
}

TEST_F(ServiceTest, TheApiFailsInItsOwnWords) {
  Ask("POST", api_ + "/emulator/faults?fault=500:once@/");
  const auto failed = PushFor("alice");
  EXPECT_EQ(std::get<ApiError>(failed).name, "ServiceException");
  EXPECT_EQ(std::get<ApiError>(failed).status, 500);
  EXPECT_TRUE(std::holds_alternative<std::string>(PushFor("alice")));
}

}  // namespace
}  // namespace eic::emulator
