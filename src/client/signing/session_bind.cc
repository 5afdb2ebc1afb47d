#include "client/signing/session_bind.h"

#include "client/signing/host_key.h"
#include "client/signing/wire.h"

namespace eic::client {
namespace {

// An exchange hash: SHA-1 to SHA-512 (RFC 4253 section 8).
constexpr std::size_t kSessionIdBytesMin = 20;
constexpr std::size_t kSessionIdBytesMax = 64;

}  // namespace

std::optional<SessionBind> ParseSessionBind(std::string_view contents) {
  WireReader reader(contents);
  const auto host_key = reader.NextString();
  const auto session_id = reader.NextString();
  const auto signature = reader.NextString();
  const auto is_forwarding = reader.NextByte();
  if (!host_key || !session_id || !signature || !is_forwarding || !reader.AtEnd()) {
    return std::nullopt;
  }
  if (session_id->size() < kSessionIdBytesMin || session_id->size() > kSessionIdBytesMax) {
    return std::nullopt;
  }
  return SessionBind{*host_key, *session_id, *signature, *is_forwarding != 0};
}

std::optional<VerifiedBinding> VerifySessionBind(const SessionBind& bind) {
  const std::optional<HostKey> key = ParseHostKey(bind.host_key);
  if (!key || !IsSignedByHost(*key, bind.signature, bind.session_id)) return std::nullopt;
  VerifiedBinding binding;
  binding.host_key_ = std::string(bind.host_key);
  binding.plain_host_key_ = key->blob;
  binding.is_certificate_ = key->is_certificate;
  binding.session_id_ = std::string(bind.session_id);
  return binding;
}

}  // namespace eic::client
