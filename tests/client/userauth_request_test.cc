#include "client/signing/userauth_request.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/client/wire_samples.h"

namespace eic::client {
namespace {

fakes::Userauth Good() {
  fakes::Userauth good;
  good.key_blob = "key";
  return good;
}

TEST(UserauthRequest, ReadsBothMethods) {
  const std::string plain = Good().Data();
  const auto request = ParseUserauthRequest(plain);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->session_id, fakes::SessionId());
  EXPECT_EQ(request->user, "ubuntu");
  EXPECT_EQ(request->algorithm, "ssh-ed25519");
  EXPECT_EQ(request->key_blob, "key");
  EXPECT_FALSE(request->host_key);

  fakes::Userauth hostbound = Good();
  hostbound.method = "publickey-hostbound-v00@openssh.com";
  hostbound.host_key = "host";
  const std::string bound = hostbound.Data();
  ASSERT_TRUE(ParseUserauthRequest(bound));
  EXPECT_EQ(ParseUserauthRequest(bound)->host_key, "host");
}

TEST(UserauthRequest, RefusesWhatIsNoRequestToLogIn) {
  const struct {
    const char* defect;
    std::function<void(fakes::Userauth&)> spoil;
  } kRows[] = {
      {"no session", [](fakes::Userauth& u) { u.session_id.clear(); }},
      {"another message", [](fakes::Userauth& u) { u.type = 51; }},
      {"another service", [](fakes::Userauth& u) { u.service = "ssh-userauth"; }},
      {"another method", [](fakes::Userauth& u) { u.method = "hostbased"; }},
      {"a request without signature", [](fakes::Userauth& u) { u.has_signature = 0; }},
      {"a truth of 2", [](fakes::Userauth& u) { u.has_signature = 2; }},
      {"a host's key in the plain method", [](fakes::Userauth& u) { u.host_key = "host"; }},
      {"no host's key in the other",
       [](fakes::Userauth& u) { u.method = "publickey-hostbound-v00@openssh.com"; }},
      {"bytes behind it", [](fakes::Userauth& u) { u.end = "x"; }},
  };
  for (const auto& row : kRows) {
    fakes::Userauth spoiled = Good();
    row.spoil(spoiled);
    EXPECT_FALSE(ParseUserauthRequest(spoiled.Data())) << row.defect;
  }
  const std::string good = Good().Data();
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(ParseUserauthRequest(std::string_view(good).substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace eic::client
