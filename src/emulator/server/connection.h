// The socket behind a request: cpp-httplib keeps it from its handlers, and a fault writes to it.
#pragma once

#include <dirent.h>
#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "emulator/server/address.h"

namespace eic::emulator {

// The descriptor in this process of the TCP connection from `remote` to its own `local_port`; -1
// when there is none. Borrowed: whoever serves the connection closes it.
int FindConnection(int local_port, const Address& remote);

// How many hops what is sent from now on may make (IP_TTL, IPV6_UNICAST_HOPS).
void SetHopLimit(int socket, int hops);

// This process's descriptors, /proc/self/fd.
using DescriptorsPtr = std::unique_ptr<DIR, int (*)(DIR*)>;

// Ends the connections to one port that take longer than kConnectionSecondsMax, or send more than
// kConnectionBytesMax: cpp-httplib bounds neither the time of a request nor its header lines.
class ConnectionLimits {
 public:
  explicit ConnectionLimits(int local_port);
  ~ConnectionLimits();
  ConnectionLimits(const ConnectionLimits&) = delete;
  ConnectionLimits& operator=(const ConnectionLimits&) = delete;

  // From now on every connection ends at once.
  void EndAll();

 private:
  using Time = std::chrono::steady_clock::time_point;

  void Watch();
  void Sweep(Time now);

  const int local_port_;
  // Held open: where clients have taken all descriptors, it could not be opened any more.
  const DescriptorsPtr descriptors_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool end_all_ = false;
  bool stop_ = false;
  std::map<ino_t, Time> seen_since_;  // by the socket: a port of the other end is used again
  std::thread thread_;                // last: it uses all the others
};

}  // namespace eic::emulator
