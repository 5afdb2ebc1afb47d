#include "client/signing/agent_session.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/client/wire_samples.h"

namespace eic::client {
namespace {

using Kind = AgentSession::Step::Kind;

constexpr char kFailure = 5;
constexpr char kSuccess = 6;
constexpr char kIdentities = 12;
constexpr char kSigned = 14;

class AgentSessionTest : public testing::Test {
 protected:
  AgentSessionTest()
      : session_([this](const std::vector<std::string>& names) -> aws::Outcome<KnownKeys> {
          asked_ = names;
          if (is_unreadable_) return aws::Failure{"KnownHosts", "cannot be read"};
          return known_;
        }) {
    terms_ = LoginTerms{&key_, "ubuntu", "comment", {"i-0123456789abcdef0"}};
    userauth_.key_blob = key_.blob();
  }

  char TypeOf(const std::string& message) {
    const AgentSession::Step step = session_.Take(message, terms_);
    EXPECT_EQ(step.kind, Kind::kAnswer);
    return step.answer.empty() ? '\0' : step.answer[0];
  }
  char Bind() { return TypeOf(fakes::BindMessage(host_, fakes::SessionId())); }
  char Sign(std::uint32_t flags = 0) {
    return TypeOf(fakes::SignMessage(key_.blob(), userauth_.Data(), flags));
  }

  OneTimeKey key_ = fakes::NewKey();
  OneTimeKey host_ = fakes::NewKey();
  LoginTerms terms_;
  KnownKeys known_;
  bool is_unreadable_ = false;
  std::vector<std::string> asked_;
  fakes::Userauth userauth_;
  AgentSession session_;
};

TEST_F(AgentSessionTest, OffersOneKeyAndSignsTheLogin) {
  EXPECT_EQ(Bind(), kSuccess);
  EXPECT_EQ(asked_, terms_.host_names);
  EXPECT_EQ(session_.Take("\x0b", terms_).answer, OneIdentityAnswer(key_.blob(), "comment"));
  EXPECT_EQ(Sign(), kSigned);
  userauth_.method = "publickey-hostbound-v00@openssh.com";
  userauth_.host_key = host_.blob();
  EXPECT_EQ(Sign(), kSigned);
  EXPECT_EQ(session_.refusal(), "");
}

TEST_F(AgentSessionTest, TakesAKnownHost) {
  known_.blobs = {fakes::NewKey().blob(), host_.blob()};
  EXPECT_EQ(Bind(), kSuccess);
  EXPECT_EQ(Sign(), kSigned);
}

TEST_F(AgentSessionTest, ServesAnSshThatDoesNotBind) { EXPECT_EQ(Sign(), kSigned); }

TEST_F(AgentSessionTest, HasNothingWithoutAKey) {
  terms_.key = nullptr;
  EXPECT_EQ(session_.Take("\x0b", terms_).answer, NoIdentitiesAnswer());
  EXPECT_EQ(Sign(), kFailure);
}

TEST_F(AgentSessionTest, SignsNothingButThisLogin) {
  const OneTimeKey other = fakes::NewKey();
  const struct {
    const char* defect;
    std::function<void(fakes::Userauth&)> spoil;
  } kRows[] = {
      {"another session", [](fakes::Userauth& u) { u.session_id = fakes::SessionId('t'); }},
      {"another user", [](fakes::Userauth& u) { u.user = "root"; }},
      {"another key", [&](fakes::Userauth& u) { u.key_blob = other.blob(); }},
      {"another algorithm", [](fakes::Userauth& u) { u.algorithm = "rsa-sha2-512"; }},
      {"another host's key",
       [&](fakes::Userauth& u) {
         u.method = "publickey-hostbound-v00@openssh.com";
         u.host_key = other.blob();
       }},
      {"no request to log in", [](fakes::Userauth& u) { u.service = "x"; }},
  };
  EXPECT_EQ(Bind(), kSuccess);
  const fakes::Userauth good = userauth_;
  for (const auto& row : kRows) {
    userauth_ = good;
    row.spoil(userauth_);
    EXPECT_EQ(Sign(), kFailure) << row.defect;
  }
  userauth_ = good;
  EXPECT_EQ(TypeOf(fakes::SignMessage(other.blob(), good.Data())), kFailure);
  EXPECT_NE(session_.refusal(), "");
  EXPECT_EQ(Sign(), kSigned);
}

TEST_F(AgentSessionTest, SignsNoSha1) {
  const OneTimeKey rsa = fakes::NewKey(KeyType::kRsa);
  terms_.key = &rsa;
  userauth_.key_blob = rsa.blob();
  userauth_.algorithm = "ssh-rsa";
  EXPECT_EQ(TypeOf(fakes::SignMessage(rsa.blob(), userauth_.Data(), 0)), kFailure);
  userauth_.algorithm = "rsa-sha2-256";
  EXPECT_EQ(TypeOf(fakes::SignMessage(rsa.blob(), userauth_.Data(), 4)), kFailure);
  EXPECT_EQ(TypeOf(fakes::SignMessage(rsa.blob(), userauth_.Data(), 2)), kSigned);
  userauth_.algorithm = "rsa-sha2-512";
  EXPECT_EQ(TypeOf(fakes::SignMessage(rsa.blob(), userauth_.Data(), 4)), kSigned);
}

TEST_F(AgentSessionTest, ARefusedBindingSignsNothing) {
  known_.blobs = {fakes::NewKey().blob()};
  EXPECT_EQ(Bind(), kFailure);
  EXPECT_EQ(Sign(), kFailure);
  // The first reason is the one to be told.
  EXPECT_EQ(session_.refusal(), "the host's key is not one that is known for it");
}

TEST_F(AgentSessionTest, ARevokedHostSignsNothing) {
  known_.blobs = {host_.blob()};
  known_.revoked = {host_.blob()};
  EXPECT_EQ(Bind(), kFailure);
  EXPECT_EQ(Sign(), kFailure);
}

TEST_F(AgentSessionTest, UnreadableKnownHostsSignNothing) {
  is_unreadable_ = true;
  EXPECT_EQ(Bind(), kFailure);
  EXPECT_EQ(Sign(), kFailure);
}

TEST_F(AgentSessionTest, IsBoundOnce) {
  EXPECT_EQ(Bind(), kSuccess);
  EXPECT_EQ(Bind(), kFailure);
  EXPECT_EQ(Sign(), kFailure);
}

TEST_F(AgentSessionTest, AForwardedConnectionIsTheUsersAgents) {
  const std::string forwarding = fakes::BindMessage(host_, fakes::SessionId(), true);
  EXPECT_EQ(session_.Take(forwarding, terms_).kind, Kind::kRelay);
}

TEST_F(AgentSessionTest, ALoginDoesNotBecomeForwarded) {
  EXPECT_EQ(Bind(), kSuccess);
  EXPECT_EQ(TypeOf(fakes::BindMessage(host_, fakes::SessionId(), true)), kFailure);
  EXPECT_EQ(Sign(), kFailure);
}

TEST_F(AgentSessionTest, RefusesEveryChangeAndWhatItDoesNotKnow) {
  for (const int type : {1, 3, 7, 9, 17, 18, 19, 20, 21, 22, 23, 25, 26}) {
    EXPECT_EQ(TypeOf(std::string(1, static_cast<char>(type))), kFailure) << type;
  }
  EXPECT_EQ(TypeOf(fakes::ExtensionMessage("query", "")), kFailure);
  EXPECT_EQ(TypeOf(""), kFailure);
  EXPECT_EQ(TypeOf("\x0b"), kIdentities);
}

}  // namespace
}  // namespace eic::client
