// What a caller is told who is not known, may not, or meets a failure: each protocol has words of
// its own.
#pragma once

#include <string>
#include <string_view>

#include "emulator/api/api_error.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

// A signature that is not good.
ApiError JsonErrorOf(const SignatureProblem& problem);
ApiError Ec2ErrorOf(const SignatureProblem& problem);
ApiError StsErrorOf(const SignatureProblem& problem);

// `principal` may not do `action`.
ApiError JsonDenial(std::string_view principal, std::string_view action, std::string_view resource);
ApiError Ec2Denial(std::string_view principal, std::string_view action);
ApiError StsDenial(std::string_view principal, std::string_view action, std::string_view resource);

// The service fails with `status` by itself.
ApiError JsonFailure(int status);
ApiError Ec2Failure(int status);
ApiError StsFailure(int status);

}  // namespace eic::emulator
