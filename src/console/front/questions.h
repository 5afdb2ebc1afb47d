// Questions to the person that a job waits for: an MFA code, an unknown host key.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "console/front/page_messages.h"

namespace eic::console {

// Any thread may call it.
class Questions {
 public:
  // Registers a question, and gives it its id.
  Question Open(Question question);

  // Waits for the answer to an open question, then closes it. Nothing if nobody answered within
  // kAnswerTimeMax, or if `is_cancelled` returned true.
  std::optional<std::string> Wait(const std::string& id, const std::function<bool()>& is_cancelled);

  // False if no such question is open.
  bool Answer(const std::string& id, const std::string& value);

 private:
  std::mutex mutex_;
  std::condition_variable answered_;
  std::map<std::string, std::optional<std::string>> open_;
};

}  // namespace eic::console
