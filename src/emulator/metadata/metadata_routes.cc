#include "emulator/metadata/metadata_routes.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "emulator/api/arn.h"
#include "emulator/limits.h"
#include "issuer/staples.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kTokenPath = "/latest/api/token";
constexpr std::string_view kMetadataPath = "/latest/meta-data/";
constexpr std::string_view kIdentityPath = "/latest/dynamic/instance-identity/document";
constexpr std::string_view kTtlHeader = "x-aws-ec2-metadata-token-ttl-seconds";
constexpr std::string_view kTokenHeader = "x-aws-ec2-metadata-token";

// If `text` begins with `prefix`, takes it away.
bool Consume(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::int64_t> ParseTtl(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::int64_t ttl = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, ttl);
  if (error != std::errc() || stop != end) return std::nullopt;
  if (ttl < kTokenSecondsMin || ttl > kTokenSecondsMax) return std::nullopt;
  return ttl;
}

}  // namespace

MetadataRoutes::MetadataRoutes(const Instance& instance, const TokenMint& tokens, KeyStore& keys,
                               RecordSigner& signer, std::int64_t throttle_per_second, Clock clock,
                               RoleCredentials* role)
    : instance_(instance),
      tokens_(tokens),
      keys_(keys),
      signer_(signer),
      throttle_(throttle_per_second, std::move(clock)),
      role_(role) {}

HttpAnswer MetadataRoutes::Answer(const HttpRequest& request) {
  if (!instance_.metadata_enabled) return StatusAnswer(403);
  if (!throttle_.Admits()) return StatusAnswer(429);
  std::string_view path = request.path;
  if (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  if (path == kTokenPath) return AnswerToken(request);

  if (request.method != "GET" && request.method != "HEAD") return StatusAnswer(405);
  const std::optional<std::string> token = request.Header(kTokenHeader);
  if (!token || !tokens_.IsLive(*token)) return StatusAnswer(401);
  std::optional<std::string> body = Resource(path);
  if (!body) return StatusAnswer(404);
  HttpAnswer answer;
  answer.body = std::move(*body);
  return answer;
}

HttpAnswer MetadataRoutes::AnswerToken(const HttpRequest& request) const {
  if (request.method != "PUT") return StatusAnswer(405);
  // A PUT that came through a proxy: the service does not hand tokens outside of the instance.
  if (request.Header("x-forwarded-for")) return StatusAnswer(403);
  const std::optional<std::int64_t> ttl = ParseTtl(request.Header(kTtlHeader));
  if (!ttl) return StatusAnswer(400);
  HttpAnswer answer;
  answer.body = tokens_.Issue(*ttl);
  answer.hop_limit = instance_.hop_limit;
  answer.headers.emplace("X-aws-ec2-metadata-token-ttl-seconds", std::to_string(*ttl));
  return answer;
}

std::optional<std::string> MetadataRoutes::Resource(std::string_view path) {
  if (path == kIdentityPath) return IdentityDocument();
  if (!Consume(path, kMetadataPath)) return std::nullopt;
  if (Consume(path, "managed-ssh-keys/")) return ManagedSshKeys(path);
  if (Consume(path, "iam/")) return Iam(path);
  return PlainValue(path);
}

std::optional<std::string> MetadataRoutes::PlainValue(std::string_view name) const {
  if (name == "instance-id") return instance_.instance_id;
  if (name == "placement/region") return instance_.region;
  if (name == "placement/availability-zone") return instance_.availability_zone;
  if (name == "services/domain") return instance_.domain;
  return std::nullopt;
}

// The instance's profile: the name of its role, and credentials of a session that is called as the
// instance.
std::optional<std::string> MetadataRoutes::Iam(std::string_view name) {
  if (role_ == nullptr) return std::nullopt;
  const std::string role_name = NameOfRole(role_->role().arn);
  if (name == "security-credentials") return role_name;
  if (!Consume(name, "security-credentials/") || name != role_name) return std::nullopt;
  const std::optional<RoleCredentials::Current> current = role_->Get();
  if (!current) return std::nullopt;
  return InstanceCredentialsJson(*current);
}

std::optional<std::string> MetadataRoutes::ManagedSshKeys(std::string_view name) {
  if (name == "signer-cert") return signer_.ChainPem();
  if (name == "signer-ocsp") return StapleList();
  if (Consume(name, "signer-ocsp/")) return Staple(name);
  if (!Consume(name, "active-keys/")) return std::nullopt;
  // One segment, decoded after the path was taken apart: an encoded slash is part of the name.
  if (name.find('/') != std::string_view::npos) return std::nullopt;
  const std::optional<std::string> user = PercentDecode(name);
  if (!user) return std::nullopt;
  return keys_.Blob(*user);
}

std::optional<std::string> MetadataRoutes::Staple(std::string_view name) {
  for (const issuer::NamedStaple& staple : signer_.Staples()) {
    if (staple.name == name) return issuer::StapleBase64(staple.der);
  }
  return std::nullopt;
}

std::string MetadataRoutes::StapleList() {
  std::string list;
  for (const issuer::NamedStaple& staple : signer_.Staples()) {
    if (!list.empty()) list.append("\n");
    list.append(staple.name);
  }
  return list;
}

std::string MetadataRoutes::IdentityDocument() const {
  const nlohmann::ordered_json document = {
      {"accountId", instance_.account_id},
      {"architecture", "x86_64"},
      {"availabilityZone", instance_.availability_zone},
      {"instanceId", instance_.instance_id},
      {"region", instance_.region},
      {"version", "2017-09-30"},
  };
  return document.dump(2);
}

}  // namespace eic::emulator
