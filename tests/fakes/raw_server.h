// A TCP server on the loopback interface that answers each path as a test says: well, badly, slowly
// or never. It writes bytes, not HTTP, so that a test can break whatever rule it likes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/fakes/behaviours.h"

namespace eic::fakes {

// One thread and one poll(2) loop for all connections, so that concurrent clients are served
// concurrently. No connection lives longer than kConnectionTimeMax.
class RawServer {
 public:
  enum class Family { kIpv4, kIpv6 };

  // Listens on an ephemeral port of 127.0.0.1 or ::1. IsOpen() tells whether that was possible:
  // hosts without IPv6 exist.
  explicit RawServer(Family family = Family::kIpv4);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  bool IsOpen() const { return listener_ >= 0; }
  std::string url() const;  // `http://127.0.0.1:PORT`

  // How requests for `path` are answered, the first by the first behaviour and so on; the last one
  // stays. Other paths get 404.
  void At(const std::string& path, std::vector<Behaviour> behaviours);
  void At(const std::string& path, Behaviour behaviour) {
    At(path, std::vector<Behaviour>{std::move(behaviour)});
  }

  // What arrived, each up to and with its blank line.
  std::vector<std::string> heads() const;
  // `PUT /path`, in the order of arrival.
  std::vector<std::string> requests() const;
  std::size_t connections() const;

 private:
  static constexpr std::chrono::seconds kConnectionTimeMax{5};
  using Clock = std::chrono::steady_clock;
  struct Connection;

  void Loop();
  void Accept();
  void Read(Connection& connection);
  void TakeRequest(Connection& connection);
  bool Advance(Connection& connection);  // false once the connection is to be closed
  bool SendSome(Connection& connection, const Step& step);
  Behaviour BehaviourFor(const std::string& head);

  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  Family family_;
  std::vector<std::unique_ptr<Connection>> open_;  // of the thread alone

  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, std::vector<Behaviour>> behaviours_;
  std::map<std::string, std::size_t> asked_;
  std::vector<std::string> heads_;
  std::size_t connections_ = 0;

  std::thread thread_;
};

}  // namespace eic::fakes
