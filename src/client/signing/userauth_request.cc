#include "client/signing/userauth_request.h"

#include "client/signing/wire.h"

namespace eic::client {
namespace {

constexpr std::uint8_t kUserauthRequest = 50;  // RFC 4252 section 6
constexpr std::string_view kService = "ssh-connection";
constexpr std::string_view kPublickey = "publickey";
constexpr std::string_view kHostbound = "publickey-hostbound-v00@openssh.com";

}  // namespace

std::optional<UserauthRequest> ParseUserauthRequest(std::string_view data) {
  WireReader reader(data);
  const auto session_id = reader.NextString();
  if (!session_id || session_id->empty()) return std::nullopt;
  if (reader.NextByte() != kUserauthRequest) return std::nullopt;
  const auto user = reader.NextString();
  if (!user || reader.NextString() != kService) return std::nullopt;
  const auto method = reader.NextString();
  if (method != kPublickey && method != kHostbound) return std::nullopt;
  if (reader.NextByte() != std::uint8_t{1}) return std::nullopt;
  const auto algorithm = reader.NextString();
  const auto key_blob = reader.NextString();
  if (!algorithm || !key_blob) return std::nullopt;
  UserauthRequest request{*session_id, *user, *algorithm, *key_blob, std::nullopt};
  if (method == kHostbound) {
    request.host_key = reader.NextString();
    if (!request.host_key) return std::nullopt;
  }
  if (!reader.AtEnd()) return std::nullopt;
  return request;
}

}  // namespace eic::client
