#include "tests/fakes/raw_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace eic::fakes {
namespace {

constexpr std::size_t kHeadBytesMax = 64 * 1024;
constexpr std::size_t kSentBytesMax = 64 * 1024 * 1024;
constexpr int kPollMs = 10;

template <typename Address>
int Listen(Address address, std::uint16_t Address::*port_member, std::uint16_t* port) {
  const int listener = socket(reinterpret_cast<sockaddr*>(&address)->sa_family,
                              SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return -1;
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, length) == 0 && listen(listener, 64) == 0 &&
      getsockname(listener, generic, &length) == 0) {
    *port = ntohs(address.*port_member);
    return listener;
  }
  close(listener);
  return -1;
}

int ListenOnLoopback(RawServer::Family family, std::uint16_t* port) {
  if (family == RawServer::Family::kIpv6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    return Listen(address, &sockaddr_in6::sin6_port, port);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return Listen(address, &sockaddr_in::sin_port, port);
}

// `PUT /path` of a head.
std::string RequestLineOf(const std::string& head) {
  const std::size_t end = head.find(" HTTP/");
  return head.substr(0, end == std::string::npos ? head.find('\r') : end);
}

}  // namespace

struct RawServer::Connection {
  int descriptor;
  Clock::time_point ends_at;
  std::string received;
  bool is_answering = false;
  Behaviour behaviour;
  std::size_t step = 0;
  std::size_t sent_of_step = 0;
  std::size_t sent_in_all = 0;
  Clock::time_point paused_until{};

  bool WantsToWrite() const {
    return is_answering && step < behaviour.size() && Clock::now() >= paused_until &&
           (behaviour[step].kind == Step::Kind::kSend ||
            behaviour[step].kind == Step::Kind::kSendForever);
  }
};

RawServer::RawServer(Family family) : family_(family) {
  listener_ = ListenOnLoopback(family, &port_);
  if (listener_ < 0 || pipe2(wake_, O_CLOEXEC) != 0) return;
  thread_ = std::thread([this] { Loop(); });
}

RawServer::~RawServer() {
  if (thread_.joinable()) {
    close(wake_[1]);
    thread_.join();
    close(wake_[0]);
  }
  for (const auto& connection : open_) close(connection->descriptor);
  if (listener_ >= 0) close(listener_);
}

std::string RawServer::url() const {
  return (family_ == Family::kIpv6 ? "http://[::1]:" : "http://127.0.0.1:") + std::to_string(port_);
}

void RawServer::At(const std::string& path, std::vector<Behaviour> behaviours) {
  const std::lock_guard<std::mutex> lock(mutex_);
  behaviours_[path] = std::move(behaviours);
}

std::vector<std::string> RawServer::heads() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return heads_;
}

std::vector<std::string> RawServer::requests() const {
  std::vector<std::string> lines;
  for (const std::string& head : heads()) lines.push_back(RequestLineOf(head));
  return lines;
}

std::size_t RawServer::connections() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return connections_;
}

void RawServer::Loop() {
  while (true) {
    std::vector<pollfd> polled = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& connection : open_) {
      const int wanted = connection->WantsToWrite() ? POLLOUT : 0;
      polled.push_back({connection->descriptor, static_cast<short>(POLLIN | wanted), 0});
    }
    if (poll(polled.data(), polled.size(), kPollMs) < 0) continue;
    if (polled[0].revents != 0) return;

    std::vector<std::unique_ptr<Connection>> still_open;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      Connection& connection = *open_[i];
      if ((polled[i + 2].revents & (POLLIN | POLLHUP | POLLERR)) != 0) Read(connection);
      TakeRequest(connection);
      if (Clock::now() < connection.ends_at && Advance(connection)) {
        still_open.push_back(std::move(open_[i]));
      } else {
        close(connection.descriptor);
      }
    }
    open_ = std::move(still_open);
    if (polled[1].revents != 0) Accept();
  }
}

void RawServer::Accept() {
  const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor < 0) return;
  auto connection = std::make_unique<Connection>();
  connection->descriptor = descriptor;
  connection->ends_at = Clock::now() + kConnectionTimeMax;
  open_.push_back(std::move(connection));
  const std::lock_guard<std::mutex> lock(mutex_);
  ++connections_;
}

void RawServer::Read(Connection& connection) {
  char bytes[4096];
  const ssize_t length = recv(connection.descriptor, bytes, sizeof bytes, 0);
  if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR) ||
      connection.received.size() > kHeadBytesMax) {
    connection.ends_at = Clock::now();  // the client has left
    return;
  }
  if (length > 0) connection.received.append(bytes, static_cast<std::size_t>(length));
}

// Begins to answer, if a whole head has arrived and nothing else is being answered.
void RawServer::TakeRequest(Connection& connection) {
  const std::size_t end = connection.received.find("\r\n\r\n");
  if (connection.is_answering || end == std::string::npos) return;
  const std::string head = connection.received.substr(0, end + 4);
  connection.received.erase(0, end + 4);
  connection.behaviour = BehaviourFor(head);
  connection.step = 0;
  connection.sent_of_step = 0;
  connection.is_answering = true;
}

Behaviour RawServer::BehaviourFor(const std::string& head) {
  const std::string request = RequestLineOf(head);
  const std::string path = request.substr(std::min(request.find(' ') + 1, request.size()));
  const std::lock_guard<std::mutex> lock(mutex_);
  heads_.push_back(head);
  const auto found = behaviours_.find(path);
  if (found == behaviours_.end() || found->second.empty()) return Answers(404, "not here");
  const std::size_t turn = asked_[path]++;
  return found->second[std::min(turn, found->second.size() - 1)];
}

bool RawServer::Advance(Connection& connection) {
  while (connection.is_answering && Clock::now() >= connection.paused_until) {
    if (connection.step == connection.behaviour.size()) {
      connection.is_answering = false;
      return true;
    }
    const Step& step = connection.behaviour[connection.step];
    switch (step.kind) {
      case Step::Kind::kSend:
      case Step::Kind::kSendForever:
        return SendSome(connection, step);
      case Step::Kind::kPause:
        connection.paused_until = Clock::now() + step.pause;
        ++connection.step;
        break;
      case Step::Kind::kHang:
        return true;
      case Step::Kind::kClose:
        shutdown(connection.descriptor, SHUT_WR);
        return false;
      case Step::Kind::kReset: {
        const linger at_once{1, 0};
        setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        return false;
      }
    }
  }
  return true;
}

bool RawServer::SendSome(Connection& connection, const Step& step) {
  const std::string& bytes = step.bytes;
  const ssize_t sent = send(connection.descriptor, bytes.data() + connection.sent_of_step,
                            bytes.size() - connection.sent_of_step, MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  connection.sent_of_step += static_cast<std::size_t>(sent);
  connection.sent_in_all += static_cast<std::size_t>(sent);
  if (connection.sent_in_all > kSentBytesMax) return false;
  if (connection.sent_of_step == bytes.size()) {
    connection.sent_of_step = 0;
    if (step.kind == Step::Kind::kSend) ++connection.step;
  }
  return true;
}

}  // namespace eic::fakes
