// A real login, once, through this host's configuration of sshd. Only the key is not the one that
// metadata would give: it is made for this login, and sshd is told it in a copy of the
// configuration.
#pragma once

#include <string>

#include "admin/daemon/daemon_options.h"
#include "admin/doctor/tried/login_end.h"
#include "admin/outside.h"
#include "admin/sshd/settings.h"

namespace eic::admin {

// Said before: what such a login does.
inline constexpr const char* kLoginNotice =
    "a real login follows: login records, PAM's modules and the shell's start-up files are real\n";

struct RealLogin {
  std::string why_not;  // it could not be tried; empty: it was
  std::string name;
  std::string from;    // the client's address
  std::string unlike;  // what it had otherwise than a login through the port; empty: nothing
  LoginEnd end;
};

// Logs in as `name` from the address `from` (empty: one that nobody has), and leaves: sshd is
// started for that one connection, in a transient unit where systemd runs, with the options of the
// daemon. Takes kLoginTimeMax at the longest. Nothing of its own is left: no key, process or file,
// and no port of the host was open. SIGINT and SIGTERM wait until that is so.
RealLogin TryLogin(const Outside& outside, const DaemonOptions& options, const Settings& settings,
                   const std::string& name, const std::string& from);

// The text of a configuration file without its settings of keys' command and of the log, each of
// which leaves an empty line; those in Match blocks, too.
std::string WithoutKeyCommand(std::string_view text, const SshdRelease& release);

}  // namespace eic::admin
