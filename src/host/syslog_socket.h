// A connection to the local syslog daemon that never holds up a login. syslog(3) would: it blocks
// while the daemon's queue is full.
#pragma once

#include <chrono>
#include <string>

#include "core/limits.h"

namespace eic {

// Who writes, as every line has it.
inline constexpr const char* kSyslogIdent = "ec2-instance-connect";

// The least number of the log's descriptor, at the top of what the process leaves itself: the
// filter of system calls is made before any run, and knows the socket by it.
inline constexpr int kLogDescriptor = static_cast<int>(kDescriptorsMax) - 1;

class SyslogSocket {
 public:
  // Connects to the datagram (or else stream) socket at `path`; not being able to is no error.
  explicit SyslogSocket(std::string path);
  ~SyslogSocket();
  SyslogSocket(const SyslogSocket&) = delete;
  SyslogSocket& operator=(const SyslogSocket&) = delete;

  // Sends one formatted message. Waits for a full queue, kLogWaitMax in all over the life of this
  // object; connects anew, once a message, where the daemon was restarted and the process may still
  // open a socket (host/confinement.h). Otherwise the message is dropped.
  void Send(const std::string& message);

  // -1 where there is no connection; else kLogDescriptor or more, if the process may have so many.
  int descriptor() const { return descriptor_; }

 private:
  bool TrySend(const std::string& message);
  bool WaitUntilWritable();
  void Connect();
  void Close();

  std::string path_;
  int descriptor_ = -1;
  bool is_stream_ = false;
  std::chrono::milliseconds wait_left_;
};

// RFC 3164 as syslog(3) writes it to the local socket: `<PRI>Mmm dd hh:mm:ss IDENT[PID]: TEXT`,
// with facility AUTHPRIV and a severity of syslog.h (LOG_INFO, ...), in local time.
std::string SyslogMessage(int severity, const std::string& text);

}  // namespace eic
