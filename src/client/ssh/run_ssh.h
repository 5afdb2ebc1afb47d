// The answers of OpenSSH's programs: ssh about its configuration, ssh-keygen about known_hosts.
#pragma once

#include <string>
#include <vector>

#include "aws/failure.h"

namespace eic::client {

struct Ran {
  int status = -1;  // as the shell has it: 128 and the signal for a death by signal
  std::string output;
  std::string errors;
};

// Runs `arguments[0]` of PATH to its end, with /dev/null as its input. Fails with `NoProgram`, or
// with `ProgramFailed` where it takes longer than kSshAnswerMs or prints more than
// kSshAnswerBytesMax.
aws::Outcome<Ran> RunSsh(const std::vector<std::string>& arguments);

// Several of them beside each other; an outcome for each.
std::vector<aws::Outcome<Ran>> RunSshPrograms(
    const std::vector<std::vector<std::string>>& programs);

}  // namespace eic::client
