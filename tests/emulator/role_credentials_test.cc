#include "emulator/metadata/role_credentials.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emulator/api/callers.h"
#include "emulator/metadata/container_routes.h"
#include "emulator/metadata/metadata_routes.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

constexpr const char* kRole = "arn:aws:iam::123456789012:role/web";

class Credentials : public testing::Test {
 protected:
  HttpAnswer AskContainer(const std::string& path, const std::string& authorization,
                          const std::string& method = "GET") {
    HttpRequest request{method, path, "", {}, ""};
    if (!authorization.empty()) request.headers["authorization"] = authorization;
    return container_.Answer(request);
  }

  ManualClock clock_;
  Callers callers_{{ExampleCredential()}, clock_.clock()};
  RoleCredentials credentials_{
      Role{kRole}, "i-0123456789abcdef0",
      [this](const Role& role, const std::string& session, std::int64_t seconds) {
        return callers_.Mint(role, session, seconds);
      },
      clock_.clock()};
  ContainerRoutes container_{{kRole, "/v2/credentials/7", "Bearer t"}, credentials_};
};

TEST_F(Credentials, TheyAreKeptForHalfOfTheirLife) {
  const auto first = credentials_.Get();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->credential.expiry, kNow + 21600);
  clock_.Advance(10799);
  EXPECT_EQ(credentials_.Get()->credential.access_key_id, first->credential.access_key_id);
  clock_.Advance(1);
  const auto second = credentials_.Get();
  EXPECT_NE(second->credential.access_key_id, first->credential.access_key_id);
  EXPECT_EQ(second->made_at, kNow + 10800);
}

TEST_F(Credentials, WhereNoneCanBeMadeThereAreNone) {
  RoleCredentials none(
      Role{kRole}, "i",
      [](const Role&, const std::string&, std::int64_t) { return std::optional<Credential>(); },
      clock_.clock());
  EXPECT_FALSE(none.Get());
}

TEST_F(Credentials, MetadataNamesTheRoleAndGivesItsCredentials) {
  const Instance instance;
  const TokenMint tokens(clock_.clock());
  KeyStore keys(clock_.clock());
  RecordSigner signer(MakeTestAuthority(), clock_.clock());
  const auto ask = [&](RoleCredentials* role, const std::string& name) {
    MetadataRoutes routes(instance, tokens, keys, signer, 0, clock_.clock(), role);
    return routes.Answer({"GET",
                          "/latest/meta-data/iam/" + name,
                          "",
                          {{"x-aws-ec2-metadata-token", tokens.Issue(60)}},
                          ""});
  };
  EXPECT_EQ(ask(&credentials_, "security-credentials/").body, "web");
  const auto json = nlohmann::json::parse(ask(&credentials_, "security-credentials/web").body);
  EXPECT_EQ(json["Code"], "Success");
  EXPECT_EQ(json["Type"], "AWS-HMAC");
  EXPECT_EQ(json["LastUpdated"], "2033-05-18T03:33:20Z");
  EXPECT_EQ(json["Expiration"], "2033-05-18T09:33:20Z");
  HttpRequest request{"POST", "/", "", {{"host", "localhost"}}, ""};
  SignRequest(request,
              {json["AccessKeyId"], json["SecretAccessKey"], json["Token"], "", std::nullopt},
              "us-west-2", "ec2", clock_.now());
  const auto caller = callers_.CallerOf(request, "ec2");
  EXPECT_EQ(std::get<KnownCaller>(caller).credential.principal,
            "arn:aws:sts::123456789012:assumed-role/web/i-0123456789abcdef0");
  EXPECT_EQ(ask(&credentials_, "security-credentials/other").status, 404);
  EXPECT_EQ(ask(&credentials_, "nothing").status, 404);
  EXPECT_EQ(ask(nullptr, "security-credentials/").status, 404);
}

TEST_F(Credentials, AContainerGetsThemForItsToken) {
  const HttpAnswer answer = AskContainer("/v2/credentials/7", "Bearer t");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json");
  const auto json = nlohmann::json::parse(answer.body);
  EXPECT_EQ(json["RoleArn"], kRole);
  EXPECT_EQ(json["AccessKeyId"], credentials_.Get()->credential.access_key_id);
  EXPECT_EQ(json["Expiration"], "2033-05-18T09:33:20Z");
}

TEST_F(Credentials, AContainerIsRefused) {
  EXPECT_EQ(AskContainer("/v2/credentials/7", "").status, 401);
  EXPECT_EQ(AskContainer("/v2/credentials/7", "Bearer x").status, 401);
  EXPECT_EQ(AskContainer("/v2/credentials/8", "Bearer t").status, 400);
  EXPECT_EQ(AskContainer("/v2/credentials/7", "Bearer t", "POST").status, 405);
  EXPECT_TRUE(container_.Takes({"GET", "/v2/credentials/8", "", {}, ""}));
  EXPECT_FALSE(container_.Takes({"POST", "/", "", {}, ""}));
}

}  // namespace
}  // namespace eic::emulator
