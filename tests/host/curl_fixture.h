// What the tests of CurlHttp share. Everything stays on the loopback interface.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "host/curl_http.h"
#include "tests/fakes/for_tests.h"
#include "tests/fakes/raw_server.h"

namespace eic {

inline const char* NameOf(HttpOutcome::Fault fault) {
  switch (fault) {
    case HttpOutcome::Fault::kNone:
      return "none";
    case HttpOutcome::Fault::kNoRoute:
      return "no route";
    case HttpOutcome::Fault::kConnectFailed:
      return "connect failed";
    case HttpOutcome::Fault::kConnectTimeout:
      return "connect timeout";
    case HttpOutcome::Fault::kTimeout:
      return "timeout";
    case HttpOutcome::Fault::kConnectionLost:
      return "connection lost";
    case HttpOutcome::Fault::kTooLarge:
      return "too large";
    case HttpOutcome::Fault::kMalformed:
      return "malformed";
  }
  return "?";
}

inline HttpRequest Get(const std::string& url, std::size_t body_bytes_max = 1024) {
  HttpRequest request;
  request.url = url;
  request.body_bytes_max = body_bytes_max;
  request.connect_time_max = std::chrono::milliseconds(2000);
  request.time_max = std::chrono::milliseconds(2000);
  return request;
}

// The same for a server that will keep silent.
inline HttpRequest GetWithin(const std::string& url, std::chrono::milliseconds time_max) {
  HttpRequest request = Get(url);
  request.time_max = time_max;
  return request;
}

class CurlHttpTest : public testing::Test {
 protected:
  using Milliseconds = std::chrono::milliseconds;

  void SetUp() override { ASSERT_TRUE(server_.IsOpen()); }

  HttpOutcome Perform(const HttpRequest& request) {
    const auto start = std::chrono::steady_clock::now();
    HttpOutcome outcome = http_.PerformAll(ForTests::MakeConfined(), {request}).front();
    took_ = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - start);
    return outcome;
  }

  // What comes of a GET that `behaviour` answers: `none`, or the name of the fault.
  std::string FaultOf(fakes::Behaviour behaviour, std::size_t body_bytes_max = 1024) {
    server_.At("/x", std::move(behaviour));
    const HttpOutcome outcome = Perform(Get(server_.url() + "/x", body_bytes_max));
    if (outcome.fault != HttpOutcome::Fault::kNone) {
      EXPECT_EQ(outcome.status, 0);
      EXPECT_EQ(outcome.body, "");
      EXPECT_NE(outcome.detail, "");
    }
    return NameOf(outcome.fault);
  }

  fakes::RawServer server_;
  CurlHttp http_;
  Milliseconds took_{0};
};

}  // namespace eic
