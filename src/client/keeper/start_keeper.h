// Starts the keeper as a process of its own: no terminal, no descriptor of its starter's, no core,
// not to be looked into.
#pragma once

#include "aws/failure.h"
#include "client/folder.h"

namespace eic::client {

enum class Start {
  kStarted,  // its sockets are there
  kRuns,     // another process's keeper runs, or is about to run or to end
};

// Forks, so this process must have one thread. Fails with `KeeperFailed`.
aws::Outcome<Start> StartKeeper(const Folder& folder);

}  // namespace eic::client
