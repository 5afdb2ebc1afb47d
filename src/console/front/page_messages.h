// The text frames of a terminal's websocket; doc/console.md has them all. Binary frames are the
// terminal's bytes and are handled elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "console/front/trouble.h"

namespace eic::console {

// The first frame: how large the terminal is, and how many bytes the page has of this session.
struct PageStart {
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  std::uint64_t from = 0;
};
struct PageSize {
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
};
struct PageAck {
  std::uint64_t bytes = 0;  // of the session, from its first
};
struct PageAnswer {
  std::string question;
  std::string value;
};
struct PagePong {};
struct PageStay {};
struct PageEnd {};

using PageMessage =
    std::variant<PageStart, PageSize, PageAck, PageAnswer, PagePong, PageStay, PageEnd>;

// Nothing if it is none of these. Ignores unknown members.
std::optional<PageMessage> ParsePageMessage(std::string_view text);

struct Step {
  std::string step;
  bool is_done = false;
  std::string words;
};
struct Question {
  std::string id;
  std::string kind;  // host-key, mfa
  std::string words;
  std::string fingerprint;  // of a host key
};
struct HostKeyFacts {
  std::string fingerprint;  // SHA256:...
  std::string known_from;   // file, first-use
};

std::string StepFrame(const Step& step);
std::string QuestionFrame(const Question& question);
std::string ReadyFrame(std::uint64_t from, const HostKeyFacts& host_key,
                       const std::string& address);
std::string PingFrame(std::uint64_t number);
std::string MovedFrame();
std::string IdleFrame(std::int64_t seconds_left);
std::string EndFrame(const Trouble& end, std::uint32_t status);

}  // namespace eic::console
