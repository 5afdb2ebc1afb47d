#include "client/keeper/control_protocol.h"

#include <gtest/gtest.h>

#include "client/keeper/limits.h"

namespace eic::client {
namespace {

KeyRequest About() {
  KeyRequest about;
  about.ssh_pid = 4711;
  about.type = KeyType::kRsa;
  about.instance_id = "i-0123456789abcdef0";
  about.os_user = "ubuntu";
  about.host_names = {"i-0123456789abcdef0", "[i-0123456789abcdef0]:2222"};
  about.user_agent_socket = "/run/agent";
  return about;
}

TEST(ControlProtocol, RequestsArriveAsTheyWere) {
  for (const ControlVerb verb : {ControlVerb::kMake, ControlVerb::kFind, ControlVerb::kPushed,
                                 ControlVerb::kRelay, ControlVerb::kDrop}) {
    const auto parsed = ParseControlRequest(PrintControlRequest({verb, About()}));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->verb, verb);
    EXPECT_EQ(parsed->about.ssh_pid, 4711);
    const bool has_agent = verb == ControlVerb::kMake || verb == ControlVerb::kRelay;
    EXPECT_EQ(parsed->about.user_agent_socket, has_agent ? "/run/agent" : "");
    if (verb != ControlVerb::kMake) continue;
    EXPECT_EQ(parsed->about.type, KeyType::kRsa);
    EXPECT_EQ(parsed->about.instance_id, About().instance_id);
    EXPECT_EQ(parsed->about.os_user, "ubuntu");
    EXPECT_EQ(parsed->about.host_names, About().host_names);
  }
}

TEST(ControlProtocol, RefusesEveryOtherRequest) {
  const std::string good = PrintControlRequest({ControlVerb::kMake, About()});
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(ParseControlRequest(std::string_view(good).substr(0, length))) << length;
  }
  EXPECT_FALSE(ParseControlRequest(good + 'x'));
  std::string version = good;
  version[0] = 2;
  EXPECT_FALSE(ParseControlRequest(version));
  std::string verb = good;
  for (const int other : {0, 6, 127}) {
    verb[1] = static_cast<char>(other);
    EXPECT_FALSE(ParseControlRequest(verb)) << other;
  }
  KeyRequest about = About();
  about.ssh_pid = 0;
  EXPECT_FALSE(ParseControlRequest(PrintControlRequest({ControlVerb::kFind, about})));
  about.ssh_pid = -1;
  EXPECT_FALSE(ParseControlRequest(PrintControlRequest({ControlVerb::kFind, about})));
  about = About();
  about.host_names.resize(kHostNamesMax + 1);
  EXPECT_FALSE(ParseControlRequest(PrintControlRequest({ControlVerb::kMake, about})));
  about = About();
  about.os_user = std::string(kNameBytesMax + 1, 'x');
  EXPECT_FALSE(ParseControlRequest(PrintControlRequest({ControlVerb::kMake, about})));
  about.os_user = std::string("a\0b", 3);
  EXPECT_FALSE(ParseControlRequest(PrintControlRequest({ControlVerb::kMake, about})));
}

TEST(ControlProtocol, AnswersArriveAsTheyWere) {
  ControlAnswer key{ControlAnswer::Kind::kKey};
  key.key = KeptKey{"ssh-rsa AAAA", KeyType::kRsa, true, "note"};
  const auto parsed = ParseControlAnswer(PrintControlAnswer(key));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->key.public_key, "ssh-rsa AAAA");
  EXPECT_EQ(parsed->key.type, KeyType::kRsa);
  EXPECT_TRUE(parsed->key.is_pushed);
  EXPECT_EQ(parsed->key.note, "note");

  ControlAnswer failed{ControlAnswer::Kind::kFailed};
  failed.failure = {"KeyGone", "what happened", "what next"};
  const auto failure = ParseControlAnswer(PrintControlAnswer(failed));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->failure.code, "KeyGone");
  EXPECT_EQ(failure->failure.message, "what happened");
  EXPECT_EQ(failure->failure.advice, "what next");

  for (const auto kind :
       {ControlAnswer::Kind::kNone, ControlAnswer::Kind::kDone, ControlAnswer::Kind::kBusy}) {
    const auto plain = ParseControlAnswer(PrintControlAnswer(ControlAnswer{kind}));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->kind, kind);
  }
  for (const char* broken : {"", "\x06", "\x01", "\x02x"}) {
    EXPECT_FALSE(ParseControlAnswer(broken)) << broken;
  }
}

}  // namespace
}  // namespace eic::client
