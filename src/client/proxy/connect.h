// TCP to one of several addresses: none blocks, and a silent one does not keep the next one
// waiting.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/failure.h"
#include "aws/system/descriptor.h"

namespace eic::client {

struct Connected {
  std::string address;
  Descriptor socket;  // blocks, as ssh expects of one that it is given
};

// The addresses of `host`, a name or an address, as the system's resolver has them; none where it
// is unknown there.
std::vector<std::string> ResolveHost(const std::string& host);

class Connector {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit Connector(std::uint16_t port) : port_(port) {}

  // Begins to connect to a numeric IPv4 or IPv6 address, unless that was begun before.
  void Begin(const std::string& address);

  // What poll(2) is to wait for, if anything.
  void AddTo(std::vector<pollfd>& waits) const;
  // True if one of those begun is connected now.
  bool HasConnected();

  // The first of `addresses` that is reached: they are begun in their order, each kNextAddressAfter
  // behind the one before, or at once where all before have failed. What was begun and is not among
  // them is given up. Fails with `ConnectionFailed`, which names each address and its error, where
  // all have failed or `ends` has come.
  aws::Outcome<Connected> Finish(const std::vector<std::string>& addresses, TimePoint ends);

 private:
  struct Attempt {
    std::string address;
    Descriptor socket;
    bool is_connected = false;
    int error_number = 0;  // of one that failed
  };

  void Look();
  bool HasPending() const;
  std::optional<Connected> TakeConnected();
  bool WaitForNext(bool has_more, TimePoint last_begun, TimePoint ends) const;
  aws::Failure FailureOf(bool is_late) const;

  std::uint16_t port_;
  std::vector<Attempt> attempts_;
};

}  // namespace eic::client
