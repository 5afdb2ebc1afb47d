#include "agent/program.h"

#include <sysexits.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <memory>
#include <string>

#include "agent/doors.h"
#include "agent/options.h"
#include "agent/run.h"
#include "agent/self_test.h"
#include "host/curl_http.h"
#include "host/privileges.h"
#include "host/sshd_process.h"
#include "host/standard_descriptors.h"
#include "host/watchdog.h"

namespace eic {
namespace {

// A reader that has had enough is no fault (some versions of sshd stop early), nor is a limit on
// files: neither may end the run by a signal, or sshd would log an error.
void IgnoreOutputSignals() {
  (void)std::signal(SIGPIPE, SIG_IGN);
  (void)std::signal(SIGXFSZ, SIG_IGN);
}

std::unique_ptr<AuditLog> OpenAudit(Options::LogTo log_to) {
  return log_to == Options::LogTo::kStderr ? OpenStderrAudit() : OpenJournalOrSyslogAudit();
}

// Wrong usage goes to the log, and to a person at a terminal. sshd logs the status and its command
// line.
int ReportUsage(const UsageError& error) {
  const std::string text = "eic-authorized-keys: " + error.text + "; see --help";
  if (error.log_to == Options::LogTo::kSyslog && isatty(STDERR_FILENO) == 1) {
    OpenStderrAudit()->RecordFault(text);
  }
  OpenAudit(error.log_to)->RecordFault(text);
  return EX_USAGE;
}

std::string LastWords(const std::string& user, AuditLog& audit) {
  return audit.RefusalBytes({Reason::kRunOverran, user, {}, "a library did not return"});
}

// The lines for sshd. Nothing is printed while the watchdog watches, so that it cannot cut a line.
std::string DecideAndRecord(const Options& options, const Request& request, pid_t sshd,
                            AuditLog& audit) {
  const Watchdog watchdog(options.timeout, audit.Descriptor(),
                          LastWords(request.user.text(), audit));
  const Deadline deadline = Deadline::After(options.timeout - kVerifyTime);
  const Result<std::string> kept = GiveUpPrivileges();
  if (!kept) {
    RecordError(request.user.text(), kept.error(), audit);
    return "";
  }
  CurlHttp http;
  Outside outside = DoorsOf(options, http, audit);
  outside.sshd = sshd;
  std::string keys = Run(options, request, outside, deadline);
  // Only where somebody gets in by it: strangers must not be able to fill the log.
  if (!keys.empty() && !kept->empty()) audit.RecordFault("eic-authorized-keys: " + *kept);
  return keys;
}

int Authorize(const Options& options, const std::string& sshd_pid) {
  // Step 1.
  const Result<Request> request = ParseRequest(options);
  if (!request && request.error().reason == Reason::kFingerprintInvalid) {
    return ReportUsage({"FINGERPRINT is neither SHA256: nor MD5: form", options.log_to});
  }

  const std::unique_ptr<AuditLog> audit = OpenAudit(options.log_to);
  if (!request) {
    RecordError(options.user, request.error(), *audit);
    return EX_OK;
  }
  try {
    PrintAll(DecideAndRecord(options, *request, SshdProcess(sshd_pid), *audit));
  } catch (const std::exception& exception) {
    RecordError(request->user.text(), {Reason::kInternalError, exception.what()}, *audit);
  }
  return EX_OK;
}

}  // namespace

int RunProgram(int argc, char* const* argv, const std::string& sshd_pid) {
  OpenStandardDescriptors();
  IgnoreOutputSignals();
  const Result<Options, UsageError> options = ParseOptions(argc, argv);
  if (!options) return ReportUsage(options.error());
  if (options->information) {
    PrintAll(*options->information);
    return EX_OK;
  }
  return options->self_test ? SelfTest(*options) : Authorize(*options, sshd_pid);
}

}  // namespace eic
