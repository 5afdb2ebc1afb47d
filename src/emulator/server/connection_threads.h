// A thread for each connection, in place of cpp-httplib's pool, where a few slow clients would hold
// up all others.
#pragma once

#include <httplib.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "emulator/limits.h"

namespace eic::emulator {

class ThreadPerConnection : public httplib::TaskQueue {
  // Nothing, or from cpp-httplib 0.15 on a bool: whether the task was taken.
  using Taken = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));

 public:
  // Called by the thread that accepts. While there are kConnectionsMax it waits, and further
  // connections wait in the kernel.
  Taken enqueue(std::function<void()> serve) override {
    running_->Add();
    try {
      std::thread([running = running_, serve] {
        serve();
        running->Remove();
      }).detach();
    } catch (const std::system_error&) {  // no more threads for this process
      serve();
      running_->Remove();
    }
    return Taken(true);
  }

  void shutdown() override { running_->WaitForNone(); }

 private:
  // Shared with the threads: the last of them may outlive the queue by a moment.
  class Running {
   public:
    void Add() {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return count_ < kConnectionsMax; });
      ++count_;
    }
    void Remove() {
      const std::lock_guard<std::mutex> lock(mutex_);
      --count_;
      changed_.notify_all();
    }
    void WaitForNone() {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return count_ == 0; });
    }

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
  };

  const std::shared_ptr<Running> running_ = std::make_shared<Running>();
};

}  // namespace eic::emulator
