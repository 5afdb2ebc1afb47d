// A metadata service for --self-test: fixed answers on a port of 127.0.0.1.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "agent/self_test_evidence.h"
#include "core/result.h"

namespace eic {

class LoopbackMetadata {
 public:
  // Listens. Fails with kImdsUnreachable and the system's error.
  static Result<LoopbackMetadata> Open();

  LoopbackMetadata(LoopbackMetadata&& other) noexcept;
  ~LoopbackMetadata();
  LoopbackMetadata(const LoopbackMetadata&) = delete;
  LoopbackMetadata& operator=(const LoopbackMetadata&) = delete;
  LoopbackMetadata& operator=(LoopbackMetadata&&) = delete;

  std::uint16_t port() const { return port_; }

  // Answers one connection after the other until `child` has ended, and kills it after `time_max`.
  // Returns its status as from waitpid(2). A PUT gets a token, a path not among `answers` gets 404.
  int ServeUntilEndOf(pid_t child, const std::vector<BuiltInAnswer>& answers,
                      std::chrono::milliseconds time_max) const;

 private:
  LoopbackMetadata(int listener, std::uint16_t port) : listener_(listener), port_(port) {}

  int listener_;  // owned; -1 when moved from
  std::uint16_t port_;
};

}  // namespace eic
