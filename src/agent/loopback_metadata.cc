#include "agent/loopback_metadata.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include "host/clock.h"

namespace eic {
namespace {

constexpr int kBacklog = 16;
constexpr int kPollMs = 10;
// A request arrives with its connection. A silent connection of another local user costs the
// self-test no more than this.
constexpr std::chrono::milliseconds kReadTimeMax{300};
constexpr std::size_t kRequestBytesMax = 8 * 1024;
constexpr std::string_view kMetaDataPath = "/latest/meta-data/";

bool IsReadable(int descriptor, int wait_ms) {
  pollfd polled{descriptor, POLLIN, 0};
  return poll(&polled, 1, wait_ms) == 1;
}

// The head of one request: none of them has a body.
std::string ReadRequest(int connection) {
  const Deadline deadline = Deadline::After(kReadTimeMax);
  std::string request;
  while (request.find("\r\n\r\n") == std::string::npos && request.size() < kRequestBytesMax &&
         IsReadable(connection, static_cast<int>(deadline.TimeLeft().count()))) {
    std::array<char, 1024> bytes{};
    const ssize_t length = recv(connection, bytes.data(), bytes.size(), 0);
    if (length <= 0) break;
    request.append(bytes.data(), static_cast<std::size_t>(length));
  }
  return request;
}

std::string Answer(std::string_view status, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + std::string(body);
}

// Without the slash at the end that a request for a list may have.
std::string_view WithoutSlash(std::string_view path) {
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

std::string AnswerTo(std::string_view request, const std::vector<BuiltInAnswer>& answers) {
  if (request.substr(0, 4) == "PUT ") return Answer("200 OK", "self-test");
  const std::size_t path_at = 4;  // "GET "
  std::string_view path = request.substr(0, request.find(" HTTP/"));
  path.remove_prefix(std::min(path_at + kMetaDataPath.size(), path.size()));
  for (const BuiltInAnswer& answer : answers) {
    if (answer.path == WithoutSlash(path)) return Answer("200 OK", answer.body);
  }
  return Answer("404 Not Found", "");
}

// Sends no partial answer: the end of the connection makes the agent ask again.
void AnswerOne(int connection, const std::vector<BuiltInAnswer>& answers) {
  const std::string request = ReadRequest(connection);
  if (request.find("\r\n\r\n") == std::string::npos) return;
  const std::string answer = AnswerTo(request, answers);
  std::string_view left = answer;
  while (!left.empty()) {
    const ssize_t sent = send(connection, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Error Unusable(const char* call) {
  return Error{Reason::kImdsUnreachable,
               std::string("loopback: ") + call + ": " + std::strerror(errno)};
}

}  // namespace

Result<LoopbackMetadata> LoopbackMetadata::Open() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return Unusable("socket");
  LoopbackMetadata metadata(listener, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t bytes = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, bytes) != 0) return Unusable("bind");
  if (listen(listener, kBacklog) != 0) return Unusable("listen");
  if (getsockname(listener, generic, &bytes) != 0) return Unusable("getsockname");
  metadata.port_ = ntohs(address.sin_port);
  return metadata;
}

LoopbackMetadata::LoopbackMetadata(LoopbackMetadata&& other) noexcept
    : listener_(std::exchange(other.listener_, -1)), port_(other.port_) {}

LoopbackMetadata::~LoopbackMetadata() {
  if (listener_ >= 0) close(listener_);
}

int LoopbackMetadata::ServeUntilEndOf(pid_t child, const std::vector<BuiltInAnswer>& answers,
                                      std::chrono::milliseconds time_max) const {
  const Deadline deadline = Deadline::After(time_max);
  int status = 0;
  bool killed = false;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (deadline.HasPassed() && !std::exchange(killed, true)) kill(child, SIGKILL);
    if (!IsReadable(listener_, kPollMs)) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    AnswerOne(connection, answers);
    close(connection);
  }
  return status;
}

}  // namespace eic
