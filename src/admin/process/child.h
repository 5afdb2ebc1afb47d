// A child process: started, heard, and ended in time. The one place of this program that forks.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace eic::admin {

// How a child ended, and what it wrote.
struct ChildResult {
  enum class End { kExited, kSignalled, kTimedOut, kTooMuch, kNotStarted } end = End::kNotStarted;
  int status = 0;      // exit status or signal number; of kNotStarted, errno
  std::string output;  // at most kOutputBytesMax bytes of each
  std::string errors;
};

// What becomes of a child that writes more than kOutputBytesMax bytes.
enum class Excess { kIsDropped, kEndsIt };

// What the child does, with the ends that it writes to, which are closed by exec. It is to leave by
// exec or _exit; where it returns, the child has failed.
using ChildWork = std::function<void(int output, int errors)>;

// Takes what a child writes to its output, piece by piece, however much that is; false ends the
// child, as kTooMuch.
using TakeOutput = std::function<bool(std::string_view piece)>;

// Returns when both streams have ended and the child has, at the latest after `time_limit`. One
// that takes longer is killed, with its process group where it leads one. Where there is a `take`,
// the result has no output.
ChildResult RunChild(const ChildWork& work, std::chrono::milliseconds time_limit, Excess excess,
                     const TakeOutput& take = nullptr);

// A child that runs beside others. It leads a process group of its own; where it still runs when
// this object goes, both are killed.
class ChildBeside {
 public:
  // `work` is to leave by exec or _exit, as ChildWork is.
  explicit ChildBeside(const std::function<void()>& work);
  ~ChildBeside();
  ChildBeside(const ChildBeside&) = delete;
  ChildBeside& operator=(const ChildBeside&) = delete;

  // Whether it ended by itself, at the latest after `time_limit`.
  bool EndsWithin(std::chrono::milliseconds time_limit);

 private:
  pid_t child_;  // not above 0: could not be started, or has ended
};

}  // namespace eic::admin
