#include "emulator/api/api_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emulator/limits.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

class Api : public testing::Test {
 protected:
  HttpAnswer Send() {
    if (request_.body.empty()) request_.body = call_.dump();
    return routes_.Answer(request_);
  }

  static std::string Type(const HttpAnswer& answer) {
    return nlohmann::json::parse(answer.body).value("__type", "");
  }

  // The answer where the instance is in another state.
  HttpAnswer SendTo(Instance::State state) {
    Instance instance;
    instance.state = state;
    const InstanceList instances = MakeTestInstances(clock_.clock(), instance);
    request_.body = call_.dump();
    return ApiRoutes({}, clock_.clock(), clock_.clock(), instances).Answer(request_);
  }

  // The answer where signatures are checked.
  HttpAnswer SendSigned(const Credential& credential, const std::vector<Credential>& known) {
    request_.body = call_.dump();
    request_.headers.erase("authorization");
    request_.headers["host"] = "127.0.0.1:1339";
    SignRequest(request_, credential, region_, "ec2-instance-connect", clock_.now());
    return Checked(known);
  }
  HttpAnswer Checked(const std::vector<Credential>& known) {
    return ApiRoutes({60, known}, clock_.clock(), clock_.clock(), instances_).Answer(request_);
  }

  ManualClock clock_;
  InstanceList instances_ = MakeTestInstances(clock_.clock());
  KeyStore& keys_ = instances_[0]->keys();
  ApiRoutes routes_{{}, clock_.clock(), clock_.clock(), instances_};
  std::string region_ = "us-west-2";
  const std::string key_line_ = Ed25519KeyLine();
  nlohmann::json call_ = {{"InstanceId", "i-0123456789abcdef0"},
                          {"InstanceOSUser", "alice"},
                          {"SSHPublicKey", key_line_}};
  HttpRequest request_{"POST",
                       "/",
                       "",
                       {{"content-type", "application/x-amz-json-1.1"},
                        {"x-amz-target", "AWSEC2InstanceConnectService.SendSSHPublicKey"},
                        {"authorization", "AWS4-HMAC-SHA256 anything"}},
                       ""};
};

TEST_F(Api, APushedKeyIsSignedAndServed) {
  const HttpAnswer answer = Send();
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/x-amz-json-1.1");
  const nlohmann::json reply = nlohmann::json::parse(answer.body);
  EXPECT_EQ(reply["Success"], true);
  const std::string request_id = reply["RequestId"];
  EXPECT_THAT(request_id, testing::MatchesRegex("[0-9a-f-]+"));
  EXPECT_EQ(request_id.size(), 36U);
  EXPECT_EQ(answer.headers.at("x-amzn-RequestId"), request_id);

  const std::string blob = keys_.Blob("alice").value_or("");
  const std::string expected = "#Timestamp=" + std::to_string((kNow + 60).unix_seconds()) +
                               "\n#Instance=i-0123456789abcdef0"
                               "\n#Caller=arn:aws:iam::123456789012:user/emulator"
                               "\n#Request=" +
                               request_id + "\n" + key_line_ + "\n";
  EXPECT_THAT(blob, testing::StartsWith(expected));
}

TEST_F(Api, EachPushIsARecordOfItsOwn) {
  EXPECT_EQ(Send().status, 200);
  clock_.Advance(30);
  EXPECT_EQ(Send().status, 200);
  EXPECT_THAT(*keys_.Blob("alice"), testing::HasSubstr("\n\n#Timestamp="));
  clock_.Advance(30);
  EXPECT_THAT(*keys_.Blob("alice"), testing::Not(testing::HasSubstr("\n\n")));
  clock_.Advance(30);
  EXPECT_EQ(keys_.Blob("alice"), std::nullopt);
}

TEST_F(Api, AnotherInstanceIsNotFound) {
  call_["InstanceId"] = "i-0123456789abcdef1";
  const HttpAnswer answer = Send();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Type(answer), "EC2InstanceNotFoundException");
  EXPECT_EQ(answer.headers.count("x-amzn-RequestId"), 1U);
  EXPECT_EQ(keys_.Blob("alice"), std::nullopt);
}

TEST_F(Api, WrongFieldsAreInvalidArguments) {
  call_["InstanceOSUser"] = "no such/user";
  const HttpAnswer answer = Send();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Type(answer), "InvalidArgsException");
  EXPECT_FALSE(nlohmann::json::parse(answer.body)["Message"].get<std::string>().empty());
}

TEST_F(Api, WhatIsNoJsonIsASerializationError) {
  request_.body = "{\"InstanceId\":";
  const HttpAnswer answer = Send();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Type(answer), "SerializationException");
}

TEST_F(Api, TooManyLiveKeysAreThrottled) {
  for (std::size_t i = 0; i < kKeysPerUserMax; ++i) ASSERT_TRUE(keys_.Add("alice", "r", kNow + 1));
  const HttpAnswer answer = Send();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Type(answer), "ThrottlingException");
}

TEST_F(Api, OtherOperationsAndTypesAreUnknown) {
  request_.headers["x-amz-target"] = "AWSEC2InstanceConnectService.SendSerialConsoleSSHPublicKey";
  EXPECT_EQ(Type(Send()), "UnknownOperationException");
  request_.headers["x-amz-target"] = "AWSEC2InstanceConnectService.SendSSHPublicKey";
  request_.headers["content-type"] = "text/plain";
  EXPECT_EQ(Type(Send()), "UnknownOperationException");
  request_.headers["content-type"] = "application/x-amz-json-1.1; charset=utf-8";
  EXPECT_EQ(Send().status, 200);
  request_.headers.clear();
  EXPECT_EQ(Type(Send()), "UnknownOperationException");
}

TEST_F(Api, OtherPathsMethodsAndSizesAreRefused) {
  request_.path = "/x";
  EXPECT_EQ(Send().status, 404);
  request_.path = "/";
  request_.method = "GET";
  EXPECT_EQ(Send().status, 405);
  request_.method = "POST";
  request_.body = std::string(kApiBodyBytesMax + 1, ' ');
  EXPECT_EQ(Send().status, 413);
}

TEST_F(Api, AnInstanceThatDoesNotRunTakesNoKey) {
  EXPECT_EQ(Type(SendTo(Instance::State::kStopped)), "EC2InstanceStateInvalidException");
  EXPECT_EQ(Type(SendTo(Instance::State::kPending)), "EC2InstanceUnavailableException");
  EXPECT_EQ(SendTo(Instance::State::kRunning).status, 200);
}

TEST_F(Api, AnotherZoneIsNotFound) {
  call_["AvailabilityZone"] = "us-west-2b";
  EXPECT_EQ(Type(Send()), "EC2InstanceNotFoundException");
}

TEST_F(Api, ASignedCallIsTaken) {
  const Credential good = ExampleCredential();
  EXPECT_EQ(SendSigned(good, {good}).status, 200);
  region_ = "eu-west-1";
  EXPECT_EQ(Type(SendSigned(good, {good})), "EC2InstanceNotFoundException");
}

TEST_F(Api, WhoMayNotPushGetsAnAuthException) {
  Credential limited = ExampleCredential();
  limited.instances = std::vector<std::string>{"i-00000000000000000"};
  EXPECT_EQ(Type(SendSigned(limited, {limited})), "AuthException");
}

TEST_F(Api, SignaturesThatAreNotGoodAreRefusedAsAwsDoes) {
  const Credential good = ExampleCredential();
  Credential wrong = good;
  wrong.secret_access_key = "wrong";
  EXPECT_EQ(Type(SendSigned(wrong, {good})), "InvalidSignatureException");
  wrong.access_key_id = "AKIAUNKNOWN";
  EXPECT_EQ(Type(SendSigned(wrong, {good})), "UnrecognizedClientException");

  EXPECT_EQ(SendSigned(good, {good}).status, 200);
  request_.body += " ";
  EXPECT_EQ(Type(Checked({good})), "InvalidSignatureException");
  request_.body.pop_back();
  clock_.Advance(301);
  const HttpAnswer old = Checked({good});
  EXPECT_EQ(Type(old), "InvalidSignatureException");
  EXPECT_THAT(old.body, testing::HasSubstr("Signature expired"));
  clock_.Advance(-602);
  EXPECT_THAT(Checked({good}).body, testing::HasSubstr("Signature not yet current"));

  request_.headers["authorization"] = "AWS4-HMAC-SHA256 nothing";
  EXPECT_EQ(Type(Checked({good})), "IncompleteSignatureException");
  request_.headers.erase("authorization");
  EXPECT_EQ(Type(Checked({good})), "MissingAuthenticationTokenException");
}

TEST_F(Api, Ec2SaysWhereAnInstanceIs) {
  request_.headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8";
  request_.body = "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0";
  EXPECT_THAT(Send().body, testing::AllOf(testing::HasSubstr("<ipAddress>127.0.0.1</ipAddress>"),
                                          testing::HasSubstr("<name>running</name>")));
  request_.body += "&Filter.1.Name=instance-state-name&Filter.1.Value.1=stopped";
  EXPECT_THAT(Send().body, testing::HasSubstr("<reservationSet></reservationSet>"));
  request_.body = "Action=DescribeInstances&InstanceId.1=i-0123456789abcdef1";
  EXPECT_THAT(Send().body, testing::HasSubstr("<Code>InvalidInstanceID.NotFound</Code>"));
  request_.body = "Action=%3Cx%3E";
  EXPECT_THAT(Send().body, testing::AllOf(testing::HasSubstr("<Code>InvalidAction</Code>"),
                                          testing::HasSubstr("&lt;x&gt;")));
  EXPECT_THAT(Checked({ExampleCredential()}).body,
              testing::HasSubstr("<Code>IncompleteSignature</Code>"));
}

}  // namespace
}  // namespace eic::emulator
