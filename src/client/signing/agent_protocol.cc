#include "client/signing/agent_protocol.h"

#include "client/signing/wire.h"

namespace eic::client {
namespace {

// draft-miller-ssh-agent section 6.1.
constexpr std::uint8_t kFailure = 5;
constexpr std::uint8_t kSuccess = 6;
constexpr std::uint8_t kRequestIdentities = 11;
constexpr std::uint8_t kIdentitiesAnswer = 12;
constexpr std::uint8_t kSignRequest = 13;
constexpr std::uint8_t kSignResponse = 14;
constexpr std::uint8_t kExtension = 27;

std::optional<AgentRequest> ParseSign(WireReader& reader) {
  const auto key_blob = reader.NextString();
  const auto data = reader.NextString();
  const auto flags = reader.NextUint32();
  if (!key_blob || !data || !flags || !reader.AtEnd()) return std::nullopt;
  return SignRequest{*key_blob, *data, *flags};
}

std::optional<AgentRequest> ParseExtension(WireReader& reader) {
  const auto name = reader.NextString();
  if (!name) return std::nullopt;
  return ExtensionRequest{*name, reader.Rest()};
}

std::string OfType(std::uint8_t type) {
  std::string answer;
  AppendByte(answer, type);
  return answer;
}

}  // namespace

std::optional<AgentRequest> ParseAgentRequest(std::string_view message) {
  WireReader reader(message);
  const auto type = reader.NextByte();
  if (!type) return std::nullopt;
  switch (*type) {
    case kRequestIdentities:
      if (!reader.AtEnd()) return std::nullopt;
      return IdentitiesRequest{};
    case kSignRequest:
      return ParseSign(reader);
    case kExtension:
      return ParseExtension(reader);
    default:
      return OtherRequest{*type};
  }
}

std::string FailureAnswer() { return OfType(kFailure); }

std::string SuccessAnswer() { return OfType(kSuccess); }

std::string NoIdentitiesAnswer() {
  std::string answer = OfType(kIdentitiesAnswer);
  AppendUint32(answer, 0);
  return answer;
}

std::string OneIdentityAnswer(std::string_view key_blob, std::string_view comment) {
  std::string answer = OfType(kIdentitiesAnswer);
  AppendUint32(answer, 1);
  AppendString(answer, key_blob);
  AppendString(answer, comment);
  return answer;
}

std::string SignatureAnswer(std::string_view signature) {
  std::string answer = OfType(kSignResponse);
  AppendString(answer, signature);
  return answer;
}

}  // namespace eic::client
