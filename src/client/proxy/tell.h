// Where a person reads what went wrong.
#pragma once

#include <string>

#include "aws/failure.h"
#include "client/folder.h"

namespace eic::client {

// To standard error; where that leads nowhere, since ssh has taken it away (ControlPersist), to the
// terminal if there is one; and always to last-failure. `target` is what the person wanted to
// reach.
void TellFailure(const Folder& folder, const std::string& target, const aws::Failure& failure);

}  // namespace eic::client
