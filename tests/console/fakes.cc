#include "tests/console/fakes.h"

#include <poll.h>

#include <algorithm>

namespace eic::fakes {

class FakeLoop::FakeTimer : public console::Timer {
 public:
  FakeTimer(FakeLoop& loop, std::function<void()> then) : loop_(loop), then_(std::move(then)) {
    loop_.timers_.push_back(this);
  }
  ~FakeTimer() override {
    auto& timers = loop_.timers_;
    timers.erase(std::remove(timers.begin(), timers.end(), this), timers.end());
  }
  FakeTimer(const FakeTimer&) = delete;
  FakeTimer& operator=(const FakeTimer&) = delete;

  std::function<void()> Take() { return std::move(then_); }

 private:
  FakeLoop& loop_;
  std::function<void()> then_;
};

class FakeLoop::FakeWatch : public console::Watch {
 public:
  FakeWatch(FakeLoop& loop, int descriptor) : loop_(loop), descriptor_(descriptor) {
    loop_.watches_.push_back(this);
  }
  ~FakeWatch() override {
    auto& watches = loop_.watches_;
    watches.erase(std::remove(watches.begin(), watches.end(), this), watches.end());
  }
  FakeWatch(const FakeWatch&) = delete;
  FakeWatch& operator=(const FakeWatch&) = delete;

  void WhenReadable(std::function<void()> then) override { readable_ = std::move(then); }
  void WhenWritable(std::function<void()> then) override { writable_ = std::move(then); }

  // What is to be called now; it may destroy this.
  std::function<void()> Due() {
    pollfd wait{descriptor_, 0, 0};
    if (readable_) wait.events = POLLIN;
    if (writable_) wait.events = static_cast<short>(wait.events | POLLOUT);
    if (wait.events == 0 || poll(&wait, 1, 0) <= 0) return nullptr;
    std::function<void()> then;
    if (readable_ && (wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      std::swap(then, readable_);
    } else if (writable_) {
      std::swap(then, writable_);
    }
    return then;
  }

 private:
  FakeLoop& loop_;
  int descriptor_;
  std::function<void()> readable_;
  std::function<void()> writable_;
};

void FakeLoop::Post(std::function<void()> task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tasks_.push_back(std::move(task));
}

std::unique_ptr<console::Timer> FakeLoop::After(std::chrono::milliseconds,
                                                std::function<void()> then) {
  return std::make_unique<FakeTimer>(*this, std::move(then));
}

std::unique_ptr<console::Watch> FakeLoop::WatchDescriptor(int descriptor) {
  return std::make_unique<FakeWatch>(*this, descriptor);
}

bool FakeLoop::RunTasks() {
  std::deque<std::function<void()>> tasks;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks) task();
  return !tasks.empty();
}

bool FakeLoop::RunWatches() {
  bool has_run = false;
  for (FakeWatch* watch : std::vector<FakeWatch*>(watches_)) {
    if (std::find(watches_.begin(), watches_.end(), watch) == watches_.end()) continue;
    if (const std::function<void()> then = watch->Due()) {
      then();
      has_run = true;
    }
  }
  return has_run;
}

void FakeLoop::Turn(std::chrono::milliseconds time_max) {
  auto ends = std::chrono::steady_clock::now() + time_max;
  while (std::chrono::steady_clock::now() < ends) {
    const bool has_run_tasks = RunTasks();
    const bool has_run_watches = RunWatches();
    if (has_run_tasks || has_run_watches) continue;
    (void)poll(nullptr, 0, 1);
  }
}

bool FakeLoop::TurnUntil(const std::function<bool()>& test) {
  const auto ends = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!test()) {
    if (std::chrono::steady_clock::now() >= ends) return false;
    Turn(std::chrono::milliseconds(2));
  }
  return true;
}

void FakeLoop::Tick() {
  for (FakeTimer* timer : std::vector<FakeTimer*>(timers_)) {
    if (std::find(timers_.begin(), timers_.end(), timer) == timers_.end()) continue;
    if (const std::function<void()> then = timer->Take()) then();
  }
}

}  // namespace eic::fakes
