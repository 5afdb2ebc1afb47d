// The API's listener over loopback sockets: TLS, connections that stay open, the Date, and faults
// on both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "emulator/push_client.h"
#include "emulator/service.h"
#include "tests/emulator/loopback_client.h"
#include "tests/emulator/raw_connection.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kRole = "arn:aws:iam::123456789012:role/web";

class ApiOverSockets : public testing::TestWithParam<bool> {
 protected:
  ApiOverSockets() {
    std::string pattern = testing::TempDir() + "/service.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    service_ = std::make_unique<Service>(Spec(), clock_.clock(), api_clock_.clock());
    service_->Start();
    api_ = service_->api_url();
    client_ = std::make_unique<LoopbackClient>((folder_ / "api-ca.pem").string());
  }
  ~ApiOverSockets() override {
    service_->Stop();
    std::filesystem::remove_all(folder_);
  }

  ServiceSpec Spec() {
    ServiceSpec spec;
    Instance instance;
    instance.metadata_addresses = {{"127.0.0.1", 0}};
    instance.role_arn = kRole;
    spec.instances.push_back({instance, {}, MakeTestAuthority()});
    spec.api_address = {"127.0.0.1", 0};
    // The certificate is for now, whatever the clock of the service.
    if (GetParam()) {
      spec.api_tls = issuer::MakeServerIdentity(folder_, {"127.0.0.1"}, Instant(::time(nullptr)));
    }
    spec.api.credentials = {ExampleCredential()};
    spec.api.roles = {Role{kRole}};
    spec.container = ContainerRole{kRole, "/v2/credentials/7"};
    spec.container_addresses = {{"127.0.0.1", 0}};
    return spec;
  }

  // DescribeInstances, signed.
  LoopbackAnswer Describe() {
    HttpRequest request{"POST", "/", "", {}, "Action=DescribeInstances&Version=2016-11-15"};
    request.headers["host"] = api_.substr(api_.find("//") + 2);
    request.headers["content-type"] = "application/x-www-form-urlencoded";
    SignRequest(request, ExampleCredential(), "us-west-2", "ec2", api_clock_.now());
    std::vector<std::string> headers;
    for (const auto& [name, value] : request.headers) headers.push_back(name + ": " + value);
    return client_->Ask("POST", api_ + "/", headers, &request.body);
  }

  void SetFault(const std::string& fault) {
    Ask("DELETE", "/emulator/faults");
    Ask("POST", "/emulator/faults?fault=" + fault);
  }
  LoopbackAnswer Ask(const std::string& method, const std::string& target) {
    return client_->Ask(method, api_ + target);
  }

  std::filesystem::path folder_;
  ManualClock clock_;
  ManualClock api_clock_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<LoopbackClient> client_;
  std::string api_;
};

INSTANTIATE_TEST_SUITE_P(PlainAndTls, ApiOverSockets, testing::Values(false, true),
                         [](const auto& with) { return with.param ? "Tls" : "Plain"; });

TEST_P(ApiOverSockets, OneConnectionTakesManyRequests) {
  EXPECT_THAT(api_, StartsWith(GetParam() ? "https://" : "http://"));
  EXPECT_EQ(Describe().status, 200);
  EXPECT_EQ(client_->new_connections(), 1);
  for (int i = 0; i < 5; ++i) {
    const LoopbackAnswer answer = Describe();
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.headers, Not(HasSubstr("Connection: close")));
    EXPECT_EQ(client_->new_connections(), 0);
  }
  EXPECT_EQ(Ask("GET", "/emulator/events").status, 200);
  EXPECT_EQ(client_->new_connections(), 0);
}

TEST_P(ApiOverSockets, WhatIsRefusedEndsItsConnection) {
  const std::string body = "x";
  Describe();
  const LoopbackAnswer refused =
      client_->Ask("POST", api_ + "/", {"Transfer-Encoding: chunked"}, &body);
  EXPECT_EQ(refused.status, 411);
  EXPECT_THAT(refused.headers, HasSubstr("Connection: close"));
  EXPECT_THAT(refused.body, HasSubstr("MalformedHttpRequest"));
  EXPECT_EQ(Describe().status, 200);
  EXPECT_EQ(client_->new_connections(), 1);
}

TEST_P(ApiOverSockets, EveryAnswerHasTheDateOfTheApisClock) {
  api_clock_.Advance(1200);
  const std::string date = "Date: Wed, 18 May 2033 03:53:20 GMT\r\n";
  const std::string body = "x";
  EXPECT_THAT(Describe().headers, HasSubstr(date));
  EXPECT_THAT(Ask("GET", "/emulator/events").headers, HasSubstr(date));
  EXPECT_THAT(Ask("GET", "/nothing").headers, HasSubstr(date));
  EXPECT_THAT(Ask("GET", "/v2/credentials/7").headers, HasSubstr(date));
  EXPECT_THAT(client_->Ask("POST", api_ + "/", {"Content-Encoding: gzip"}, &body).headers,
              HasSubstr(date));
  SetFault("503@/");
  EXPECT_THAT(Describe().headers, HasSubstr(date));
  SetFault("redirect@/");
  EXPECT_THAT(Describe().headers, HasSubstr(date));
  SetFault("truncate@/nothing");
  EXPECT_THAT(Ask("GET", "/nothing").headers, HasSubstr(date));
}

TEST_P(ApiOverSockets, FaultsReachTheClient) {
  struct Row {
    const char* fault;
    std::vector<CURLcode> results;
  };
  const Row kRows[] = {
      {"reset@/", {CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING}},
      {"truncate@/", {CURLE_PARTIAL_FILE, CURLE_RECV_ERROR}},
      {"garbage@/",
       {CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_RECV_ERROR, CURLE_HTTP2}},
  };
  for (const Row& row : kRows) {
    SetFault(row.fault);
    const LoopbackAnswer answer = Describe();
    EXPECT_THAT(row.results, testing::Contains(client_->result()))
        << row.fault << ": " << answer.status << " " << answer.body.substr(0, 80);
  }
  Ask("DELETE", "/emulator/faults");
  EXPECT_EQ(Describe().status, 200);
}

TEST_P(ApiOverSockets, FailuresAreInTheProtocolsWords) {
  SetFault("503@/");
  EXPECT_THAT(Describe().body, HasSubstr("<Code>RequestLimitExceeded</Code>"));
  SetFault("503@/SendSSHPublicKey");
  EXPECT_EQ(Describe().status, 200);
  SetFault("500@/DescribeInstances");
  EXPECT_THAT(Describe().body, HasSubstr("<Code>InternalError</Code>"));
  SetFault("500@/");
  EXPECT_THAT(Describe().body, HasSubstr("<Code>InternalError</Code>"));
  const std::string sts = "Action=GetCallerIdentity&Version=2011-06-15";
  EXPECT_THAT(
      client_->Ask("POST", api_ + "/", {"Content-Type: application/x-www-form-urlencoded"}, &sts)
          .body,
      HasSubstr("<Code>InternalFailure</Code>"));
  EXPECT_THAT(Ask("POST", "/").body, HasSubstr("ServiceException"));
}

TEST_P(ApiOverSockets, EventsNameTheCallAndTheCaller) {
  Describe();
  SetFault("truncate@/");
  Describe();
  const nlohmann::json events = nlohmann::json::parse(Ask("GET", "/emulator/events").body);
  ASSERT_EQ(events.size(), 2U);
  for (const nlohmann::json& event : events) {
    EXPECT_EQ(event["action"], "DescribeInstances");
    EXPECT_EQ(event["caller"], "arn:aws:iam::123456789012:user/emulator");
  }
  EXPECT_EQ(events[1]["fault"], "truncate@/");
}

TEST_P(ApiOverSockets, AContainersCredentialsAreServedInBothPlaces) {
  const std::string own = Url(service_->container_addresses().at(0));
  const LoopbackAnswer there = eic::emulator::Ask("GET", own + "/v2/credentials/7");
  ASSERT_EQ(there.status, 200);
  const LoopbackAnswer here = Ask("GET", "/v2/credentials/7");
  EXPECT_EQ(here.body, there.body);
  EXPECT_EQ(eic::emulator::Ask("GET", own + "/v2/credentials/8").status, 400);
}

TEST_P(ApiOverSockets, WhoSpeaksTheOtherProtocolGetsNoAnswerAndHoldsUpNobody) {
  if (!GetParam()) return;
  RawConnection plain(service_->api_address().port);
  plain.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(plain.Receive(), Not(HasSubstr("HTTP/1.1")));
  EXPECT_EQ(Describe().status, 200);
  LoopbackClient stranger;  // which does not know the CA
  stranger.Ask("GET", api_ + "/emulator/events");
  EXPECT_EQ(stranger.result(), CURLE_PEER_FAILED_VERIFICATION);
}

TEST(ServiceRoles, ARoleThatIsNotThereIsAnError) {
  ServiceSpec spec;
  Instance instance;
  instance.role_arn = kRole;
  spec.instances.push_back({instance, {}, MakeTestAuthority()});
  spec.api_address = {"127.0.0.1", 0};
  const ManualClock clock;
  EXPECT_THROW(Service(std::move(spec), clock.clock(), clock.clock()), std::exception);
}

}  // namespace
}  // namespace eic::emulator
