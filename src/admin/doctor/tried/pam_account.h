// PAM itself, asked about an account as sshd asks it (doctor --account). Its modules may act on
// what they are asked, as on a login: pam_faillock, for one, empties its tally.
#pragma once

#include <chrono>
#include <string>

namespace eic::admin {

struct PamAccount {
  std::string why_not;  // PAM could not be asked; empty: it was
  std::string service;
  std::string from;  // the client's address
  bool lets_in = false;
  // PAM's own words for the result, then what modules would have shown. Untrusted.
  std::string text;
};

// What pam_acct_mgmt(3) says of `user`, for a client at the address `from` on the terminal `ssh`:
// the host's libpam, loaded in a child process of this user (root, as sshd is), which is killed
// after `time_limit`. Modules may show text, and nobody answers their questions.
PamAccount AskPam(const std::string& service, const std::string& user, const std::string& from,
                  std::chrono::milliseconds time_limit);

}  // namespace eic::admin
