#include "aws/credentials/instance_metadata.h"

#include "aws/credentials/metadata_json.h"
#include "aws/endpoints.h"
#include "aws/limits.h"
#include "aws/text.h"

namespace eic::aws {
namespace {

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr const char* kCredentialsPath = "latest/meta-data/iam/security-credentials/";
constexpr const char* kRegionPath = "latest/meta-data/placement/region";

bool IsDisabled(World& world) {
  return IsTrue(world.Env("AWS_EC2_METADATA_DISABLED").value_or(""));
}

// `http://169.254.169.254/`, or what is configured.
Outcome<std::string> BaseUrl(World& world, const Configuration& configuration) {
  const Profile& own = configuration.OwnProfile();
  std::string url = world.Env("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("");
  if (url.empty()) url = own.Get("ec2_metadata_service_endpoint");
  std::string mode = world.Env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("");
  if (mode.empty()) mode = own.Get("ec2_metadata_service_endpoint_mode");
  if (url.empty()) {
    url = LowerCase(mode) == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  const auto endpoint = ParseEndpointUrl(url, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (!endpoint) return endpoint.error();
  const std::string slash = EndsWith(endpoint->path, "/") ? "" : "/";
  return endpoint->scheme + "://" + endpoint->host + endpoint->path + slash;
}

HttpReply Ask(const std::string& method, const std::string& url, const std::string& header,
              const std::string& value, World& world) {
  HttpCall call;
  call.method = method;
  call.url = url;
  call.headers[header] = value;
  call.answer_bytes_max = kAnswerBytesMax;
  call.connect_time_max = kMetadataTimeMax;
  call.time_max = kMetadataTimeMax;
  call.may_use_proxy = false;
  return Perform(world.http(), call);
}

bool IsHeaderValue(const std::string& text) {
  return !text.empty() && text.find_first_of("\r\n") == std::string::npos;
}

// A session's token; empty where nobody gives one.
std::string Token(const std::string& base, World& world) {
  const HttpReply reply =
      Ask("PUT", base + "latest/api/token", "x-aws-ec2-metadata-token-ttl-seconds", "21600", world);
  const std::string token(Trimmed(reply.body));
  return reply.status == kOk && IsHeaderValue(token) ? token : "";
}

HttpReply Get(const std::string& url, const std::string& token, World& world) {
  return Ask("GET", url, "x-aws-ec2-metadata-token", token, world);
}

Failure Unexpected(const std::string& what, const HttpReply& reply) {
  const std::string how = reply.fault == HttpReply::Fault::kNone
                              ? "status " + std::to_string(reply.status)
                              : reply.detail;
  return {"MalformedAnswer", "instance metadata, " + what + ": " + how,
          "AWS_EC2_METADATA_DISABLED=true leaves metadata out."};
}

}  // namespace

MaybeCredentials CredentialsOfInstance(World& world, const Configuration& configuration) {
  if (IsDisabled(world)) return std::optional<Credentials>();
  const auto base = BaseUrl(world, configuration);
  if (!base) return base.error();
  const std::string token = Token(*base, world);
  if (token.empty()) return std::optional<Credentials>();

  const HttpReply roles = Get(*base + kCredentialsPath, token, world);
  if (roles.status == kNotFound) return std::optional<Credentials>();
  const std::string role(Trimmed(roles.body.substr(0, roles.body.find('\n'))));
  if (roles.status != kOk || role.empty()) return Unexpected("the role's name", roles);

  const HttpReply reply = Get(*base + kCredentialsPath + PercentEncode(role), token, world);
  auto found = ParseServedCredentials(reply.body);
  if (reply.status != kOk || !found) return Unexpected("credentials of role " + role, reply);
  found->source = "instance role " + role;
  return found;
}

std::optional<std::string> FetchRegion(World& world, const Configuration& configuration) {
  const auto base =
      IsDisabled(world) ? Outcome<std::string>(Failure{"", ""}) : BaseUrl(world, configuration);
  if (!base) return std::nullopt;
  const std::string token = Token(*base, world);
  if (token.empty()) return std::nullopt;
  const HttpReply reply = Get(*base + kRegionPath, token, world);
  const std::string region(Trimmed(reply.body));
  if (reply.status != kOk || !IsRegion(region)) return std::nullopt;
  return region;
}

}  // namespace eic::aws
