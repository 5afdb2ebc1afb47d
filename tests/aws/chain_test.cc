// How the search for credentials goes where a person is asked or something fails; which source wins
// is compared with botocore by same_as_botocore.py.
#include "aws/credentials/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/role_cache.h"
#include "aws/limits.h"
#include "tests/aws/fake_world.h"

namespace eic::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kConfig = "/home/me/.aws/config";
constexpr const char* kRole =
    "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = s\nmfa_serial = MFA\n"
    "[profile s]\naws_access_key_id = AKIA\naws_secret_access_key = SECRET\n";
constexpr const char* kAssumed =
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"
    "<SecretAccessKey>SECRET</SecretAccessKey><SessionToken>TOKEN</SessionToken>"
    "<Expiration>2031-01-02T03:04:05Z</Expiration></Credentials></AssumeRoleResult>"
    "</AssumeRoleResponse>";

class ChainTest : public testing::Test {
 protected:
  Outcome<Credentials> Resolve(const Settings& settings = {}) {
    auto read = ReadConfiguration(settings, world);
    if (!read) return read.error();
    configuration = *read;
    configuration.region = "us-east-1";
    ServiceCalls calls(world, configuration, "us-east-1");
    return CredentialChain(world, configuration, calls, prompter).Resolve();
  }

  FakeWorld world;
  FakePrompter prompter;
  Configuration configuration;
};

TEST_F(ChainTest, AsksForTheCodeOnceAndCaches) {
  world.files[kConfig] = kRole;
  world.http().answer = [](const HttpCall&) { return Replies(200, kAssumed); };
  const auto first = Resolve();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->key.access_key_id, "ASIA");
  EXPECT_THAT(world.http().calls[0].body, HasSubstr("&SerialNumber=MFA&TokenCode=123456"));
  EXPECT_TRUE(Resolve());
  EXPECT_EQ(prompter.asked.size(), 1U);
  EXPECT_EQ(world.http().calls.size(), 1U);
}

TEST_F(ChainTest, AsksAgainWhenLessThanFifteenMinutesAreLeft) {
  world.files[kConfig] = kRole;
  world.http().answer = [](const HttpCall&) { return Replies(200, kAssumed); };
  EXPECT_TRUE(Resolve());
  world.now = Instant(1925089445) - kCachedSecondsLeftMin;  // 2031-01-02T03:04:05Z
  EXPECT_TRUE(Resolve());
  EXPECT_EQ(prompter.asked.size(), 1U);
  world.now = world.now + 1;
  EXPECT_TRUE(Resolve());
  EXPECT_EQ(prompter.asked.size(), 2U);
}

TEST_F(ChainTest, LooksIntoTheCacheAgainOnceItHasTheLock) {
  world.files[kConfig] = kRole;
  Settings settings;
  settings.mfa_lock_path = "/lock";
  world.on_lock = [&] {
    WriteRoleCache(RoleCacheKey({"arn:aws:iam::1:role/r", "", "", "MFA"}),
                   {{"OTHERS", "SECRET", "TOKEN"}, world.now + 3600}, world);
  };
  const auto found = Resolve(settings);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key.access_key_id, "OTHERS");
  EXPECT_TRUE(prompter.asked.empty());
}

TEST_F(ChainTest, SaysThatAnotherLoginIsAsking) {
  world.files[kConfig] = kRole;
  world.lock_is_free = false;
  Settings settings;
  settings.mfa_lock_path = "/lock";
  const auto found = Resolve(settings);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "MfaBusy");
  EXPECT_TRUE(prompter.asked.empty());
}

TEST_F(ChainTest, PassesOnThatNobodyCanBeAsked) {
  world.files[kConfig] = kRole;
  prompter.answer = Failure{"NoTerminal", "no terminal", "Use one."};
  const auto found = Resolve();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "NoTerminal");
  EXPECT_TRUE(world.http().calls.empty());
}

TEST_F(ChainTest, TakesACacheThatIsNoneForNone) {
  world.files[kConfig] = kRole;
  world.http().answer = [](const HttpCall&) { return Replies(200, kAssumed); };
  const std::string path =
      "/home/me/.aws/cli/cache/" + RoleCacheKey({"arn:aws:iam::1:role/r", "", "", "MFA"}) + ".json";
  for (const char* text : {"", "[]", "{\"Credentials\":1}", "{\"Credentials\":{\"AccessKeyId\":1}}",
                           R"({"Credentials":{"AccessKeyId":"A","SecretAccessKey":"S",
                               "SessionToken":"T","Expiration":"soon"}})"}) {
    world.files[path] = text;
    const auto found = Resolve();
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(found->key.access_key_id, "ASIA");
  }
}

// SHA-1 of what Python's json.dumps(..., sort_keys=True) gives, computed by Python.
TEST(RoleCacheKey, IsTheAwsClis) {
  EXPECT_EQ(RoleCacheKey({"arn:aws:iam::123456789012:role/admin"}),
            "85df843ebbf3964c64e26d66d796d302b1a7a5ff");
  EXPECT_EQ(RoleCacheKey({"arn:aws:iam::123456789012:role/admin", "me", "x \"y\"/\xC3\xA9",
                          "arn:aws:iam::123456789012:mfa/me", 1800}),
            "cf75de8b68d9f5889116203b814b51f9cdc4728f");
}

TEST_F(ChainTest, SaysWhereItLookedInVain) {
  world.http().answer = [](const HttpCall&) { return Fails(HttpReply::Fault::kNotConnected); };
  const auto found = Resolve();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "NoCredentials");
  EXPECT_THAT(found.error().message, HasSubstr("/home/me/.aws/credentials"));
  EXPECT_EQ(world.http().calls.size(), 1U);  // metadata, one attempt
  EXPECT_FALSE(world.http().calls[0].may_use_proxy);
}

TEST_F(ChainTest, ShowsNoSecretOfACredentialProcess) {
  world.files[kConfig] = "[default]\ncredential_process = helper --password SECRET\n";
  const ProgramEnd ends[] = {
      {ProgramEnd::Fate::kExited, 0, R"({"Version":1,"SecretAccessKey":"SECRET"})"},
      {ProgramEnd::Fate::kExited, 0, "SECRET"},
      {ProgramEnd::Fate::kExited, 0, R"({"Version":2,"SecretAccessKey":"SECRET"})"},
      {ProgramEnd::Fate::kExited, 3, "SECRET", "no session"},
      {ProgramEnd::Fate::kLate, 0, "SECRET"},
      {ProgramEnd::Fate::kTooMuchOutput, 0, "SECRET"},
      {ProgramEnd::Fate::kNotFound},
  };
  for (const ProgramEnd& end : ends) {
    world.run_end = end;
    const auto found = Resolve();
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().message, Not(HasSubstr("SECRET")));
    EXPECT_THAT(found.error().message, HasSubstr("helper"));
    EXPECT_THAT(world.told, Not(HasSubstr("SECRET")));
  }
  world.run_end = ends[3];
  EXPECT_THAT(Resolve().error().message, HasSubstr("ended with status 3 and said: no session"));
}

TEST_F(ChainTest, RefusesExpiredCredentialsOfAProcess) {
  world.files[kConfig] = "[default]\ncredential_process = helper\n";
  world.run_end.output =
      R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","Expiration":"2001-01-01T00:00:00Z"})";
  EXPECT_EQ(Resolve().error().code, "ExpiredToken");
}

TEST_F(ChainTest, AsksTheAwsCliForWhatItSignsInTo) {
  const std::pair<const char*, const char*> rows[] = {
      {"login_session = arn:aws:iam::1:user/me", "aws login --profile default"},
      {"sso_session = s", "aws sso login --sso-session s"},
      {"sso_start_url = https://x", "aws sso login --profile default"},
  };
  for (const auto& [key, login] : rows) {
    world.files[kConfig] = std::string("[default]\n") + key + "\n";
    world.run_end = {ProgramEnd::Fate::kExited, 255, "", "The session has expired"};
    const auto found = Resolve();
    ASSERT_FALSE(found) << key;
    EXPECT_THAT(found.error().advice, HasSubstr(login));
    EXPECT_THAT(world.runs.back().argv,
                testing::ElementsAre("aws", "configure", "export-credentials", "--format",
                                     "process", "--profile", "default"));
    world.run_end = {ProgramEnd::Fate::kExited, 252, "", "aws: error: Invalid choice, valid ..."};
    EXPECT_THAT(Resolve().error().advice, HasSubstr("2.9 or later"));
    world.run_end = {ProgramEnd::Fate::kNotFound};
    EXPECT_THAT(Resolve().error().advice, HasSubstr("Install AWS CLI version 2"));
  }
}

TEST_F(ChainTest, EndsAtALongWayOfProfiles) {
  std::string config = "[default]\nrole_arn = r\nsource_profile = p0\n";
  for (int i = 0; i <= kProfileChainMax; ++i) {
    config += "[profile p" + std::to_string(i) + "]\nrole_arn = r" + std::to_string(i) +
              "\nsource_profile = p" + std::to_string(i + 1) + "\n";
  }
  config += "[profile p" + std::to_string(kProfileChainMax + 1) + "]\nregion = x\n";
  world.files[kConfig] = config;
  EXPECT_THAT(Resolve().error().message, HasSubstr("more than 16 profiles"));
}

TEST_F(ChainTest, FetchesASecretWithoutTlsFromNearbyAlone) {
  const auto asked = [&](const std::string& url) {
    world.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    world.http().calls.clear();
    (void)Resolve();
    return !world.http().calls.empty();
  };
  for (const char* url :
       {"http://127.0.0.1:1/a", "http://127.9.9.9/a", "http://localhost/a", "http://[::1]/a",
        "http://169.254.170.2/a", "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/a",
        "https://example.com/a?b=c"}) {
    EXPECT_TRUE(asked(url)) << url;
  }
  for (const char* url :
       {"http://example.com/a", "http://169.254.169.254/a", "http://127.0.0.1.example.com/a",
        "http://127.0.0.1@example.com/a", "http://localhost.example.com/", "ftp://127.0.0.1/",
        "127.0.0.1/a", "http://1270.0.0.1.a/"}) {
    EXPECT_FALSE(asked(url)) << url;
  }
}

TEST_F(ChainTest, SendsAContainersTokenWithoutLineEnds) {
  world.environment = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"},
                       {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "WRONG"},
                       {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"}};
  world.files["/token"] = "TOKEN";
  (void)Resolve();
  EXPECT_EQ(world.http().calls[0].url, "http://169.254.170.2/v2/x");
  EXPECT_EQ(world.http().calls[0].headers.at("authorization"), "TOKEN");
  world.http().calls.clear();
  world.files["/token"] = "TOKEN\r\nX-Evil: y";
  EXPECT_FALSE(Resolve());
  EXPECT_TRUE(world.http().calls.empty());
  world.files["/token"] = "TOKEN";
  world.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = ".example.com/";
  EXPECT_FALSE(Resolve());
  EXPECT_TRUE(world.http().calls.empty());
}

}  // namespace
}  // namespace eic::aws
