#include "admin/explain/explain.h"

#include <algorithm>

#include "admin/explain/format_trace.h"
#include "admin/explain/steps.h"
#include "admin/limits.h"
#include "admin/process/as_user.h"
#include "admin/slot/agent_command.h"
#include "agent/doors.h"
#include "host/curl_http.h"
#include "host/users.h"

namespace eic::admin {
namespace {

Report Fail(const std::string& text) {
  return {ExitStatus::kFailed, "", "ec2-instance-connect: " + text + "\n"};
}

// The first byte has the outcome, so that the parent need not parse the text for it.
constexpr char kPrintsKeys = '+';
constexpr char kPrintsNone = '-';

std::string Explained(const eic::Options& options) {
  CurlHttp http;
  const Trace trace = RunTraced(options, http, &DoorsOf, &LookUpUser);
  const char mark = EndingOf(trace).prints_keys ? kPrintsKeys : kPrintsNone;
  return mark + FormatTrace(trace, options);
}

}  // namespace

Report Explain(const Outside& outside, const ExplainOptions& options) {
  Sshd sshd(outside.layout, outside.runner, outside.files);
  const Outcome<InstalledCommand> installed = FindAgentCommand(outside, sshd, options.user);
  if (!installed) return Fail(installed.error().text);
  const Result<eic::Options, UsageError> agent =
      ParseAgentCommand(installed->command, options.user, options.fingerprint);
  if (!agent) return Fail(installed->command + ": " + agent.error().text);

  const Outcome<std::string> text = RunAsUser(
      installed->account, [&] { return Explained(*agent); }, kAsUserTimeMax);
  if (!text) return Fail(text.error().text);
  const bool prints_keys = !text->empty() && text->front() == kPrintsKeys;
  Report report{prints_keys ? ExitStatus::kDone : ExitStatus::kRefused, "", ""};
  report.output = "As " + installed->account.name + ", with `" + installed->command + "`" +
                  (installed->is_in_force ? "" : " (not in force: see `doctor`)") + ":\n" +
                  text->substr(std::min<std::size_t>(1, text->size()));
  return report;
}

}  // namespace eic::admin
