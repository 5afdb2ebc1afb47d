// A value, or why there is none. For the administrator's program: people and maintainer scripts
// read its failures, which are not the reasons of a login (core/reason.h).
#pragma once

#include <string>

#include "core/result.h"

namespace eic::admin {

// The exit status: a contract with maintainer scripts, ec2-instance-connect(8).
enum class ExitStatus {
  kDone = 0,       // done, or already so
  kRefused = 1,    // the slot is somebody else's, or masked; nothing was changed
  kUnchecked = 3,  // sshd could not be asked; what was changed stays
  kFailed = 4,     // everything is as it was
  kUsage = 64,     // wrong usage: EX_USAGE of sysexits.h, as in all programs of ours

  // Only doctor uses this; its statuses have other meanings.
  kFine = 0,
  kWarnings = 1,
  kBroken = 2,
};

struct Failure {
  ExitStatus status;
  std::string slug;  // for programs: one word a cause
  std::string text;  // for people: what happened, where, what to do
};

template <typename T>
using Outcome = Result<T, Failure>;

using eic::Nothing;

}  // namespace eic::admin
