// The generated -F files in run/, named by the hash of their contents, so that command lines that
// say the same share one, and ssh's that run beside each other never read half of one.
#pragma once

#include <string>

#include "aws/failure.h"
#include "client/folder.h"

namespace eic::client {

// The path of the file that holds `text`; it is made where it is missing, and old ones are pruned.
// Fails with `BadFile`.
aws::Outcome<std::string> KeepRunFile(const Folder& folder, const std::string& text);

}  // namespace eic::client
