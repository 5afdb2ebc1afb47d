#include "aws/credentials/container.h"

#include <algorithm>

#include "aws/credentials/metadata_json.h"
#include "aws/endpoints.h"
#include "aws/limits.h"
#include "aws/retry.h"
#include "aws/text.h"

namespace eic::aws {
namespace {

constexpr int kOk = 200;
constexpr const char* kRelativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr const char* kToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

// Without the port.
std::string HostName(const std::string& host) {
  if (StartsWith(host, "[")) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

// 127.0.0.0/8 as a literal address: `127.evil.example` is none.
bool IsLoopback(const std::string& name) {
  if (name == "localhost" || name == "[::1]") return true;
  return StartsWith(name, "127.") && std::count(name.begin(), name.end(), '.') == 3 &&
         name.find_first_not_of("0123456789.") == std::string::npos;
}

// Where a secret may be fetched without TLS.
bool MayBePlain(const std::string& host) {
  const std::string name = HostName(host);
  return IsLoopback(name) || name == "169.254.170.2" || name == "169.254.170.23" ||
         name == "[fd00:ec2::23]";
}

Outcome<std::string> UrlOf(World& world) {
  const auto relative = world.Env(kRelativeUri);
  if (relative && !relative->empty()) {
    // What does not begin with a slash would become part of the host's name.
    if (relative->front() == '/') return "http://169.254.170.2" + *relative;
    return Failure{"BadConfiguration", std::string(kRelativeUri) + " does not begin with '/'",
                   "Correct it, or unset it."};
  }
  const std::string url = world.Env(kFullUri).value_or("");
  const std::size_t host = std::min(url.find("://"), url.size());
  const std::size_t host_end = url.find_first_of("/?#", std::min(host + 3, url.size()));
  const auto endpoint = ParseEndpointUrl(url.substr(0, host_end), kFullUri);
  if (!endpoint) return endpoint.error();
  if (endpoint->scheme == "http" && !MayBePlain(endpoint->host)) {
    return Failure{
        "BadConfiguration",
        std::string(kFullUri) + " is plain HTTP to " + endpoint->host +
            ": plain HTTP is allowed only to this host and to AWS's link-local addresses",
        "Use https."};
  }
  return url;
}

// The Authorization header; empty: none.
Outcome<std::string> AuthorizationOf(World& world) {
  std::string token = world.Env(kToken).value_or("");
  const auto file = world.Env(kTokenFile);
  if (file && !file->empty()) {
    const auto text = world.ReadFile(*file, kTokenFileBytesMax);
    if (!text) return text.error();
    if (!text->has_value()) {
      return Failure{"BadConfiguration", std::string(kTokenFile) + ": " + *file + " is no file",
                     "Correct it, or unset it."};
    }
    token = **text;
  }
  if (token.find_first_of("\r\n") != std::string::npos) {
    return Failure{"BadConfiguration", "the container's authorization token has a line end in it",
                   "Write the token without one."};
  }
  return token;
}

HttpReply Fetch(const HttpCall& call, World& world) {
  HttpReply reply;
  for (int attempts = 1; attempts <= kContainerAttemptsMax; ++attempts) {
    reply = Perform(world.http(), call);
    const bool is_final = !IsTransientFault(reply.fault) && !IsRetriedAnswer(reply.status, "");
    if (is_final || attempts == kContainerAttemptsMax) break;
    (void)world.http().Wait(BackoffBefore(1, world.Random()));
  }
  return reply;
}

}  // namespace

MaybeCredentials CredentialsOfContainer(World& world) {
  if (world.Env(kRelativeUri).value_or("").empty() && world.Env(kFullUri).value_or("").empty()) {
    return std::optional<Credentials>();
  }
  const auto url = UrlOf(world);
  if (!url) return url.error();
  const auto authorization = AuthorizationOf(world);
  if (!authorization) return authorization.error();
  HttpCall call;
  call.method = "GET";
  call.url = *url;
  call.headers["accept"] = "application/json";
  if (!authorization->empty()) call.headers["authorization"] = *authorization;
  call.answer_bytes_max = kAnswerBytesMax;
  call.connect_time_max = kContainerTimeMax;
  call.time_max = kContainerTimeMax;
  call.may_use_proxy = false;
  const HttpReply reply = Fetch(call, world);
  auto found = ParseServedCredentials(reply.body);
  if (reply.fault == HttpReply::Fault::kNone && reply.status == kOk && found) {
    found->source = "container";
    return found;
  }
  const std::string how = reply.fault != HttpReply::Fault::kNone ? reply.detail
                          : reply.status != kOk ? "status " + std::to_string(reply.status)
                                                : "the answer has no credentials";
  return Failure{"NoCredentials", "credentials of the container: " + how,
                 "Check the task's or pod's role; unset " + std::string(kRelativeUri) + " and " +
                     kFullUri + " to look elsewhere."};
}

}  // namespace eic::aws
