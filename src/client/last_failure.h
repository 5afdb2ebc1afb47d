// What went wrong last, for `eic why --last`: under ControlPersist ssh takes away a ProxyCommand's
// standard error, and then nobody would see it.
#pragma once

#include <string>

#include "aws/failure.h"
#include "client/folder.h"

namespace eic::client {

// The text of a failure as a person reads it, each line safe for a terminal: printable ASCII, no
// control byte. `eic: CODE: MESSAGE`, and a line `eic: ADVICE` where there is any. At most some 6
// KiB.
std::string FailureText(const aws::Failure& failure);

// Puts it in the place of the one before, with the time and `target`, what the person wanted to
// reach. Best effort: a folder that cannot be written to must not hide the failure itself.
void RecordLastFailure(const Folder& folder, const std::string& target,
                       const aws::Failure& failure);

}  // namespace eic::client
