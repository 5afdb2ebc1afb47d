// One run at a time: two that read, plan and write at once would undo each other.
#pragma once

#include <chrono>

#include "admin/failure.h"
#include "admin/files/file_system.h"
#include "admin/layout.h"

namespace eic::admin {

class RunLock {
 public:
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  RunLock(RunLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

  // Waits at most `wait_max` for another run. The kernel releases the lock of a run that dies.
  static Outcome<RunLock> Take(const Layout& layout, FileSystem& files,
                               std::chrono::milliseconds wait_max);

 private:
  explicit RunLock(int file) : file_(file) {}

  int file_;
};

}  // namespace eic::admin
