// What the client's processes and the keeper say to each other, one request and one answer a
// connection, each in a frame as an agent's messages are (signing/wire.h).
//
//   request := byte(version) byte(kind) uint32(ssh's pid) fields
//   make    := byte(key type) string(instance id) string(user) string(agent's socket)
//              uint32(count) string(host name){count}
//   relay   := string(agent's socket)
//   find, pushed, drop have no fields
//
//   answer  := byte(kind) fields
//   key     := byte(key type) byte(is pushed) string(public key) string(note)
//   failed  := string(code) string(message) string(advice)
//   none, done, busy have no fields
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/failure.h"
#include "client/keeper/keeper_client.h"

namespace eic::client {

enum class ControlVerb : std::uint8_t { kMake = 1, kFind, kPushed, kRelay, kDrop };

struct ControlRequest {
  ControlVerb verb = ControlVerb::kFind;
  // Of kMake all of it; of kRelay pid and agent's socket; of the others the pid.
  KeyRequest about;
};

std::string PrintControlRequest(const ControlRequest& request);
// Nothing for anything else than the grammar above to its last byte, with at most kHostNamesMax
// names and strings of at most kNameBytesMax bytes.
std::optional<ControlRequest> ParseControlRequest(std::string_view message);

struct ControlAnswer {
  enum class Kind : std::uint8_t {
    kKey = 1,
    kNone,
    kDone,
    kBusy,  // no room for another key now: ask again
    kFailed,
  };
  Kind kind = Kind::kDone;
  KeptKey key = {};           // of kKey
  aws::Failure failure = {};  // of kFailed
};

std::string PrintControlAnswer(const ControlAnswer& answer);
std::optional<ControlAnswer> ParseControlAnswer(std::string_view message);

}  // namespace eic::client
