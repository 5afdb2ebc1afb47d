// What Linux reports of processes, and what a process that holds secrets gives up. For another
// system this file gets a neighbour of the same functions.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/system/descriptor.h"

namespace eic::client {

struct ProcessStat {
  pid_t parent = 0;
  std::uint64_t start_time = 0;  // in ticks since boot: with the pid it names one process for ever
};

// Nothing where there is no such process, or it is a zombie: that one does nothing any more.
std::optional<ProcessStat> ReadProcessStat(pid_t pid);

// What it was started with; nothing where that cannot be read or is larger than kArgumentsBytesMax.
std::optional<std::vector<std::string>> ArgumentsOf(pid_t pid);

// The path of its program.
std::optional<std::string> ExecutableOf(pid_t pid);

// A variable of the environment that it was started with, whatever it set since.
std::optional<std::string> InitialVariableOf(pid_t pid, const std::string& name);

// The inodes of the sockets that it holds, but for standard input, output and error.
std::vector<ino_t> SocketsOf(pid_t pid);

// A process of this user, other than `not_this`, that runs the program `executable` and holds one
// of `sockets`; nothing where there is none. Looks at kProcessesMax processes at most.
std::optional<pid_t> FindHolder(const std::vector<ino_t>& sockets, const std::string& executable,
                                pid_t not_this);

// Tells when a process has ended. By pidfd (Linux 5.3), so that another process that got the same
// number is never mistaken for it; on older kernels by its start time, which must be asked now and
// then.
class ProcessWatch {
 public:
  // Nothing where the process has ended already, or cannot be watched.
  static std::optional<ProcessWatch> Open(pid_t pid, bool may_use_pidfd = true);

  pid_t pid() const { return pid_; }
  // Readable once the process has ended; -1 where HasEnded must be asked.
  int descriptor() const { return pidfd_.get(); }
  bool HasEnded() const;

 private:
  ProcessWatch(pid_t pid, Descriptor pidfd, std::uint64_t start_time)
      : pid_(pid), pidfd_(std::move(pidfd)), start_time_(start_time) {}

  pid_t pid_;
  Descriptor pidfd_;
  std::uint64_t start_time_;
};

// From now on no core of this process is written. Ends with exec. False where that failed.
bool ForbidCore();

// From now on no process of the same user can read this one's memory (ptrace, /proc/PID/mem), it
// leaves no core, and it gains no rights by a program that it executes. False where some of it
// failed.
bool BecomeOpaque();

// From now on this process gets SIGHUP, which ends it, when `parent` ends; it ends at once where
// that one is its parent no more.
void EndWithParent(pid_t parent);

// Closes every descriptor from 3 on but `kept`.
void CloseAllBut(const std::vector<int>& kept);

// What ps shows of this process instead of the arguments that it inherited by fork.
void ShowAs(const std::string& title);

}  // namespace eic::client
