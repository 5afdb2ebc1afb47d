#include "console/front/questions.h"

#include <chrono>

#include "console/front/secrets.h"
#include "console/limits.h"

namespace eic::console {

Question Questions::Open(Question question) {
  question.id = RandomName();
  const std::lock_guard<std::mutex> lock(mutex_);
  open_[question.id] = std::nullopt;
  return question;
}

std::optional<std::string> Questions::Wait(const std::string& id,
                                           const std::function<bool()>& is_cancelled) {
  // A cancelled login is noticed within this time.
  constexpr std::chrono::milliseconds kLook{200};
  const auto ends = std::chrono::steady_clock::now() + kAnswerTimeMax;
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    const auto found = open_.find(id);
    if (found == open_.end()) return std::nullopt;
    const bool is_over = std::chrono::steady_clock::now() >= ends || is_cancelled();
    if (found->second || is_over) {
      std::optional<std::string> answer = std::move(found->second);
      open_.erase(found);
      return answer;
    }
    answered_.wait_for(lock, kLook);
  }
}

bool Questions::Answer(const std::string& id, const std::string& value) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = open_.find(id);
  if (found == open_.end() || found->second) return false;
  found->second = value;
  answered_.notify_all();
  return true;
}

}  // namespace eic::console
