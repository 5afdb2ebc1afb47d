// Goal of this test: a connection that is begun beforehand goes where the endpoint says, sends and
// reads nothing by itself, and is what the request then uses; and what goes wrong with it is the
// fault that the request would have met.
#include "host/dial.h"

#include <cerrno>

#include "tests/fakes/behaviours.h"
#include "tests/fakes/needs.h"
#include "tests/fakes/silent_listener.h"
#include "tests/host/curl_fixture.h"

namespace eic {
namespace {

constexpr std::chrono::milliseconds kShort{200};

class DialTest : public CurlHttpTest {
 protected:
  HttpOutcome PerformDialed(const std::string& endpoint, HttpRequest request) {
    request.dialed = http_.Dial(endpoint);
    return Perform(request);
  }
};

TEST_F(DialTest, TheRequestUsesTheConnection) {
  server_.At("/x", fakes::Answers(200, "body"));
  const HttpOutcome outcome = PerformDialed(server_.url(), Get(server_.url() + "/x"));
  EXPECT_STREQ(NameOf(outcome.fault), "none");
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(outcome.body, "body");
}

TEST_F(DialTest, AConnectionIsUsedOnce) {
  server_.At("/x", fakes::Answers(200, "body"));
  HttpRequest request = Get(server_.url() + "/x");
  EXPECT_EQ(PerformDialed(server_.url(), request).status, 200);
  EXPECT_EQ(Perform(request).status, 200) << "the next one connects by itself";
}

TEST_F(DialTest, RefusedIsAConnectThatFailed) {
  const HttpOutcome outcome = PerformDialed("http://127.0.0.1:9", Get("http://127.0.0.1:9/x"));
  EXPECT_STREQ(NameOf(outcome.fault), "connect failed");
  EXPECT_NE(outcome.detail, "");
}

TEST_F(DialTest, RefusedOverIpv6IsTheSame) {
  const HttpOutcome outcome = PerformDialed("http://[::1]:9", Get("http://[::1]:9/x"));
  EXPECT_TRUE(outcome.fault == HttpOutcome::Fault::kConnectFailed ||
              outcome.fault == HttpOutcome::Fault::kNoRoute);
}

TEST_F(DialTest, SilenceIsAConnectThatTimedOut) {
  fakes::SilentListener silent;
  EIC_NEEDS(silent.IsSilent(), "a kernel that drops what knocks at a full queue");
  HttpRequest request = Get(silent.url() + "/x");
  request.connect_time_max = kShort;
  EXPECT_STREQ(NameOf(PerformDialed(silent.url(), request).fault), "connect timeout");
}

TEST_F(DialTest, WhatIsNoAddressFailsAtOnce) {
  for (const char* endpoint :
       {"", "http://", "http://name", "http://[", "http://[::1", "ftp://::1"}) {
    EXPECT_EQ(Dial(endpoint)->Wait(kShort), EINVAL) << endpoint;
  }
}

TEST_F(DialTest, AConnectionThatNobodyUsesIsClosed) {
  const std::shared_ptr<PendingConnection> dialed = Dial(server_.url());
  EXPECT_EQ(dialed->Wait(std::chrono::milliseconds(2000)), 0);
}

}  // namespace
}  // namespace eic
