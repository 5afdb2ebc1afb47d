// What the proxy needs to know of what `ssh -G` prints, as values and as one word.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace eic::client {

struct SshAnswers {
  std::optional<std::chrono::seconds> connect_timeout;  // none: no limit
  bool forwards_agent = false;  // that of SSH_AUTH_SOCK; a path of its own is not ours to know
  bool keeps_alive = true;      // TCPKeepAlive
};

// Reads the output of `ssh -G`. What it does not say stays as above.
SshAnswers ParseSshAnswers(std::string_view output);

// `connecttimeout=10,forwardagent=no,tcpkeepalive=yes`: safe in a ProxyCommand, and read back.
std::string PrintSshAnswers(const SshAnswers& answers);
SshAnswers ParsePrintedSshAnswers(std::string printed);

}  // namespace eic::client
