// What ssh asks an agent, and what it is answered (draft-miller-ssh-agent, as OpenSSH speaks it).
//
//   message    := identities | sign | extension | other
//   identities := byte(11)
//   sign       := byte(13) string(key blob) string(data) uint32(flags)
//   extension  := byte(27) string(name) contents
//   other      := byte(any other) ...      // add, remove, lock: what this agent never does
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace eic::client {

inline constexpr std::uint32_t kFlagRsaSha256 = 2;
inline constexpr std::uint32_t kFlagRsaSha512 = 4;

struct IdentitiesRequest {};

struct SignRequest {
  std::string_view key_blob;
  std::string_view data;
  std::uint32_t flags = 0;
};

struct ExtensionRequest {
  std::string_view name;
  std::string_view contents;
};

struct OtherRequest {
  std::uint8_t type = 0;
};

using AgentRequest = std::variant<IdentitiesRequest, SignRequest, ExtensionRequest, OtherRequest>;

// Views of `message`, which is a frame's; nothing where it is not the grammar above to its last
// byte.
std::optional<AgentRequest> ParseAgentRequest(std::string_view message);

// Answers, without their frame.
std::string FailureAnswer();
std::string SuccessAnswer();
std::string NoIdentitiesAnswer();
std::string OneIdentityAnswer(std::string_view key_blob, std::string_view comment);
std::string SignatureAnswer(std::string_view signature);

}  // namespace eic::client
