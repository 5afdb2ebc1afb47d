// Work that waits for others (AWS, instances, people), off the loop's thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace eic::console {

// Each job has its own thread. Nobody waits for these threads: the process ends without them.
class Jobs {
 public:
  explicit Jobs(std::size_t at_once_max) : at_once_max_(at_once_max) {}

  // False if the limit of jobs is reached.
  bool HasRoom() const;
  // False if the job does not run: the limit is reached, or the system starts no thread. An
  // exception of a job (no memory) ends only that job.
  [[nodiscard]] bool Run(std::function<void()> job);

 private:
  const std::size_t at_once_max_;
  std::shared_ptr<std::atomic<std::size_t>> count_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace eic::console
