// What strangers do to a listener: requests that are no good HTTP, and clients that take their
// time.
#include "emulator/server/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "emulator/limits.h"
#include "tests/emulator/loopback_client.h"
#include "tests/emulator/raw_connection.h"

namespace eic::emulator {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class Listeners : public testing::Test {
 protected:
  Listeners() { listener_.Start(); }

  int port() const { return listener_.address().port; }

  std::string Exchange(const std::string& request) const {
    const RawConnection connection(port());
    connection.Send(request);
    return connection.Receive();
  }

  // How long a good request takes.
  steady_clock::duration Latency() const {
    const auto before = steady_clock::now();
    EXPECT_THAT(Exchange(kGet), testing::HasSubstr("good /"));
    return steady_clock::now() - before;
  }

  Listener listener_{{"127.0.0.1", 0},
                     [](const HttpRequest& request) {
                       HttpAnswer answer;
                       answer.body = "good " + request.path + " " + request.body;
                       return answer;
                     },
                     [](const HttpRequest&, int status) {
                       HttpAnswer answer;
                       answer.status = status;
                       answer.body = "refused";
                       return answer;
                     }};
};

TEST_F(Listeners, RangesAreLeftAlone) {
  for (const char* ranges : {"0-3", "0-3,5-", "900-999", "0-,0-,0-,0-"}) {
    SCOPED_TRACE(ranges);
    const std::string answer =
        Exchange(std::string("GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=") + ranges + "\r\n\r\n");
    EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer, testing::EndsWith("\r\n\r\ngood / "));
  }
}

TEST_F(Listeners, WhatIsNoGoodHttpIsRefusedInTheServicesWords) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::pair<std::string, const char*> kBad[] = {
      {std::string("\0\1\2\r\n\r\n", 7), "HTTP/1.1 400"},
      {"GET /\r\n\r\n", "HTTP/1.1 400"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400"},
      {post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 411"},
      {post + "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 415"},
      {post + "Content-Length: 2097152\r\n\r\n" + std::string(2097152, 'x'), "HTTP/1.1 413"},
      {"GET /" + std::string(kTargetBytesMax, 'x') + " HTTP/1.1\r\n\r\n", "HTTP/1.1 414"},
      {post + "X: " + std::string(100000, 'y') + "\r\n\r\n", "HTTP/1.1 400"},
  };
  for (const auto& [request, status] : kBad) {
    const std::string answer = Exchange(request);
    EXPECT_THAT(answer, testing::StartsWith(status)) << request.substr(0, 80);
    EXPECT_THAT(answer, testing::EndsWith("refused")) << request.substr(0, 80);
  }
}

TEST_F(Listeners, ALengthThatIsWrongEndsTheRequestThere) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
  EXPECT_THAT(Exchange(post + "1\r\n\r\n{}"), testing::EndsWith("good / {"));
  // cpp-httplib takes it for none; newer ones refuse it.
  EXPECT_THAT(Exchange(post + "abc\r\n\r\n{}"),
              testing::AnyOf(testing::EndsWith("good / "), testing::EndsWith("refused")));
  EXPECT_THAT(Exchange(post + "9\r\n\r\n{}"), testing::EndsWith("refused"));
  EXPECT_THAT(Exchange(post + "99999999999999999999\r\n\r\n{}"), testing::EndsWith("refused"));
}

TEST_F(Listeners, OneRequestAConnectionIsAnswered) {
  const std::string answer = Exchange(std::string(kGet) + kGet);
  EXPECT_EQ(answer.find("good"), answer.rfind("good"));
}

TEST_F(Listeners, WithKeepAliveSeveralAreAnsweredUntilOneIsRefused) {
  const auto answer_good = [](const HttpRequest& request) {
    HttpAnswer answer;
    answer.body = "good " + request.path;
    return answer;
  };
  const auto refuse = [](const HttpRequest&, int status) {
    HttpAnswer answer;
    answer.status = status;
    answer.body = "refused";
    return answer;
  };
  ListenerOptions options;
  options.keep_alive = true;
  Listener listener({"127.0.0.1", 0}, answer_good, refuse, options);
  listener.Start();
  const RawConnection connection(listener.address().port);
  for (const std::string path : {"/1", "/2"}) {
    connection.Send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(connection.ReceiveUntil("good " + path), testing::StartsWith("HTTP/1.1 200"));
  }
  connection.Send("POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string refused = connection.Receive();
  EXPECT_THAT(refused, testing::StartsWith("HTTP/1.1 411"));
  EXPECT_THAT(refused, testing::HasSubstr("Connection: close"));
  EXPECT_THAT(refused, testing::EndsWith("refused"));
}

TEST_F(Listeners, WithKeepAliveWhatIsNoHttpEndsTheConnection) {
  ListenerOptions options;
  options.keep_alive = true;
  Listener listener(
      {"127.0.0.1", 0}, [](const HttpRequest&) { return HttpAnswer(); },
      [](const HttpRequest&, int status) {
        HttpAnswer answer;
        answer.status = status;
        answer.body = "refused";
        return answer;
      },
      options);
  listener.Start();
  const RawConnection connection(listener.address().port);
  connection.Send("GET /\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = connection.Receive();
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(answer.find("HTTP/1.1"), answer.rfind("HTTP/1.1"));
}

TEST_F(Listeners, ClientsThatTakeTheirTimeHoldUpNobody) {
  std::vector<std::unique_ptr<RawConnection>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<RawConnection>(port()));
    ASSERT_TRUE(slow.back()->connected());
    if (i % 2 == 0) slow.back()->Send("GET / HT");
  }
  EXPECT_LT(Latency(), seconds(1));
}

TEST_F(Listeners, HeaderLinesWithoutEndAreCutOff) {
  const RawConnection flood(port());
  ASSERT_TRUE(flood.connected());
  flood.Send("GET / HTTP/1.1\r\n");
  std::string block;
  for (int i = 0; i < 1000; ++i)
    block += "X-" + std::to_string(i) + ": " + std::string(64, 'y') + "\r\n";
  const auto before = steady_clock::now();
  while (flood.Send(block) && steady_clock::now() - before < seconds(kConnectionSecondsMax)) {
  }
  EXPECT_LT(steady_clock::now() - before, seconds(5));
  EXPECT_LT(Latency(), seconds(1));
}

TEST_F(Listeners, StopEndsConnectionsWhateverTheyWaitFor) {
  const RawConnection silent(port());
  const RawConnection slow(port());
  slow.Send("GET / HT");
  EXPECT_LT(Latency(), seconds(1));
  const auto before = steady_clock::now();
  listener_.Stop();
  EXPECT_LT(steady_clock::now() - before, seconds(1));
}

// A client that drips can keep its connection for long, but not for ever.
TEST_F(Listeners, AConnectionEndsWhenItsTimeIsOver) {
  const RawConnection slow(port());
  const auto before = steady_clock::now();
  const timespec pause{0, 500000000};
  while (slow.Send("G") && steady_clock::now() - before < seconds(2 * kConnectionSecondsMax)) {
    ::nanosleep(&pause, nullptr);
  }
  EXPECT_GT(steady_clock::now() - before, seconds(kConnectionSecondsMax - 1));
  EXPECT_LT(steady_clock::now() - before, seconds(kConnectionSecondsMax + 5));
}

}  // namespace
}  // namespace eic::emulator
