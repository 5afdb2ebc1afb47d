// Doubles of the front's doors: a loop that the test turns, a websocket that keeps what was sent.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "console/front/server.h"

namespace eic::fakes {

// Descriptors are polled with each turn; timers run when the test says so.
class FakeLoop : public console::Loop {
 public:
  void Post(std::function<void()> task) override;
  std::unique_ptr<console::Timer> After(std::chrono::milliseconds time,
                                        std::function<void()> then) override;
  std::unique_ptr<console::Watch> WatchDescriptor(int descriptor) override;

  // Runs what is due until nothing is, or `time_max` has passed with nothing to do.
  void Turn(std::chrono::milliseconds time_max = std::chrono::milliseconds(20));
  // Turns until `test` is true; false where it is not within 10 s.
  bool TurnUntil(const std::function<bool()>& test);
  // Every timer that is set, once.
  void Tick();

 private:
  class FakeTimer;
  class FakeWatch;
  bool RunTasks();
  bool RunWatches();

  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  std::vector<FakeTimer*> timers_;
  std::vector<FakeWatch*> watches_;
};

class FakeSocket : public console::WebSocket {
 public:
  void SendText(std::string text) override { texts.push_back(std::move(text)); }
  void SendBinary(std::string bytes) override {
    binary += bytes;
    ++frames;
    if (is_slow) ++waiting;
  }
  std::size_t Waiting() const override { return waiting; }
  void Close(int code, std::string) override { close_code = code; }

  // The last text with `part` in it; empty: none.
  std::string LastWith(const std::string& part) const {
    for (auto text = texts.rbegin(); text != texts.rend(); ++text) {
      if (text->find(part) != std::string::npos) return *text;
    }
    return "";
  }

  std::vector<std::string> texts;
  std::string binary;
  std::size_t frames = 0;
  std::size_t waiting = 0;
  bool is_slow = false;  // binary frames wait until the test takes them
  int close_code = 0;
};

}  // namespace eic::fakes
