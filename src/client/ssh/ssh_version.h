// Which OpenSSH this is, since its options and its configuration grew over time.
#pragma once

#include <optional>
#include <string>

#include "aws/failure.h"

namespace eic::client {

struct SshVersion {
  int major = 0;
  int minor = 0;

  bool IsAtLeast(int wanted_major, int wanted_minor) const {
    return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
  }
};

// `OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL ...`, as `ssh -V` says on stderr;
// `OpenSSH_for_Windows_9.5p1` as well. Nothing where it is no OpenSSH.
std::optional<SshVersion> ParseSshVersion(const std::string& text);

// Asks the ssh of PATH. Fails with `NoProgram`, or `BadSsh` where it is no OpenSSH or older
// than 7.4.
aws::Outcome<SshVersion> AskSshVersion();

// Judges what `ssh -V` said.
aws::Outcome<SshVersion> CheckSshVersion(const std::string& text);

}  // namespace eic::client
