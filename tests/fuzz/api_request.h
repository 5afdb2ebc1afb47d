// Requests of the emulator's API, for its fuzz target and that target's first inputs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emulator/http.h"

namespace eic::fuzz {

inline constexpr const char* kKeyLine =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKlL2iBouyn6vOTuJYGeoY+pmPkbECSon/tayiPgBOf1 alice@laptop";

// Bodies that a known caller signed at kNow: of SendSSHPublicKey, of EC2's query API and of STS.
extern const char* const kSignedBodies[3];

// A role without conditions, and a token of a web identity that may assume it.
inline constexpr const char* kRoleArn = "arn:aws:iam::123456789012:role/fuzz";
inline constexpr const char* kWebToken = "web-identity";

emulator::HttpRequest JsonRequest(std::string body);
emulator::HttpRequest FormRequest(std::string body);

// The request of a signed body, signed by the caller that the emulator takes by default.
emulator::HttpRequest SignedRequest(std::size_t index);

// A request as text: `METHOD TARGET`, `name: value` lines, a blank line, the body. Any text is one.
emulator::HttpRequest ParseRequest(std::string_view text);
std::string RequestText(const emulator::HttpRequest& request);

// First inputs of the target, but for the keys of the vectors.
std::vector<std::string> ApiSeeds();

}  // namespace eic::fuzz
