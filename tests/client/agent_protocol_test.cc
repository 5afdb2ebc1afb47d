#include "client/signing/agent_protocol.h"

#include <gtest/gtest.h>

#include "client/signing/wire.h"
#include "tests/client/wire_samples.h"

namespace eic::client {
namespace {

TEST(AgentProtocol, ReadsWhatSshAsks) {
  const std::string identities = "\x0b";
  ASSERT_TRUE(ParseAgentRequest(identities));
  EXPECT_TRUE(std::holds_alternative<IdentitiesRequest>(*ParseAgentRequest(identities)));

  const std::string sign = fakes::SignMessage("key", "data", 4);
  const auto signing = ParseAgentRequest(sign);
  ASSERT_TRUE(signing && std::holds_alternative<SignRequest>(*signing));
  EXPECT_EQ(std::get<SignRequest>(*signing).key_blob, "key");
  EXPECT_EQ(std::get<SignRequest>(*signing).data, "data");
  EXPECT_EQ(std::get<SignRequest>(*signing).flags, 4U);

  const std::string extension = fakes::ExtensionMessage("query", "rest");
  const auto extending = ParseAgentRequest(extension);
  ASSERT_TRUE(extending && std::holds_alternative<ExtensionRequest>(*extending));
  EXPECT_EQ(std::get<ExtensionRequest>(*extending).name, "query");
  EXPECT_EQ(std::get<ExtensionRequest>(*extending).contents, "rest");
}

TEST(AgentProtocol, RefusesWhatIsNotTheGrammar) {
  const std::string sign = fakes::SignMessage("key", "data");
  const struct {
    const char* defect;
    std::string message;
  } kRows[] = {
      {"empty", ""},
      {"bytes behind the request for identities", "\x0bx"},
      {"sign without flags", sign.substr(0, sign.size() - 4)},
      {"bytes behind a sign request", sign + "x"},
      {"length beyond the end", std::string("\x0d\xff\xff\xff\xff", 5)},
      {"extension without a name", "\x1b"},
  };
  for (const auto& row : kRows) EXPECT_FALSE(ParseAgentRequest(row.message)) << row.defect;
}

TEST(AgentProtocol, KnowsNoChange) {
  // Add, remove, lock and unlock, in both versions of the protocol.
  for (const int type : {1, 3, 7, 9, 17, 18, 19, 20, 21, 22, 23, 25, 26}) {
    const std::string message = std::string(1, static_cast<char>(type)) + "anything";
    const auto request = ParseAgentRequest(message);
    ASSERT_TRUE(request);
    EXPECT_TRUE(std::holds_alternative<OtherRequest>(*request)) << type;
  }
}

TEST(Frames, HaveALengthWithinTheLimit) {
  const std::string two = Framed("ab") + Framed("c");
  EXPECT_EQ(PeekFrame(two, 2).message, "ab");
  EXPECT_EQ(PeekFrame(two, 2).bytes, 6U);
  EXPECT_EQ(PeekFrame(two, 1).state, Frame::State::kTooLong);
  EXPECT_EQ(PeekFrame(two.substr(0, 5), 2).state, Frame::State::kPartial);
  EXPECT_EQ(PeekFrame(two.substr(0, 3), 2).state, Frame::State::kPartial);
  EXPECT_EQ(PeekFrame(Framed(""), 2).state, Frame::State::kTooLong);
}

}  // namespace
}  // namespace eic::client
