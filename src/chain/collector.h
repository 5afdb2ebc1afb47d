// The collector: reads what the members print, all at once, and keeps whole lines of those that
// succeeded. It has no rights, files or network when it reads the first byte.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "host/clock.h"

namespace eic::chain {

// Where one member's output comes from.
struct Source {
  std::string name;
  int descriptor = -1;  // read to its end, or closed before; the collector's
  Deadline deadline;
};

// The result of one member.
struct Collected {
  std::string name;
  std::string lines;                  // empty if it is void
  std::string why_void;               // a word; empty: it counts
  std::string detail;                 // the number that explains the word
  std::chrono::milliseconds took{0};  // until it had ended and closed its output, or was void
};

// Reads until each member has ended and closed its output, is void, or is out of time. `ends` gives
// the keeper's MemberEnd messages. In the order of `sources`. Nothing if the keeper is gone before
// that, because sshd would then judge an answer that may lack a part.
std::optional<std::vector<Collected>> Collect(const std::vector<Source>& sources, int ends);

// The lines of all, in order.
std::string AllLines(const std::vector<Collected>& collected);

// `eic-chain: nothing of member "NAME" counts: reason=WORD detail="D"`, for the log.
std::string VoidLine(const Collected& collected);

// One line per member, for people and doctor: `NAME MILLISECONDS ok|WORD LINES`.
std::string Timings(const std::vector<Collected>& collected);

}  // namespace eic::chain
