#include "console/front/jobs.h"

#include <exception>
#include <iostream>
#include <system_error>
#include <thread>
#include <utility>

namespace eic::console {

bool Jobs::HasRoom() const { return count_->load() < at_once_max_; }

bool Jobs::Run(std::function<void()> job) {
  if (!HasRoom()) return false;
  ++*count_;
  try {
    std::thread([count = count_, job = std::move(job)]() mutable {
      try {
        job();
      } catch (const std::exception& exception) {
        std::cerr << "eic-console: a background task failed: " << exception.what() << std::endl;
      }
      job = nullptr;
      --*count;
    }).detach();
    return true;
  } catch (const std::system_error&) {
    --*count_;
    return false;
  }
}

}  // namespace eic::console
