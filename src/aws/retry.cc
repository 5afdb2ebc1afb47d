#include "aws/retry.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "aws/limits.h"

namespace eic::aws {
namespace {

constexpr int kTransientStatuses[] = {500, 502, 503, 504};

constexpr std::string_view kRetriedCodes[] = {
    // transient
    "RequestTimeout",
    "RequestTimeoutException",
    "PriorRequestNotComplete",
    // throttled
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "EC2ThrottledException",
    // of AssumeRoleWithWebIdentity: STS did not reach the identity provider
    "IDPCommunicationError",
};

// EC2 has nothing but AuthFailure for a signature of the wrong time.
constexpr std::string_view kSkewCodes[] = {
    "RequestTimeTooSkewed",      "RequestExpired",        "RequestInTheFuture", "AuthFailure",
    "InvalidSignatureException", "SignatureDoesNotMatch", "InvalidSignature",
};

template <typename List, typename Value>
bool Contains(const List& list, const Value& value) {
  return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

}  // namespace

bool IsTransientFault(HttpReply::Fault fault) {
  using Fault = HttpReply::Fault;
  return fault == Fault::kNotConnected || fault == Fault::kTimeout ||
         fault == Fault::kConnectionLost;
}

bool IsRetriedAnswer(int status, const std::string& error_code) {
  return Contains(kTransientStatuses, status) || Contains(kRetriedCodes, error_code);
}

std::chrono::milliseconds BackoffBefore(int attempts_made, double random) {
  // In the client's payload ldexp() would bring libm along.
  double seconds = random;
  for (int made = 1; made < attempts_made && seconds < kBackoffSecondsMax; ++made) seconds *= 2;
  seconds = std::min(seconds, kBackoffSecondsMax);
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

bool MayBeClockSkew(const std::string& error_code) { return Contains(kSkewCodes, error_code); }

}  // namespace eic::aws
