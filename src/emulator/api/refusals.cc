#include "emulator/api/refusals.h"

namespace eic::emulator {
namespace {

using Kind = SignatureProblem::Kind;

constexpr const char* kExpiredToken = "The security token included in the request is expired";

std::string MayNot(std::string_view principal, std::string_view action) {
  return "User: " + std::string(principal) +
         " is not authorized to perform: " + std::string(action);
}

std::string MayNotOn(std::string_view principal, std::string_view action,
                     std::string_view resource) {
  return MayNot(principal, action) + " on resource: " + std::string(resource);
}

std::string NoPolicy(std::string_view action) {
  return " because no identity-based policy allows the " + std::string(action) + " action";
}

}  // namespace

ApiError JsonErrorOf(const SignatureProblem& problem) {
  switch (problem.kind) {
    case Kind::kMissing:
      return {"MissingAuthenticationTokenException", problem.message};
    case Kind::kIncomplete:
      return {"IncompleteSignatureException", problem.message};
    case Kind::kUnknownKey:
      return {"UnrecognizedClientException", problem.message};
    case Kind::kTokenExpired:
      return {"ExpiredTokenException", kExpiredToken};
    case Kind::kExpired:
    case Kind::kMismatch:
      return {"InvalidSignatureException", problem.message};
  }
  return JsonFailure(500);
}

// EC2 says less.
ApiError Ec2ErrorOf(const SignatureProblem& problem) {
  switch (problem.kind) {
    case Kind::kMissing:
      return {"MissingAuthenticationToken",
              "The request must contain either a valid (registered) AWS access key ID or X.509 "
              "certificate.",
              403};
    case Kind::kIncomplete:
      return {"IncompleteSignature", problem.message};
    case Kind::kExpired:
    case Kind::kTokenExpired:
      return {"RequestExpired", "Request has expired."};
    case Kind::kUnknownKey:
    case Kind::kMismatch:
      break;
  }
  return {"AuthFailure", "AWS was not able to validate the provided access credentials", 401};
}

ApiError StsErrorOf(const SignatureProblem& problem) {
  switch (problem.kind) {
    case Kind::kMissing:
      return {"MissingAuthenticationToken", "Request is missing Authentication Token", 403};
    case Kind::kIncomplete:
      return {"IncompleteSignature", problem.message};
    case Kind::kUnknownKey:
      return {"InvalidClientTokenId", problem.message, 403};
    case Kind::kTokenExpired:
      return {"ExpiredToken", kExpiredToken, 403};
    case Kind::kExpired:
    case Kind::kMismatch:
      return {"SignatureDoesNotMatch", problem.message, 403};
  }
  return StsFailure(500);
}

ApiError JsonDenial(std::string_view principal, std::string_view action,
                    std::string_view resource) {
  return {"AccessDeniedException", MayNotOn(principal, action, resource) + NoPolicy(action)};
}

ApiError Ec2Denial(std::string_view principal, std::string_view action) {
  return {"UnauthorizedOperation",
          "You are not authorized to perform this operation. " + MayNot(principal, action) +
              NoPolicy(action),
          403};
}

ApiError StsDenial(std::string_view principal, std::string_view action, std::string_view resource) {
  return {"AccessDenied", MayNotOn(principal, action, resource), 403};
}

ApiError JsonFailure(int status) {
  if (status == 429 || status == 503) return {"ThrottlingException", "Rate exceeded"};
  if (status == 401 || status == 403) return {"AuthException", "Access to the instance is denied"};
  return {"ServiceException", "The service failed; this is not the caller's fault", 500};
}

ApiError Ec2Failure(int status) {
  if (status == 429 || status == 503) {
    return {"RequestLimitExceeded", "Request limit exceeded.", 503};
  }
  if (status == 401 || status == 403) {
    return {"UnauthorizedOperation", "You are not authorized to perform this operation.", 403};
  }
  return {"InternalError", "An internal error has occurred", 500};
}

ApiError StsFailure(int status) {
  if (status == 429) return {"Throttling", "Rate exceeded"};
  if (status == 503) return {"ServiceUnavailable", "Service is unavailable", 503};
  if (status == 401 || status == 403) return {"AccessDenied", "Access denied", 403};
  return {"InternalFailure", "The service failed; this is not the caller's fault", 500};
}

}  // namespace eic::emulator
