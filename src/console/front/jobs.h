// Work that waits for others (AWS, instances, people), off the loop's thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace eic::console {

// Each job has a thread of its own, which nobody waits for: the process ends without them.
class Jobs {
 public:
  explicit Jobs(std::size_t at_once_max) : at_once_max_(at_once_max) {}

  // False where as many as may are under way already.
  bool HasRoom() const;
  // False where it does not run: there is no room, or the system gives no thread. What a job
  // throws (no memory) ends it alone.
  [[nodiscard]] bool Run(std::function<void()> job);

 private:
  const std::size_t at_once_max_;
  std::shared_ptr<std::atomic<std::size_t>> count_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace eic::console
