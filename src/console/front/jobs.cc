#include "console/front/jobs.h"

#include <thread>
#include <utility>

#include "console/limits.h"

namespace eic::console {

bool Jobs::HasRoom() const { return count_->load() < kJobsMax; }

void Jobs::Run(std::function<void()> job) {
  ++*count_;
  std::thread([count = count_, job = std::move(job)] {
    job();
    --*count;
  }).detach();
}

}  // namespace eic::console
