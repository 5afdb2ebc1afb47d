// Which requests go wrong, and how: faults by name, for tests of whoever asks.
//
//   fault := NAME [ ":once" | ":each-once" ] [ "@" PATH ]
//   NAME  := hang | slow-drip | huge | truncate | reset | redirect | garbage | header-flood
//          | endless-chunks | transfer-coding | 401 | 403 | 404 | 429 | 500 | 503
//
// Without a word about times, every request that is meant goes wrong; with `once` the first one,
// with `each-once` the first one of each method and path. Without PATH every request for metadata
// or a container's credentials is meant. With PATH those for that path, with or without the last
// slash; a PATH that ends in `*` means all that begins so. The path `/` is the API's, and a call of
// it has also the path of its name, `/DescribeInstances`.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/http.h"

namespace eic::emulator {

enum class FaultKind {
  kHang,            // the connection stays open and silent
  kSlowDrip,        // the answer, a byte at a time
  kHuge,            // a body without end
  kTruncate,        // the answer, but half of it
  kReset,           // RST in place of an answer
  kRedirect,        // 302 to another path
  kGarbage,         // bytes that are not HTTP
  kHeaderFlood,     // header lines without end
  kEndlessChunks,   // a chunked body without end
  kTransferCoding,  // a coding that nobody asked for
  kStatus,          // a status and its page
};

struct Fault {
  enum class Times { kAlways, kOnce, kEachOnce };

  std::string text;  // as it was said
  FaultKind kind = FaultKind::kHang;
  int status = 0;  // of kStatus
  Times times = Times::kAlways;
  std::string path;  // empty: every request but the API's
};

// All names, each with a blank in front.
std::string FaultNames();

// Throws EmulatorError, with what is accepted, for anything but the grammar above.
Fault ParseFault(std::string_view text);

// The faults that are set, in the order in which they were. Thread-safe and bounded.
class FaultPlan {
 public:
  // False when there are too many.
  [[nodiscard]] bool Add(Fault fault);
  void Clear();
  std::vector<std::string> Texts() const;

  // The first fault that means this request, if there is one. A fault that passes has then passed
  // for it. `action` is the call of the API that it is, or empty.
  std::optional<Fault> Take(const HttpRequest& request, const std::string& action = "");

 private:
  struct Planned {
    Fault fault;
    bool spent = false;  // of kOnce
    // Of kEachOnce: method, and path or call.
    std::set<std::pair<std::string, std::string>> passed;
  };

  static bool Strikes(Planned& planned, const HttpRequest& request, const std::string& action);

  mutable std::mutex mutex_;
  std::vector<Planned> planned_;
};

}  // namespace eic::emulator
