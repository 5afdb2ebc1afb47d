// AWS's standard retries: what is tried again, and after how long.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and botocore's
// retries/standard.py.
#pragma once

#include <chrono>
#include <string>

#include "aws/world.h"

namespace eic::aws {

// A fault of the network that may pass: TLS that fails and answers over their limit stay.
bool IsTransientFault(HttpReply::Fault fault);

// An answer with this status and AWS's error code (may be empty).
bool IsRetriedAnswer(int status, const std::string& error_code);

// Before the attempt after `attempts_made` >= 1: min(random * 2^(attempts_made - 1), 20) seconds.
std::chrono::milliseconds BackoffBefore(int attempts_made, double random);

// An error that a wrong clock may cause.
bool MayBeClockSkew(const std::string& error_code);

}  // namespace eic::aws
