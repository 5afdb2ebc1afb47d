#include "aws/credentials/process.h"

#include "aws/json_text.h"
#include "aws/limits.h"
#include "aws/text.h"
#include "aws/time_text.h"

namespace eic::aws {
namespace {

using Fate = ProgramEnd::Fate;

constexpr std::size_t kShownErrorBytesMax = 500;

// Why a run gave nothing; empty where it went well.
std::string Trouble(const ProgramEnd& end, std::chrono::milliseconds time_max) {
  switch (end.fate) {
    case Fate::kNotFound:
      return "there is no such program in PATH";
    case Fate::kNotStarted:
      return "it could not be started";
    case Fate::kLate:
    case Fate::kLost:
      return "it did not finish within " + std::to_string(time_max.count() / 1000) + " s";
    case Fate::kTooMuchOutput:
      return "it wrote more than " + std::to_string(kProgramOutputBytesMax) + " bytes";
    case Fate::kExited:
      break;
  }
  if (end.status == 0) return "";
  const std::string said = Capped(Trimmed(end.errors), kShownErrorBytesMax);
  return "it ended with status " + std::to_string(end.status) +
         (said.empty() ? "" : " and said: " + said);
}

Failure CliFailure(const ProgramEnd& end, const std::string& profile, const std::string& trouble,
                   const std::string& login_command) {
  const std::string what = "profile " + profile +
                           " needs the AWS CLI: `aws configure "
                           "export-credentials`: " +
                           trouble;
  if (end.fate == Fate::kNotFound) {
    return {"NoCredentials", what,
            "Install AWS CLI version 2, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
            "AWS_SESSION_TOKEN from where it is installed: `aws configure export-credentials "
            "--format env --profile " +
                profile + "`."};
  }
  if (end.errors.find("nvalid choice") != std::string::npos) {
    return {"NoCredentials", what, "Install AWS CLI 2.9 or later: this one has no such command."};
  }
  return {"NoCredentials", what, "Run `" + login_command + "`, then try again."};
}

}  // namespace

Outcome<Credentials> ParseProcessOutput(const std::string& text) {
  const Failure bad{"CredentialProcessFailed", "its output is not a JSON object with credentials",
                    "It must print Version 1, AccessKeyId and SecretAccessKey: see \"Sourcing "
                    "credentials with an external process\" in AWS's guide."};
  const auto json = ParseJsonObject(text);
  if (!json) return bad;
  const nlohmann::json version = json->value("Version", nlohmann::json());
  if (!version.is_number() || version != 1) {
    Failure other = bad;
    other.message = "its output does not have Version 1";
    return other;
  }
  Credentials found;
  found.key = {TextOf(*json, "AccessKeyId"), TextOf(*json, "SecretAccessKey"),
               TextOf(*json, "SessionToken")};
  if (found.key.access_key_id.empty() || found.key.secret_access_key.empty()) {
    Failure other = bad;
    other.message = "its output lacks AccessKeyId or SecretAccessKey";
    return other;
  }
  const nlohmann::json expiration = json->value("Expiration", nlohmann::json());
  if (expiration.is_null()) return found;
  found.expires = ParseIsoTime(TextOf(*json, "Expiration"));
  if (!found.expires) {
    Failure other = bad;
    other.message = "its output has an Expiration that is not a time";
    return other;
  }
  return found;
}

Outcome<Credentials> RunCredentialProcess(const std::string& command, const std::string& profile,
                                          World& world) {
  const std::string where = "credential_process of profile " + profile;
  const auto words = SplitWords(command);
  if (!words || words->empty() || words->size() > kCommandWordsMax) {
    return Failure{"BadConfiguration",
                   where + " is not a command: it is empty, or a quote is not closed",
                   "Correct it in the config file."};
  }
  // Its name alone: arguments may hold secrets.
  const ProgramEnd end =
      world.Run({*words, {}, kCredentialProcessTimeMax, ProgramRun::Input::kTerminal});
  const std::string trouble = Trouble(end, kCredentialProcessTimeMax);
  if (!trouble.empty()) {
    return Failure{"CredentialProcessFailed", where + " (" + words->front() + "): " + trouble,
                   "Run the command by hand and see what it says."};
  }
  auto found = ParseProcessOutput(end.output);
  if (!found) {
    Failure failure = found.error();
    failure.message = where + " (" + words->front() + "): " + failure.message;
    return failure;
  }
  if (found->expires && *found->expires <= world.Now()) {
    return Failure{"ExpiredToken", where + " (" + words->front() + ") gave expired credentials",
                   "Renew its session, and try again."};
  }
  found->source = where;
  return found;
}

Outcome<Credentials> ExportByAwsCli(const std::string& profile, const std::string& login_command,
                                    World& world) {
  const ProgramEnd end = world.Run(
      {{"aws", "configure", "export-credentials", "--format", "process", "--profile", profile},
       {},
       kAwsCliTimeMax,
       ProgramRun::Input::kTerminal});
  const std::string trouble = Trouble(end, kAwsCliTimeMax);
  if (!trouble.empty()) return CliFailure(end, profile, trouble, login_command);
  auto found = ParseProcessOutput(end.output);
  if (!found) return CliFailure(end, profile, found.error().message, login_command);
  found->source = "profile " + profile + " by the AWS CLI";
  return found;
}

}  // namespace eic::aws
