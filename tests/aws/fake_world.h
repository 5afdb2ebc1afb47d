// The doors of src/aws in a test's hands: an environment, files, a clock that moves only while
// somebody waits, and answers by function.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aws/api.h"
#include "aws/world.h"

namespace eic::aws {

// Each call is answered by `answer`, and arrives `latency` later by the clock of the world.
class FakeHttp : public HttpDoor {
 public:
  explicit FakeHttp(std::chrono::milliseconds& elapsed) : elapsed_(elapsed) {}

  void Trust(const std::string& ca) override { trusted = ca; }

  Ticket Start(const HttpCall& call) override {
    calls.push_back(call);
    started_at.push_back(elapsed_);
    const Ticket ticket = static_cast<Ticket>(calls.size());
    HttpReply reply = answer(call);
    under_way_.push_back({elapsed_ + latency(call), {ticket, std::move(reply)}});
    return ticket;
  }

  std::optional<Finished> Wait(std::chrono::milliseconds time_max) override {
    const std::chrono::milliseconds end = elapsed_ + time_max;
    const auto next =
        std::min_element(under_way_.begin(), under_way_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
    if (next == under_way_.end() || next->first > end) {
      elapsed_ = end;
      return std::nullopt;
    }
    elapsed_ = std::max(elapsed_, next->first);
    Finished finished = std::move(next->second);
    under_way_.erase(next);
    return finished;
  }

  std::function<HttpReply(const HttpCall&)> answer = [](const HttpCall&) { return HttpReply{}; };
  std::function<std::chrono::milliseconds(const HttpCall&)> latency = [](const HttpCall&) {
    return std::chrono::milliseconds(0);
  };
  std::vector<HttpCall> calls;
  std::vector<std::chrono::milliseconds> started_at;
  std::string trusted;

 private:
  std::chrono::milliseconds& elapsed_;
  std::vector<std::pair<std::chrono::milliseconds, Finished>> under_way_;
};

class FakeWorld : public World {
 public:
  std::optional<std::string> Env(const std::string& name) override {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  }
  std::string Home() override { return "/home/me"; }
  Outcome<std::optional<std::string>> ReadFile(const std::string& path, std::size_t) override {
    const auto found = files.find(path);
    if (found == files.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  bool WriteSecretFile(const std::string& path, const std::string& text) override {
    files[path] = text;
    return true;
  }
  std::unique_ptr<Lock> TakeLock(const std::string&, std::chrono::milliseconds) override {
    on_lock();
    return lock_is_free ? std::make_unique<Lock>() : nullptr;
  }
  Instant Now() override { return now; }
  std::chrono::milliseconds Elapsed() override { return elapsed; }
  double Random() override { return random; }
  ProgramEnd Run(const ProgramRun& run) override {
    runs.push_back(run);
    return run_end;
  }
  FakeHttp& http() override { return http_; }
  void Tell(const std::string& line) override { told += line + "\n"; }

  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> files;
  Instant now{1900000000};
  std::chrono::milliseconds elapsed{0};
  double random = 0.5;
  bool lock_is_free = true;
  std::function<void()> on_lock = [] {};
  std::vector<ProgramRun> runs;
  ProgramEnd run_end;
  std::string told;

 private:
  FakeHttp http_{elapsed};
};

class FakePrompter : public Prompter {
 public:
  Outcome<std::string> AskMfaCode(const std::string& serial) override {
    asked.push_back(serial);
    return answer;
  }
  std::vector<std::string> asked;
  Outcome<std::string> answer = std::string("123456");
};

inline HttpReply Replies(int status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

inline HttpReply Fails(HttpReply::Fault fault) { return {fault, "a fault"}; }

}  // namespace eic::aws
