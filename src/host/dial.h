// A connection to the metadata service that is established while the process does other work.
// doc/design.md step 4.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "host/confinement.h"

namespace eic {

// What a Dial has begun. Nothing has been sent or read, and only a caller with the proof of
// confinement can do either.
class PendingConnection {
 public:
  // Owns `descriptor`; -1 with the system's `error_number` if connecting failed at once.
  PendingConnection(int descriptor, int error_number)
      : descriptor_(descriptor), error_number_(error_number) {}
  ~PendingConnection();
  PendingConnection(const PendingConnection&) = delete;
  PendingConnection& operator=(const PendingConnection&) = delete;

  // Waits until it is connected, at most `time_max` counted from the dial. 0, ETIMEDOUT, or the
  // error of connect(2).
  int Wait(std::chrono::milliseconds time_max) const;

  // The socket, for whoever reads from it and closes it from now on.
  int Release(const Confined& confined);

 private:
  int descriptor_;
  int error_number_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Begins to connect to `endpoint`, `http://ADDRESS[:PORT]`, by TCP, and does not wait. Never null.
std::shared_ptr<PendingConnection> Dial(std::string_view endpoint);

}  // namespace eic
