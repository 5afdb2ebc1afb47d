#include "aws/curl_door.h"

#include <gtest/gtest.h>

#include "tests/fakes/raw_server.h"

namespace eic::aws {
namespace {

using Fault = HttpReply::Fault;
using std::chrono::milliseconds;

class CurlDoorTest : public testing::Test {
 protected:
  HttpCall Call(const std::string& path) const {
    HttpCall call;
    call.method = "POST";
    call.url = server.url() + path;
    call.headers["x-a"] = "b";
    call.body = "body";
    call.answer_bytes_max = 64;
    call.connect_time_max = milliseconds(20000);
    call.time_max = milliseconds(20000);
    call.may_use_proxy = false;
    return call;
  }

  fakes::RawServer server;
  CurlDoor door;
};

TEST_F(CurlDoorTest, KeepsTheConnectionForTheNextCall) {
  server.At("/", fakes::AnswersAndKeepsOpen("hello"));
  HttpCall get = Call("/");
  get.method = "GET";
  get.body = "";
  for (int i = 0; i < 3; ++i) {
    const HttpReply reply = Perform(door, get);
    EXPECT_EQ(reply.fault, Fault::kNone) << reply.detail;
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hello");
    EXPECT_EQ(reply.headers.at("content-type"), "text/plain");
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(CurlDoorTest, SendsWhatItIsTold) {
  server.At("/p", fakes::Answers(200, ""));
  (void)Perform(door, Call("/p"));
  const std::string head = server.heads().at(0);
  EXPECT_EQ(head.substr(0, 17), "POST /p HTTP/1.1\r");
  EXPECT_NE(head.find("x-a: b\r\n"), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Expect"), std::string::npos);
  EXPECT_EQ(head.find("Content-Type"), std::string::npos);
}

TEST_F(CurlDoorTest, FollowsNoRedirect) {
  server.At("/", fakes::Redirects(server.url() + "/other"));
  const HttpReply reply = Perform(door, Call("/"));
  EXPECT_EQ(reply.status, 302);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(CurlDoorTest, GivesTheBodyOfAnError) {
  server.At("/", fakes::Answers(400, "AuthFailure"));
  EXPECT_EQ(Perform(door, Call("/")).body, "AuthFailure");
}

TEST_F(CurlDoorTest, NamesEachFault) {
  const std::pair<fakes::Behaviour, Fault> rows[] = {
      {fakes::Resets(), Fault::kConnectionLost},
      {fakes::ClosesWithoutAnswer(), Fault::kConnectionLost},
      {fakes::Truncates("short", 60), Fault::kConnectionLost},
      {fakes::TruncatesChunks(), Fault::kConnectionLost},
      {fakes::Hangs(), Fault::kTimeout},
      {fakes::HangsInHeaders(), Fault::kTimeout},
      {fakes::HangsInBody(), Fault::kTimeout},
      {fakes::Drips(milliseconds(100)), Fault::kTimeout},
      {fakes::EndlessBody(), Fault::kTooLarge},
      {fakes::EndlessBodyOfLength(1000000000), Fault::kTooLarge},
      {fakes::EndlessChunks(), Fault::kTooLarge},
      {fakes::HeaderFlood(), Fault::kTooLarge},
      {fakes::Garbage(), Fault::kMalformed},
  };
  int row = 0;
  for (const auto& [behaviour, fault] : rows) {
    const std::string path = "/" + std::to_string(++row);
    server.At(path, behaviour);
    HttpCall call = Call(path);
    if (fault == Fault::kTimeout) call.time_max = milliseconds(1000);
    const HttpReply reply = Perform(door, call);
    EXPECT_EQ(static_cast<int>(reply.fault), static_cast<int>(fault)) << path << reply.detail;
    EXPECT_FALSE(reply.detail.empty()) << path;
  }
}

TEST_F(CurlDoorTest, NamesAConnectionThatIsRefused) {
  std::string url;
  {
    const fakes::RawServer gone;
    url = gone.url();
  }
  HttpCall call = Call("/");
  call.url = url + "/";
  EXPECT_EQ(Perform(door, call).fault, Fault::kNotConnected);
}

TEST_F(CurlDoorTest, SpeaksNothingButHttp) {
  HttpCall call = Call("/");
  call.method = "GET";
  call.url = "file:///etc/hostname";
  const HttpReply reply = Perform(door, call);
  EXPECT_EQ(reply.fault, Fault::kMalformed);
  EXPECT_EQ(reply.body, "");
}

// The slow one was asked first; the quick one is there first.
TEST_F(CurlDoorTest, RunsCallsSideBySide) {
  server.At("/slow", fakes::AnswersAfter(milliseconds(1500), "slow"));
  server.At("/quick", fakes::Answers(200, "quick"));
  const HttpDoor::Ticket slow = door.Start(Call("/slow"));
  const HttpDoor::Ticket quick = door.Start(Call("/quick"));
  const auto first = door.Wait(milliseconds(20000));
  const auto second = door.Wait(milliseconds(20000));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->ticket, quick);
  EXPECT_EQ(first->reply.body, "quick");
  EXPECT_EQ(second->ticket, slow);
  EXPECT_EQ(second->reply.body, "slow");
}

TEST_F(CurlDoorTest, CanBeLeftWithACallUnderWay) {
  server.At("/", fakes::Hangs());
  door.Start(Call("/"));
  EXPECT_FALSE(door.Wait(milliseconds(20)));
}

}  // namespace
}  // namespace eic::aws
