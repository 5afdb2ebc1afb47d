#include "aws/advice.h"

#include <iterator>
#include <string_view>

namespace eic::aws {
namespace {

struct Row {
  std::string_view code;
  const char* advice;
};

constexpr const char* kRenew =
    "The credentials have expired. Get new ones: `aws sso login` or `aws login` for such a "
    "profile, "
    "new AWS_* variables, or whatever gave you the old ones.";
constexpr const char* kWrongKeys =
    "Check the access key, the secret key and the session token: `aws sts get-caller-identity` "
    "must "
    "succeed with the same profile. A clock that is wrong has the same effect.";
constexpr const char* kSlowDown =
    "AWS limits how often an account may call. Wait a minute; AWS_MAX_ATTEMPTS=10 tries longer.";
constexpr const char* kNoSuchInstance =
    "Check the id, the region (--region), the account (--profile), and the zone if you gave one.";

// By the services' own names of errors.
constexpr Row kRows[] = {
    {"ExpiredToken", kRenew},
    {"ExpiredTokenException", kRenew},
    {"RequestExpired", kRenew},
    {"AuthFailure", kWrongKeys},
    {"InvalidClientTokenId", kWrongKeys},
    {"UnrecognizedClientException", kWrongKeys},
    {"SignatureDoesNotMatch", kWrongKeys},
    {"InvalidSignatureException", kWrongKeys},
    {"IncompleteSignature", kWrongKeys},
    {"IncompleteSignatureException", kWrongKeys},
    {"MissingAuthenticationToken", kWrongKeys},
    {"RequestTimeTooSkewed",
     "Set this machine's clock: `timedatectl` shows whether it is in sync."},
    {"OptInRequired", "Enable the region in the account, or choose another with --region."},
    {"InvalidInstanceID.NotFound", kNoSuchInstance},
    {"InvalidInstanceID.Malformed", kNoSuchInstance},
    {"EC2InstanceNotFoundException", kNoSuchInstance},
    {"EC2InstanceStateInvalidException",
     "Only a running instance takes a key. Start it: `aws ec2 start-instances --instance-ids ID`."},
    {"EC2InstanceUnavailableException",
     "The service cannot reach the instance's host just now. Try again in a minute."},
    {"InvalidArgsException", "Check the user name, the instance's zone and the public key."},
    {"ServiceException", "The service failed. Try again in a minute."},
    {"Throttling", kSlowDown},
    {"ThrottlingException", kSlowDown},
    {"RequestLimitExceeded", kSlowDown},
};

std::string_view IamNameOf(Service service) { return service == Service::kEc2 ? "ec2" : "sts"; }

// What the caller's policy lacks.
std::string PermissionAdvice(Service service, const std::string& operation) {
  if (service == Service::kEc2InstanceConnect) {
    return "Ask for the permission ec2-instance-connect:" + operation +
           " on the instance, and with the condition ec2:osuser for this user if the policy has "
           "one.";
  }
  if (operation == "AssumeRole" || operation == "AssumeRoleWithWebIdentity") {
    return "Ask for the permission sts:" + operation +
           " on the role, and for the role's trust policy to name you (external id and MFA "
           "included, where it asks for them).";
  }
  return "Ask for the permission " + std::string(IamNameOf(service)) + ":" + operation + ".";
}

bool IsDenied(std::string_view code) {
  return code == "UnauthorizedOperation" || code == "AccessDenied" ||
         code == "AccessDeniedException" || code == "AuthException";
}

std::string AdviceFor(const std::string& code, Service service, const std::string& operation) {
  if (IsDenied(code)) return PermissionAdvice(service, operation);
  for (const Row& row : kRows) {
    if (row.code == code) return row.advice;
  }
  return "";
}

}  // namespace

Failure ServiceFailure(const ErrorWords& words, int status, Service service,
                       const std::string& operation) {
  const std::string where = NameOf(service) + " " + operation;
  if (words.code.empty()) {
    return {"MalformedAnswer",
            where + " was answered with status " + std::to_string(status) +
                " and without an error that AWS knows",
            "If an endpoint or a proxy is configured, check that it leads to AWS."};
  }
  const std::string message = words.message.empty() ? "no message" : words.message;
  return {words.code, where + ": " + message + " (" + words.code + ")",
          AdviceFor(words.code, service, operation)};
}

Failure ConnectionFailure(const HttpReply& reply, Service service, const std::string& host) {
  const std::string what = NameOf(service) + " at " + host + ": " + reply.detail;
  switch (reply.fault) {
    case HttpReply::Fault::kTls:
      return {"ConnectionFailed", what,
              "If a proxy or firewall intercepts TLS, name its CA's certificate in AWS_CA_BUNDLE "
              "or in `ca_bundle` of the profile."};
    case HttpReply::Fault::kTooLarge:
      return {"MalformedAnswer", what, "Ask for less: name instances, or more of a name."};
    case HttpReply::Fault::kMalformed:
      return {"MalformedAnswer", what,
              "If an endpoint or a proxy is configured, check that it leads to AWS."};
    case HttpReply::Fault::kNotConnected:
      return {"ConnectionFailed", what,
              "Check the network, the region's spelling, and HTTPS_PROXY where a proxy is needed."};
    case HttpReply::Fault::kNone:
    case HttpReply::Fault::kTimeout:
    case HttpReply::Fault::kConnectionLost:
      break;
  }
  return {"ConnectionFailed", what, "Try again; check the network if it goes on."};
}

}  // namespace eic::aws
