// The process that forks the workers: started before any thread and any credential is there, so
// that no worker has inherited either.
#pragma once

#include <mutex>

#include "aws/failure.h"
#include "aws/system/descriptor.h"

namespace eic::console {

class Forker {
 public:
  // Forks it. Call it first of all in main: with one thread, and the environment as it came. Fails
  // with `ForkFailed`.
  static aws::Outcome<Forker> Start();

  // A new worker for the connected `instance`; gives the front's end of its link. Any thread may
  // call it. Fails with `ForkFailed`.
  aws::Outcome<Descriptor> StartWorker(Descriptor instance);

  Forker(Forker&& other) noexcept : channel_(std::move(other.channel_)) {}
  Forker& operator=(Forker&&) = delete;

 private:
  explicit Forker(Descriptor channel) : channel_(std::move(channel)) {}

  std::mutex mutex_;
  Descriptor channel_;
};

}  // namespace eic::console
