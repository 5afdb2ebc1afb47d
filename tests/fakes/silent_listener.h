// A port of the loopback interface that does not answer a connect: its queue is full, so the kernel
// drops what knocks. What a host behind a firewall looks like, without leaving this one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace eic::fakes {

class SilentListener {
 public:
  SilentListener();
  ~SilentListener();
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;

  std::string url() const;

  // False where the kernel takes connections all the same.
  bool IsSilent() const { return is_silent_; }

 private:
  int Connect() const;

  std::uint16_t port_ = 0;
  std::vector<int> descriptors_;
  bool is_silent_ = false;
};

// A loopback URL at which nobody listens.
std::string RefusingUrl();

}  // namespace eic::fakes
