#include "emulator/api_routes.h"

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

  ManualClock clock_;
  KeyStore keys_{clock_.clock()};
  RecordSigner signer_{MakeTestAuthority(), clock_.clock()};
  ApiRoutes routes_{Instance(), 60, clock_.clock(), keys_, signer_};
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
  const std::string expected = "#Timestamp=" + std::to_string(kNow + 60) +
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

}  // namespace
}  // namespace eic::emulator
