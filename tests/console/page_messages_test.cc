#include "console/front/page_messages.h"

#include <gtest/gtest.h>

#include "console/limits.h"

namespace eic::console {
namespace {

template <typename T>
bool Is(const std::string& text) {
  const auto message = ParsePageMessage(text);
  return message && std::holds_alternative<T>(*message);
}

TEST(PageMessages, EachIsRead) {
  const auto start =
      ParsePageMessage(R"({"type":"start","columns":80,"rows":24,"from":5000000000,"more":1})");
  ASSERT_TRUE(start && std::holds_alternative<PageStart>(*start));
  EXPECT_EQ(std::get<PageStart>(*start).from, 5000000000U);
  EXPECT_TRUE(Is<PageSize>(R"({"type":"size","columns":2000,"rows":1})"));
  EXPECT_TRUE(Is<PageAck>(R"({"type":"ack","bytes":0})"));
  EXPECT_TRUE(Is<PageAnswer>(R"({"type":"answer","question":"q","value":"yes"})"));
  EXPECT_TRUE(Is<PagePong>(R"({"type":"pong","n":1})"));
  EXPECT_TRUE(Is<PageStay>(R"({"type":"stay"})"));
  EXPECT_TRUE(Is<PageEnd>(R"({"type":"end"})"));
}

TEST(PageMessages, WhatIsNoneIsNothing) {
  const std::string rows[] = {
      "",
      "null",
      "[]",
      "\"start\"",
      "{",
      R"({"type":1})",
      R"({"type":"start"})",
      R"({"type":"start","columns":80,"rows":24})",
      R"({"type":"start","columns":80,"rows":24,"from":-1})",
      R"({"type":"start","columns":80,"rows":24,"from":1.5})",
      R"({"type":"size","columns":0,"rows":24})",
      R"({"type":"size","columns":80,"rows":2001})",
      R"({"type":"size","columns":"80","rows":24})",
      R"({"type":"ack","bytes":-5})",
      R"({"type":"ack","bytes":1e3})",
      R"({"type":"answer","question":"q"})",
      R"({"type":"answer","question":"q","value":7})",
      R"({"type":"unheard-of"})",
      "{\"type\":\"stay\",\"x\":\"\xff\"}",
      R"({"type":"answer","question":"q","value":")" + std::string(300, '1') + "\"}",
      R"({"type":"stay","x":")" + std::string(kTextMessageBytesMax, 'x') + "\"}",
      std::string(4000, '['),
  };
  for (const std::string& row : rows) EXPECT_FALSE(ParsePageMessage(row)) << row.substr(0, 80);
}

TEST(PageMessages, FramesAreJson) {
  EXPECT_EQ(StepFrame({"push", true, "AWS has \"it\""}),
            R"({"state":"done","step":"push","type":"step","words":"AWS has \"it\""})");
  EXPECT_EQ(ReadyFrame(7, {}, ""), R"({"from":7,"type":"ready"})");
  EXPECT_EQ(ReadyFrame(7, {"SHA256:x", "file"}, "10.0.0.1"),
            R"({"address":"10.0.0.1","from":7,"host_key":{"fingerprint":"SHA256:x",)"
            R"("known_from":"file"},"type":"ready"})");
  EXPECT_EQ(PingFrame(3), R"({"n":3,"type":"ping"})");
  EXPECT_EQ(IdleFrame(60), R"({"seconds_left":60,"type":"idle"})");
  EXPECT_EQ(EndFrame({"exited", "session", "w", "n"}, 7),
            R"({"next":"n","slug":"exited","status":7,"step":"session","type":"end","words":"w"})");
  // Words of an instance may be no UTF-8.
  EXPECT_NE(EndFrame({"cut", "session", "\xff", ""}, 0).find("\xef\xbf\xbd"), std::string::npos);
}

}  // namespace
}  // namespace eic::console
