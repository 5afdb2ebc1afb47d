// Asks the person for an MFA code: at the terminal, else by the program that SSH_ASKPASS names, as
// ssh asks for a passphrase (ssh(1), ENVIRONMENT).
#pragma once

#include <string>
#include <string_view>

#include "aws/api.h"

namespace eic::client {

// Six digits, with nothing but blanks around them.
bool IsMfaCode(std::string_view text);

class TerminalPrompter : public aws::Prompter {
 public:
  // Fails with `NoTerminal` at once where nobody can be asked, with `NoMfaCode` where nobody gave a
  // code within kMfaTimeMax and kMfaTriesMax. What is typed is shown: it is worth nothing a minute
  // later, and a terminal that a killed process left without echo is worse.
  aws::Outcome<std::string> AskMfaCode(const std::string& serial) override;

  // The same at another device than /dev/tty, for tests.
  explicit TerminalPrompter(std::string terminal = "/dev/tty") : terminal_(std::move(terminal)) {}

 private:
  aws::Outcome<std::string> AskAtTerminal(int terminal, const std::string& prompt) const;
  aws::Outcome<std::string> AskByProgram(const std::string& program,
                                         const std::string& prompt) const;

  std::string terminal_;
};

}  // namespace eic::client
