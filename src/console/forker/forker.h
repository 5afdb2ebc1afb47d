// The process that forks the workers. It starts before any thread or credential exists, so that no
// worker inherits one.
#pragma once

#include <mutex>

#include "aws/failure.h"
#include "aws/system/descriptor.h"

namespace eic::console {

class Forker {
 public:
  // Forks this process. Call it first in main, with one thread and the original environment. Fails
  // with `ForkFailed`.
  static aws::Outcome<Forker> Start();

  // Starts a worker for the connected `instance`; returns the front's end of its link. Any thread
  // may call it. Fails with `ForkFailed`.
  aws::Outcome<Descriptor> StartWorker(Descriptor instance);

  Forker(Forker&& other) noexcept : channel_(std::move(other.channel_)) {}
  Forker& operator=(Forker&&) = delete;

 private:
  explicit Forker(Descriptor channel) : channel_(std::move(channel)) {}

  std::mutex mutex_;
  Descriptor channel_;
};

}  // namespace eic::console
