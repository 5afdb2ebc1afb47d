#include "emulator/metadata/metadata_routes.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base64.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

constexpr const char* kTtlHeader = "x-aws-ec2-metadata-token-ttl-seconds";

class Metadata : public testing::Test {
 protected:
  HttpAnswer Put(const std::map<std::string, std::string>& headers) {
    HttpRequest request{"PUT", "/latest/api/token", "", headers, ""};
    return routes_.Answer(request);
  }

  HttpAnswer Ask(const std::string& method, const std::string& path, const std::string& token) {
    return routes_.Answer({method, path, "", {{"x-aws-ec2-metadata-token", token}}, ""});
  }

  HttpAnswer Get(const std::string& name) {
    return Ask("GET", "/latest/meta-data/" + name, tokens_.Issue(60));
  }

  ManualClock clock_;
  TokenMint tokens_{clock_.clock()};
  KeyStore keys_{clock_.clock()};
  RecordSigner signer_{MakeTestAuthority(), clock_.clock()};
  Instance instance_;
  MetadataRoutes routes_{instance_, tokens_, keys_, signer_, 0, clock_.clock()};
};

TEST_F(Metadata, APutGivesATokenThatExpires) {
  const HttpAnswer answer = Put({{kTtlHeader, "5"}});
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("X-aws-ec2-metadata-token-ttl-seconds"), "5");
  EXPECT_EQ(Ask("GET", "/latest/meta-data/instance-id", answer.body).status, 200);
  clock_.Advance(5);
  EXPECT_EQ(Ask("GET", "/latest/meta-data/instance-id", answer.body).status, 401);
}

TEST_F(Metadata, TheLifetimeOfATokenIsBounded) {
  for (const char* good : {"1", "60", "21600"}) {
    EXPECT_EQ(Put({{kTtlHeader, good}}).status, 200) << good;
  }
  for (const char* bad : {"", "0", "-1", "21601", "5s", " 5", "+5", "99999999999999999999"}) {
    EXPECT_EQ(Put({{kTtlHeader, bad}}).status, 400) << bad;
  }
  EXPECT_EQ(Put({}).status, 400);
}

TEST_F(Metadata, AForwardedPutIsForbidden) {
  EXPECT_EQ(Put({{kTtlHeader, "5"}, {"x-forwarded-for", "10.0.0.1"}}).status, 403);
  EXPECT_EQ(Put({{kTtlHeader, "5"}, {"x-forwarded-for", ""}}).status, 403);
}

TEST_F(Metadata, WithoutALiveTokenNothingIsSaid) {
  EXPECT_EQ(routes_.Answer({"GET", "/latest/meta-data/instance-id", "", {}, ""}).status, 401);
  EXPECT_EQ(Ask("GET", "/latest/meta-data/instance-id", "").status, 401);
  EXPECT_EQ(Ask("HEAD", "/latest/meta-data/instance-id", "token").status, 401);
  EXPECT_EQ(Ask("GET", "/nowhere", "token").status, 401);
}

TEST_F(Metadata, OtherMethodsAreNotAllowed) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    EXPECT_EQ(Ask(method, "/latest/meta-data/instance-id", tokens_.Issue(60)).status, 405);
  }
  EXPECT_EQ(Ask("GET", "/latest/api/token", tokens_.Issue(60)).status, 405);
}

TEST_F(Metadata, PlainValuesAreTheInstances) {
  const std::pair<const char*, const char*> kValues[] = {
      {"instance-id", "i-0123456789abcdef0"},
      {"placement/region", "us-west-2"},
      {"placement/availability-zone", "us-west-2a"},
      {"services/domain", "amazonaws.com"}};
  for (const auto& [name, value] : kValues) {
    EXPECT_EQ(Get(name).body, value);
    EXPECT_EQ(Get(std::string(name) + "/").body, value);
    EXPECT_EQ(Ask("HEAD", std::string("/latest/meta-data/") + name, tokens_.Issue(1)).status, 200);
  }
}

TEST_F(Metadata, TheIdentityDocumentSaysTheSame) {
  const HttpAnswer answer =
      Ask("GET", "/latest/dynamic/instance-identity/document", tokens_.Issue(60));
  const nlohmann::json document = nlohmann::json::parse(answer.body);
  EXPECT_EQ(document["instanceId"], "i-0123456789abcdef0");
  EXPECT_EQ(document["region"], "us-west-2");
  EXPECT_EQ(document["availabilityZone"], "us-west-2a");
  EXPECT_EQ(document["accountId"], "123456789012");
}

TEST_F(Metadata, UnknownPathsAreNotFound) {
  for (const char* name :
       {"", "nope", "instance-id/x", "instance-id//", "placement", "managed-ssh-keys",
        "managed-ssh-keys/active-keys", "managed-ssh-keys/signer-ocsp/0000"}) {
    EXPECT_EQ(Get(name).status, 404) << name;
  }
  EXPECT_EQ(Ask("GET", "/", tokens_.Issue(60)).status, 404);
}

TEST_F(Metadata, ActiveKeysAreServedWhileTheyLive) {
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/alice").status, 404);
  ASSERT_TRUE(keys_.Add("alice", "record\n", kNow + 60));
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/alice").body, "record\n");
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/alice/").body, "record\n");
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/bob").status, 404);
  clock_.Advance(60);
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/alice").status, 404);
}

TEST_F(Metadata, AUserNameIsOneDecodedSegment) {
  ASSERT_TRUE(keys_.Add("a@b$", "record\n", kNow + 60));
  ASSERT_TRUE(keys_.Add("c/d", "slash\n", kNow + 60));
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/a@b$").body, "record\n");
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/a%40b%24").body, "record\n");
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/c/d").status, 404);
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/c%2Fd").body, "slash\n");
  EXPECT_EQ(Get("managed-ssh-keys/active-keys/%4").status, 404);
}

TEST_F(Metadata, TheChainIsServed) {
  const std::vector<X509Ptr> chain =
      issuer::ParseCertificatesPem(Get("managed-ssh-keys/signer-cert").body);
  EXPECT_EQ(chain.size(), 3U);
}

TEST_F(Metadata, StaplesAreListedAndServed) {
  const std::string list = Get("managed-ssh-keys/signer-ocsp/").body;
  EXPECT_EQ(Get("managed-ssh-keys/signer-ocsp").body, list);
  ASSERT_EQ(list.size(), 81U);
  const std::string first = list.substr(0, 40);
  EXPECT_LT(first, list.substr(41));
  const std::optional<std::string> der =
      DecodeBase64(Get("managed-ssh-keys/signer-ocsp/" + first).body);
  ASSERT_TRUE(der);
  const auto* in = reinterpret_cast<const unsigned char*>(der->data());
  EXPECT_NE(OcspResponsePtr(d2i_OCSP_RESPONSE(nullptr, &in, static_cast<long>(der->size()))),
            nullptr);
}

TEST_F(Metadata, StaplesAreMadeAnewBeforeTheyAreStale) {
  const std::string name = Get("managed-ssh-keys/signer-ocsp").body.substr(0, 40);
  const std::string path = "managed-ssh-keys/signer-ocsp/" + name;
  const std::string served = Get(path).body;
  EXPECT_EQ(Get(path).body, served);
  clock_.Advance(3600);
  EXPECT_NE(Get(path).body, served);
}

TEST_F(Metadata, WhereItIsSwitchedOffEverythingIsForbidden) {
  instance_.metadata_enabled = false;
  EXPECT_EQ(Put({{kTtlHeader, "5"}}).status, 403);
  EXPECT_EQ(Get("instance-id").status, 403);
}

TEST_F(Metadata, MoreRequestsInASecondThanAreAllowedAreThrottled) {
  MetadataRoutes throttled{instance_, tokens_, keys_, signer_, 2, clock_.clock()};
  const HttpRequest request{"GET",
                            "/latest/meta-data/instance-id",
                            "",
                            {{"x-aws-ec2-metadata-token", tokens_.Issue(9)}},
                            ""};
  EXPECT_EQ(throttled.Answer(request).status, 200);
  EXPECT_EQ(throttled.Answer(request).status, 200);
  EXPECT_EQ(throttled.Answer(request).status, 429);
  clock_.Advance(1);
  EXPECT_EQ(throttled.Answer(request).status, 200);
}

TEST_F(Metadata, ARotatedChainKeepsTheStaplesOfTheOneBefore) {
  const std::string chain = Get("managed-ssh-keys/signer-cert").body;
  const std::string list = Get("managed-ssh-keys/signer-ocsp").body;
  signer_.Rotate();
  EXPECT_NE(Get("managed-ssh-keys/signer-cert").body, chain);
  const std::string both = Get("managed-ssh-keys/signer-ocsp").body;
  EXPECT_EQ(both.size(), 2 * list.size() + 1);
  EXPECT_NE(both.find(list.substr(0, 40)), std::string::npos);
}

}  // namespace
}  // namespace eic::emulator
