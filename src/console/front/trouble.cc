#include "console/front/trouble.h"

#include <string_view>

#include "client/terminal_text.h"
#include "console/limits.h"

namespace eic::console {
namespace {

struct Row {
  std::string_view key;
  const char* slug;
};

// By AWS's names of errors, and those of src/aws and src/client.
constexpr Row kSlugs[] = {
    {"UnauthorizedOperation", "no-permission"},
    {"AccessDenied", "no-permission"},
    {"AccessDeniedException", "no-permission"},
    {"AuthException", "no-permission"},
    {"NoSuchInstance", "instance-not-found"},
    {"SeveralInstances", "instance-not-found"},
    {"InvalidInstanceID.NotFound", "instance-not-found"},
    {"InvalidInstanceID.Malformed", "instance-not-found"},
    {"EC2InstanceNotFoundException", "instance-not-found"},
    {"NotRunning", "stopped"},
    {"EC2InstanceStateInvalidException", "stopped"},
    {"NoAddress", "no-address"},
    {"ExpiredToken", "expired-credentials"},
    {"ExpiredTokenException", "expired-credentials"},
    {"RequestExpired", "expired-credentials"},
    {"NoCredentials", "no-credentials"},
    {"ProfileNotFound", "no-credentials"},
    {"CredentialProcessFailed", "no-credentials"},
    {"AuthFailure", "wrong-credentials"},
    {"InvalidClientTokenId", "wrong-credentials"},
    {"UnrecognizedClientException", "wrong-credentials"},
    {"SignatureDoesNotMatch", "wrong-credentials"},
    {"InvalidSignatureException", "wrong-credentials"},
    {"MissingAuthenticationToken", "wrong-credentials"},
    {"NoTerminal", "mfa-needed"},
    {"NoMfaCode", "mfa-needed"},
    {"MfaBusy", "mfa-needed"},
    {"NoRegion", "no-region"},
    {"BadConfiguration", "bad-configuration"},
    {"BadFolder", "bad-configuration"},
    {"ConnectionFailed", "aws-unreachable"},
    {"MalformedAnswer", "aws-unreachable"},
    {"Throttling", "throttled"},
    {"ThrottlingException", "throttled"},
    {"RequestLimitExceeded", "throttled"},
    {"ForkFailed", "worker-failed"},
};

struct StatusRow {
  std::string_view slug;
  int status;
};
constexpr StatusRow kStatuses[] = {
    {"no-permission", 403},       {"instance-not-found", 404}, {"no-credentials", 401},
    {"expired-credentials", 401}, {"wrong-credentials", 401},  {"sso-expired", 401},
    {"mfa-needed", 401},          {"no-region", 400},          {"bad-request", 400},
    {"bad-configuration", 400},   {"session-limit", 429},      {"throttled", 429},
    {"aws-unreachable", 502},     {"not-found", 404},
};

std::string SlugOf(const aws::Failure& failure) {
  // Only the command that the advice names helps.
  if (failure.code == "NoCredentials" &&
      failure.advice.find("aws sso login --") != std::string::npos) {
    return "sso-expired";
  }
  for (const Row& row : kSlugs) {
    if (row.key == failure.code) return row.slug;
  }
  return "aws-failed";
}

std::string Shown(const std::string& text) { return client::TerminalLines(text, kWordsBytesMax); }

}  // namespace

Trouble TroubleOf(const aws::Failure& failure, const std::string& step) {
  return {SlugOf(failure), step, Shown(failure.message), Shown(failure.advice)};
}

int StatusOf(const Trouble& trouble) {
  for (const StatusRow& row : kStatuses) {
    if (row.slug == trouble.slug) return row.status;
  }
  return 500;
}

}  // namespace eic::console
