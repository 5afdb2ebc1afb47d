// What went wrong, in AWS's words where there are any, and what to do next.
#pragma once

#include <string>

#include "aws/answers.h"
#include "aws/endpoints.h"
#include "aws/failure.h"
#include "aws/world.h"

namespace eic::aws {

// An answer that is an error. `words` may be empty: something that is not AWS answered.
Failure ServiceFailure(const ErrorWords& words, int status, Service service,
                       const std::string& operation);

// A call without an answer.
Failure ConnectionFailure(const HttpReply& reply, Service service, const std::string& host);

}  // namespace eic::aws
