// Why a call to AWS, or what a call needs, came to nothing.
#pragma once

#include <string>

#include "core/result.h"

namespace eic::aws {

struct Failure {
  // AWS's own name of the error (`AuthFailure`, `ThrottlingException`), or one of ours in the same
  // form: `NoCredentials`, `NoRegion`, `BadConfiguration`, `ConnectionFailed`, `MalformedAnswer`.
  std::string code;
  // What happened and where, in AWS's words where there are any. Untrusted: whoever prints it makes
  // it safe for a terminal.
  std::string message;
  // What the person does next; empty where there is nothing to add.
  std::string advice = {};
};

template <typename T>
using Outcome = Result<T, Failure>;

}  // namespace eic::aws
