// What the tests of Imds share: a scripted network, and the routes of the metadata service on it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/imds.h"
#include "tests/fakes/for_tests.h"
#include "tests/fakes/scripted_http.h"

namespace eic {

// Names in place of addresses: nothing here reaches a network.
inline constexpr const char* kFirst = "http://first";
inline constexpr const char* kSecond = "http://second";
inline constexpr const char* kToken = "AQAEAtoken==";

inline std::string PutTokenAt(const std::string& endpoint) {
  return "PUT " + endpoint + "/latest/api/token";
}
inline std::string GetAt(const std::string& endpoint, const std::string& path) {
  return "GET " + endpoint + "/latest/meta-data/" + path;
}
inline std::string BlobAt(const std::string& endpoint, const std::string& user) {
  return GetAt(endpoint, "managed-ssh-keys/active-keys/" + user);
}

// A session of a process that has confined itself, as far as it knows.
class ConfinedImds {
 public:
  ConfinedImds(HttpTransport& http, std::vector<std::string> endpoints, Deadline deadline)
      : imds_(http, std::move(endpoints), deadline) {}

  void Dial() { imds_.Dial(); }
  Result<std::string> FetchBlob(std::string_view user) {
    return imds_.FetchBlob(ForTests::MakeConfined(), NamedUser(user));
  }
  Result<std::string> FetchInstanceId() { return imds_.FetchInstanceId(ForTests::MakeConfined()); }
  Result<Evidence> FetchEvidence() { return imds_.FetchEvidence(ForTests::MakeConfined()); }

 private:
  Imds imds_;
};

class ImdsTest : public testing::Test {
 protected:
  using Fault = HttpOutcome::Fault;

  ConfinedImds Session(std::chrono::milliseconds time_left = std::chrono::seconds(5)) {
    return ConfinedImds(http_, {kFirst, kSecond}, Deadline::After(time_left));
  }

  // A token from the first endpoint, every time it is asked for.
  void GrantToken() { http_.Always(PutTokenAt(kFirst), fakes::Answer(200, kToken)); }

  // The value of the token header of a request; empty without one.
  static std::string TokenOf(const HttpRequest& request) {
    const std::string name = "X-aws-ec2-metadata-token: ";
    for (const std::string& header : request.headers) {
      if (header.compare(0, name.size(), name) == 0) return header.substr(name.size());
    }
    return "";
  }

  fakes::ScriptedHttp http_;
};

// `ok`, or the slug of the reason.
template <typename T>
std::string OutcomeOf(const Result<T>& result) {
  return result.ok() ? "ok" : std::string(Slug(result.error().reason));
}

}  // namespace eic
