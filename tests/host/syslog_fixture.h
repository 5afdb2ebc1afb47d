// A syslog daemon of a test: a socket in a folder of its own.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/fakes/temp_folder.h"

namespace eic {

class SyslogDaemon {
 public:
  explicit SyslogDaemon(int type = SOCK_DGRAM) : type_(type) { Start(); }
  ~SyslogDaemon() { Stop(); }
  SyslogDaemon(const SyslogDaemon&) = delete;
  SyslogDaemon& operator=(const SyslogDaemon&) = delete;

  std::string path() const { return folder_.Of("log"); }

  void Start() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    descriptor_ = socket(AF_UNIX, type_ | SOCK_CLOEXEC, 0);
    (void)bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (type_ == SOCK_STREAM) (void)listen(descriptor_, 4);
  }

  // Leaves nothing behind.
  void Stop() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
    (void)unlink(path().c_str());
  }

  // What has arrived, a datagram each, or the bytes of one stream.
  std::vector<std::string> Received() const {
    if (type_ == SOCK_STREAM) return {ReceivedStream()};
    std::vector<std::string> messages;
    char bytes[8192];
    ssize_t length = 0;
    while ((length = recv(descriptor_, bytes, sizeof bytes, MSG_DONTWAIT)) >= 0) {
      messages.emplace_back(bytes, static_cast<std::size_t>(length));
    }
    return messages;
  }

  // Sends datagrams that nobody reads until no more go in.
  void Fill() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    const int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    (void)connect(sender, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    while (send(sender, "full", 4, MSG_DONTWAIT) == 4) {
    }
    close(sender);
  }

 private:
  std::string ReceivedStream() const {
    std::string text;
    const int connection = accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    char bytes[8192];
    ssize_t length = 0;
    while ((length = recv(connection, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
      text.append(bytes, static_cast<std::size_t>(length));
    }
    close(connection);
    return text;
  }

  fakes::TempFolder folder_;
  int type_;
  int descriptor_ = -1;
};

}  // namespace eic
