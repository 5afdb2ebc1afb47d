#include "emulator/api/push_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

class PushRequests : public testing::Test {
 protected:
  // NAME, or "accepted".
  std::string Outcome() const { return Outcome(call_.dump()); }
  static std::string Outcome(const std::string& body) {
    const auto parsed = ParsePushRequest(body);
    const auto* error = std::get_if<ApiError>(&parsed);
    return error == nullptr ? "accepted" : error->name;
  }

  const std::string key_line_ = Ed25519KeyLine();
  nlohmann::json call_ = {{"InstanceId", "i-0123456789abcdef0"},
                          {"InstanceOSUser", "alice"},
                          {"SSHPublicKey", key_line_ + "\n"},
                          {"AvailabilityZone", "us-west-2b"}};
};

TEST_F(PushRequests, AGoodOneGivesItsFields) {
  const auto parsed = ParsePushRequest(call_.dump());
  ASSERT_TRUE(std::holds_alternative<PushRequest>(parsed));
  const auto& push = std::get<PushRequest>(parsed);
  EXPECT_EQ(push.instance_id, "i-0123456789abcdef0");
  EXPECT_EQ(push.os_user, "alice");
  EXPECT_EQ(push.key_line, key_line_);
}

TEST_F(PushRequests, WhatIsWrongIsSaidInAwsWords) {
  const auto message = [&] {
    const auto parsed = ParsePushRequest(call_.dump());
    const auto* error = std::get_if<ApiError>(&parsed);
    return error == nullptr ? "accepted" : error->message;
  };
  call_["InstanceId"] = "mi-048afb7f6460a110d";
  EXPECT_EQ(message(),
            "1 validation error detected: Value 'mi-048afb7f6460a110d' at 'instanceId' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern: ^i-[a-f0-9]+$");
  call_["InstanceId"] = "i-01";
  call_.erase("InstanceOSUser");
  EXPECT_EQ(message(),
            "2 validation errors detected: Value 'i-01' at 'instanceId' failed to satisfy "
            "constraint: Member must have length greater than or equal to 10; Value null at "
            "'instanceOSUser' failed to satisfy constraint: Member must not be null");
  call_["InstanceId"] = "i-0123456789abcdef0";
  call_["InstanceOSUser"] = "a b";
  EXPECT_THAT(message(), testing::HasSubstr("Value 'a b' at 'instanceOSUser' failed to satisfy "
                                            "constraint: Member must satisfy regular expression "
                                            "pattern: (^[A-Za-z_][A-Za-z0-9\\@\\._-]{0,30}"));
  call_["InstanceOSUser"] = "alice";
  call_["AvailabilityZone"] = "us-west-2-lax-1a";
  EXPECT_THAT(message(), testing::HasSubstr("at 'availabilityZone' failed to satisfy constraint: "
                                            "Member must satisfy regular expression pattern: "
                                            "^(\\w+-){2,3}\\d+\\w+$"));
  call_.erase("AvailabilityZone");
  call_["SSHPublicKey"] = "ssh-ed25519 short";
  EXPECT_THAT(message(), testing::HasSubstr("Value 'ssh-ed25519 short' at 'sSHPublicKey' failed to "
                                            "satisfy constraint: Member must have length greater "
                                            "than or equal to 80"));
}

TEST_F(PushRequests, TheZoneMayBeMissingOrNull) {
  call_.erase("AvailabilityZone");
  EXPECT_EQ(Outcome(), "accepted");
  call_["AvailabilityZone"] = nullptr;
  EXPECT_EQ(Outcome(), "accepted");
}

TEST_F(PushRequests, AnythingElseMayNotBeMissing) {
  for (const char* name : {"InstanceId", "InstanceOSUser", "SSHPublicKey"}) {
    nlohmann::json call = call_;
    call.erase(name);
    EXPECT_EQ(Outcome(call.dump()), "InvalidArgsException") << name;
  }
}

TEST_F(PushRequests, WhatIsNoJsonObjectOfStringsIsASerializationError) {
  for (const char* body :
       {"", "{", "[]", "7", "null", "\"x\"", "{\"InstanceId\":\"\xff\"}", "{}x"}) {
    EXPECT_EQ(Outcome(body), "SerializationException") << body;
  }
  EXPECT_EQ(Outcome(std::string(60000, '[')), "SerializationException");
  for (const char* name : {"InstanceId", "InstanceOSUser", "SSHPublicKey", "AvailabilityZone"}) {
    nlohmann::json call = call_;
    call[name] = 7;
    EXPECT_EQ(Outcome(call.dump()), "SerializationException") << name;
  }
}

TEST_F(PushRequests, InstanceIdsAreHeldToTheirForm) {
  for (const char* good :
       {"i-01234567", "i-0123456789abcdef0", "i-0123456789abcdef0123456789abcd"}) {
    call_["InstanceId"] = good;
    EXPECT_EQ(Outcome(), "accepted") << good;
  }
  for (const char* bad : {"", "i-", "i-0123456", "i-0123456789abcdef0123456789abcde", "i-0123456G",
                          "i-0123456A", "I-01234567", "x-01234567", "i-01234567\n"}) {
    call_["InstanceId"] = bad;
    EXPECT_EQ(Outcome(), "InvalidArgsException") << bad;
  }
}

TEST_F(PushRequests, OsUsersAreHeldToTheirForm) {
  for (const char* good : {"a", "_", "alice", "a@b.example", "svc$", "A-b_c.d", "9lives", "a.",
                           "12.", "1a$", "1-", "a123456789012345678901234567890b"}) {
    call_["InstanceOSUser"] = good;
    EXPECT_EQ(Outcome(), "accepted") << good;
  }
  for (const char* bad :
       {"", "-a", ".a", "@a", "$", "a$b", "a b", "a/b", "a\n", "../x", "\xc3\xa9", "1", "123", "1$",
        "_$$", "a1234567890123456789012345678901b", "a123456789012345678901234567890."}) {
    call_["InstanceOSUser"] = bad;
    EXPECT_EQ(Outcome(), "InvalidArgsException") << bad;
  }
}

TEST_F(PushRequests, KeysAreHeldToTheirSizeAndType) {
  call_["SSHPublicKey"] = std::string(79, 'x');
  EXPECT_EQ(Outcome(), "InvalidArgsException");
  call_["SSHPublicKey"] = key_line_ + std::string(4097 - key_line_.size(), 'x');
  EXPECT_EQ(Outcome(), "InvalidArgsException");
  call_["SSHPublicKey"] = key_line_ + std::string(4096 - key_line_.size(), 'x');
  EXPECT_EQ(Outcome(), "accepted");
  const EvpPkeyPtr key = issuer::GenerateEcKey(NID_X9_62_prime256v1);
  call_["SSHPublicKey"] = issuer::SshPublicKeyLine(key.get(), "");
  const auto parsed = ParsePushRequest(call_.dump());
  ASSERT_TRUE(std::holds_alternative<ApiError>(parsed));
  EXPECT_THAT(std::get<ApiError>(parsed).message, testing::HasSubstr("accepted are ssh-ed25519"));
}

TEST_F(PushRequests, ZonesAreHeldToTheirForm) {
  for (const char* good : {"us-west-2b", "us-gov-west-1a", "us-isob-east-1a"}) {
    call_["AvailabilityZone"] = good;
    EXPECT_EQ(Outcome(), "accepted") << good;
  }
  // The service's own pattern has no room for the four hyphens of a Local Zone.
  for (const char* bad : {"", "us-west-2-lax-1a", "us-1a", "-us-west-2b", "us--west-2b",
                          "us-we st-2b", "us-west-b2", "uswest2b", "us-west-b", "us-west-2",
                          "a-b-c-d-e-f-1a", "us-west-2b-us-west-2b-us-west-2bb"}) {
    call_["AvailabilityZone"] = bad;
    EXPECT_EQ(Outcome(), "InvalidArgsException") << bad;
  }
}

}  // namespace
}  // namespace eic::emulator
