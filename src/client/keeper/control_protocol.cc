#include "client/keeper/control_protocol.h"

#include <limits>

#include "client/keeper/limits.h"
#include "client/signing/wire.h"

namespace eic::client {
namespace {

constexpr std::uint8_t kVersion = 1;

bool TakeName(WireReader& reader, std::string& name) {
  const auto text = reader.NextString();
  if (!text || text->size() > kNameBytesMax || text->find('\0') != std::string_view::npos) {
    return false;
  }
  name = std::string(*text);
  return true;
}

std::optional<KeyType> NextKeyType(WireReader& reader) {
  const auto type = reader.NextByte();
  if (type == std::uint8_t{0}) return KeyType::kEd25519;
  if (type == std::uint8_t{1}) return KeyType::kRsa;
  return std::nullopt;
}

void AppendKeyType(std::string& wire, KeyType type) {
  AppendByte(wire, type == KeyType::kEd25519 ? 0 : 1);
}

bool TakeMake(WireReader& reader, KeyRequest& about) {
  const std::optional<KeyType> type = NextKeyType(reader);
  if (!type || !TakeName(reader, about.instance_id) || !TakeName(reader, about.os_user) ||
      !TakeName(reader, about.user_agent_socket)) {
    return false;
  }
  about.type = *type;
  const auto count = reader.NextUint32();
  if (!count || *count > kHostNamesMax) return false;
  about.host_names.resize(*count);
  for (std::string& name : about.host_names) {
    if (!TakeName(reader, name)) return false;
  }
  return true;
}

bool TakeFields(WireReader& reader, ControlRequest& request) {
  switch (request.verb) {
    case ControlVerb::kMake:
      return TakeMake(reader, request.about);
    case ControlVerb::kRelay:
      return TakeName(reader, request.about.user_agent_socket);
    case ControlVerb::kFind:
    case ControlVerb::kPushed:
    case ControlVerb::kDrop:
      return true;
  }
  return false;  // a kind that there is not
}

std::optional<ControlAnswer> TakeKey(WireReader& reader) {
  ControlAnswer answer{ControlAnswer::Kind::kKey};
  const std::optional<KeyType> type = NextKeyType(reader);
  const auto is_pushed = reader.NextByte();
  const auto public_key = reader.NextString();
  const auto note = reader.NextString();
  if (!type || !is_pushed || *is_pushed > 1 || !public_key || !note) return std::nullopt;
  answer.key = KeptKey{std::string(*public_key), *type, *is_pushed == 1, std::string(*note)};
  return answer;
}

std::optional<ControlAnswer> TakeFailure(WireReader& reader) {
  const auto code = reader.NextString();
  const auto message = reader.NextString();
  const auto advice = reader.NextString();
  if (!code || !message || !advice) return std::nullopt;
  return ControlAnswer{ControlAnswer::Kind::kFailed,
                       {},
                       {std::string(*code), std::string(*message), std::string(*advice)}};
}

}  // namespace

std::string PrintControlRequest(const ControlRequest& request) {
  std::string message;
  AppendByte(message, kVersion);
  AppendByte(message, static_cast<std::uint8_t>(request.verb));
  AppendUint32(message, static_cast<std::uint32_t>(request.about.ssh_pid));
  if (request.verb == ControlVerb::kMake) {
    AppendKeyType(message, request.about.type);
    AppendString(message, request.about.instance_id);
    AppendString(message, request.about.os_user);
  }
  if (request.verb == ControlVerb::kMake || request.verb == ControlVerb::kRelay) {
    AppendString(message, request.about.user_agent_socket);
  }
  if (request.verb == ControlVerb::kMake) {
    AppendUint32(message, static_cast<std::uint32_t>(request.about.host_names.size()));
    for (const std::string& name : request.about.host_names) AppendString(message, name);
  }
  return message;
}

std::optional<ControlRequest> ParseControlRequest(std::string_view message) {
  WireReader reader(message);
  const auto version = reader.NextByte();
  const auto verb = reader.NextByte();
  const auto pid = reader.NextUint32();
  if (version != kVersion || !verb || !pid || *pid == 0) return std::nullopt;
  if (*pid > static_cast<std::uint32_t>(std::numeric_limits<pid_t>::max())) return std::nullopt;
  ControlRequest request;
  request.verb = static_cast<ControlVerb>(*verb);
  request.about.ssh_pid = static_cast<pid_t>(*pid);
  if (!TakeFields(reader, request) || !reader.AtEnd()) return std::nullopt;
  return request;
}

std::string PrintControlAnswer(const ControlAnswer& answer) {
  std::string message;
  AppendByte(message, static_cast<std::uint8_t>(answer.kind));
  if (answer.kind == ControlAnswer::Kind::kKey) {
    AppendKeyType(message, answer.key.type);
    AppendByte(message, answer.key.is_pushed ? 1 : 0);
    AppendString(message, answer.key.public_key);
    AppendString(message, answer.key.note);
  }
  if (answer.kind == ControlAnswer::Kind::kFailed) {
    AppendString(message, answer.failure.code);
    AppendString(message, answer.failure.message);
    AppendString(message, answer.failure.advice);
  }
  return message;
}

std::optional<ControlAnswer> ParseControlAnswer(std::string_view message) {
  WireReader reader(message);
  const auto kind = reader.NextByte();
  if (!kind || *kind == 0 || *kind > static_cast<std::uint8_t>(ControlAnswer::Kind::kFailed)) {
    return std::nullopt;
  }
  std::optional<ControlAnswer> answer = ControlAnswer{static_cast<ControlAnswer::Kind>(*kind)};
  if (answer->kind == ControlAnswer::Kind::kKey) answer = TakeKey(reader);
  if (answer && answer->kind == ControlAnswer::Kind::kFailed) answer = TakeFailure(reader);
  if (!answer || !reader.AtEnd()) return std::nullopt;
  return answer;
}

}  // namespace eic::client
