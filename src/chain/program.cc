#include "chain/program.h"

#include <sysexits.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/collector.h"
#include "chain/keeper.h"
#include "chain/member_folder.h"
#include "chain/options.h"
#include "host/audit.h"
#include "host/chain_confinement.h"
#include "host/privileges.h"
#include "host/standard_descriptors.h"
#include "host/watchdog.h"

namespace eic::chain {
namespace {

constexpr const char* kProgram = "eic-chain: ";

std::unique_ptr<AuditLog> OpenAudit(Options::LogTo log_to) {
  return log_to == Options::LogTo::kStderr ? OpenStderrAudit() : OpenSyslogAudit();
}

// To the log, and to a person at a terminal. sshd logs the status and its command line.
int ReportUsage(const UsageError& error) {
  const std::string text = kProgram + error.text + "; see --help";
  if (error.log_to == Options::LogTo::kSyslog && isatty(STDERR_FILENO) == 1) {
    OpenStderrAudit()->RecordFault(text);
  }
  OpenAudit(error.log_to)->RecordFault(text);
  return EX_USAGE;
}

void RecordRefused(const std::string& name, const std::string& why, AuditLog& audit) {
  audit.RecordFault(kProgram + ("left out member \"" + name + "\": " + why));
}

// The members that can be run for this login; each of the others has its line in the log.
std::vector<Runnable> ReadyMembers(const Options& options, const Inherited& inherited,
                                   AuditLog& audit) {
  // NSS may hang. At that time nothing runs, and nothing has been printed.
  const Watchdog watchdog(options.run_limit, audit.Descriptor(),
                          audit.FaultBytes(kProgram + std::string("a library did not return")));
  std::vector<Runnable> ready;
  const Outcome<MemberFolder> folder = ReadMemberFolder(options.folder);
  if (!folder) {
    audit.RecordFault(kProgram + ("no member runs: " + folder.error().text));
    return ready;
  }
  for (const RefusedFile& file : folder->refused) RecordRefused(file.name, file.why, audit);
  for (const Member& member : folder->members) {
    Outcome<Runnable> runnable = MakeRunnable(member, options.values, inherited);
    if (runnable) {
      ready.push_back(*std::move(runnable));
    } else {
      RecordRefused(member.name + ".conf", runnable.error().text, audit);
    }
  }
  return ready;
}

// The collector's work, in a process of its own: it gives up its rights before it reads a byte.
int CollectAndPrint(const std::vector<Source>& sources, int ends, bool tells_times,
                    AuditLog& audit) {
  const Result<std::string> kept = GiveUpPrivileges();
  if (!kept) {
    audit.RecordFault(kProgram + ("nothing is collected: " + kept.error().detail));
    return EX_OK;
  }
  ConfineForPipes();
  const std::optional<std::vector<Collected>> collected = Collect(sources, ends);
  if (!collected) return kCollectorLost;
  for (const Collected& one : *collected) {
    if (!one.why_void.empty()) audit.RecordFault(VoidLine(one));
  }
  PrintAll(tells_times ? Timings(*collected) : AllLines(*collected));
  return EX_OK;
}

int RunChain(const Options& options, const Inherited& inherited) {
  const std::unique_ptr<AuditLog> audit = OpenAudit(options.log_to);
  const std::vector<Runnable> ready = ReadyMembers(options, inherited, *audit);
  if (ready.empty()) return EX_OK;
  const int status =
      Keep(ready, options.run_limit, [&](const std::vector<Source>& sources, int ends) {
        try {
          return CollectAndPrint(sources, ends, options.tells_times, *audit);
        } catch (const std::exception&) {
          return kCollectorLost;
        }
      });
  if (status != EX_OK) audit->RecordFault(std::string(kProgram) + "the collector was lost");
  return status;
}

}  // namespace

int RunProgram(int argc, char* const* argv, const Inherited& inherited) {
  OpenStandardDescriptors();
  // A reader that stops early is not an error, nor is a limit on files.
  (void)std::signal(SIGPIPE, SIG_IGN);
  (void)std::signal(SIGXFSZ, SIG_IGN);
  const Result<Options, UsageError> options = ParseOptions(argc, argv);
  if (!options) return ReportUsage(options.error());
  if (options->information) {
    PrintAll(*options->information);
    return EX_OK;
  }
  return RunChain(*options, inherited);
}

}  // namespace eic::chain
