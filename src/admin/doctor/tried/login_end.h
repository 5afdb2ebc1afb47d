// How far a login came, as sshd's own lines and the shell's answer show it.
#pragma once

#include <string>
#include <string_view>

#include "admin/process/child.h"

namespace eic::admin {

struct LoginEnd {
  // In the order in which a login passes them; it ended there.
  enum class Stage {
    kConnection,     // sshd did not greet the client
    kKey,            // sshd did not take the key
    kAccount,        // it took the key, and a list of its own or PAM refused the user
    kSecondFactor,   // it took the key, and wants something more that nobody gave
    kSession,        // the user is in, and no shell answered
    kForcedCommand,  // the same: sshd runs a command of its own instead
    kShell,          // the shell answered: it works
  } stage = Stage::kConnection;
  std::string seen;  // the line that says most; empty: nobody said anything

  // Neither as far as a shell, nor as far as somebody meant it to come.
  bool IsFailure() const;
};

// `log`: of sshd, at LogLevel VERBOSE. `client`: how ssh ended and what it printed, in which
// `answer` stands if the shell did what it was told.
LoginEnd ReadLoginEnd(std::string_view log, const ChildResult& client, std::string_view answer);

// One word a stage, for programs: `second-factor`.
std::string_view StageSlug(LoginEnd::Stage stage);

// As a sentence's end: `sshd took the key, and asks for a second factor`.
std::string_view StageText(LoginEnd::Stage stage);

}  // namespace eic::admin
