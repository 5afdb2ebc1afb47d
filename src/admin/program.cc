#include "admin/program.h"

#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <variant>

#include "admin/cli.h"
#include "admin/doctor/tried/real_login.h"
#include "core/printable.h"
#include "host/standard_descriptors.h"
#include "host/syslog_socket.h"

namespace eic::admin {
namespace {

constexpr mode_t kUmask = 022;

int Refuse(const std::string& text) {
  std::cerr << "ec2-instance-connect: " << PrintableLine(text) << "\n";
  return static_cast<int>(ExitStatus::kFailed);
}

// Enters another tree with chroot(2): then its links lead to the right places, and its own sshd
// runs with its own libraries. With --sshd that is not possible, and paths get a prefix.
bool EnterRoot(const Options& options, Layout* layout) {
  if (!options.sshd.empty()) layout->sshd = options.sshd;
  if (options.root.empty() || options.root == "/") return true;
  layout->is_live = false;
  if (options.sshd.empty()) return chroot(options.root.c_str()) == 0 && chdir("/") == 0;
  layout->root = options.root;
  while (!layout->root.empty() && layout->root.back() == '/') layout->root.pop_back();
  return true;
}

Report RunCommand(const Options& options, const Outside& outside, const RecordLine& record) {
  if (const auto* enable = std::get_if<EnableOptions>(&options.subcommand)) {
    return Enable(outside, *enable, record);
  }
  if (const auto* disable = std::get_if<DisableOptions>(&options.subcommand)) {
    return Disable(outside, *disable, record);
  }
  if (const auto* doctor = std::get_if<DoctorOptions>(&options.subcommand)) {
    DoctorOptions with_colour = *doctor;
    with_colour.has_colour = isatty(STDOUT_FILENO) == 1;
    if (doctor->logs_in) std::cerr << "ec2-instance-connect: " << kLoginNotice << std::flush;
    return Doctor(outside, with_colour);
  }
  if (const auto* explain = std::get_if<ExplainOptions>(&options.subcommand)) {
    return Explain(outside, *explain);
  }
  if (const auto* sessions = std::get_if<SessionsOptions>(&options.subcommand)) {
    return Sessions(outside, *sessions);
  }
  return Status(outside, std::get<StatusOptions>(options.subcommand));
}

// Whether the program may have changed something. Then the status reports that, even if the output
// could not be written.
bool Changes(const Options& options) {
  return std::holds_alternative<EnableOptions>(options.subcommand) ||
         std::holds_alternative<DisableOptions>(options.subcommand);
}

bool NeedsRoot(const Options& options) {
  if (!options.sshd.empty() || std::holds_alternative<StatusOptions>(options.subcommand))
    return false;
  // Of a group that may read the journal.
  if (std::holds_alternative<SessionsOptions>(options.subcommand)) return false;
  const auto* doctor = std::get_if<DoctorOptions>(&options.subcommand);
  return doctor == nullptr || !doctor->lists_checks;
}

int Run(const Options& options) {
  if (NeedsRoot(options) && geteuid() != 0) return Refuse("only root can do this");
  // Before the root is entered: the log is this system's.
  SyslogSocket log("/dev/log");
  const RecordLine record = [&log](const std::string& line) {
    log.Send(SyslogMessage(LOG_NOTICE, PrintableLine(line)));
  };
  Layout layout;
  if (!EnterRoot(options, &layout)) return Refuse("cannot enter " + options.root);
  const std::unique_ptr<ProgramRunner> runner = MakeProgramRunner();
  FileSystem files;
  const Report report = RunCommand(options, {layout, *runner, files}, record);
  std::cout << (report.has_colour ? report.output : PrintableLines(report.output)) << std::flush;
  std::cerr << PrintableLines(report.errors) << std::flush;
  if (!std::cout && !Changes(options)) return Refuse("could not write the output");
  return static_cast<int>(report.status);
}

}  // namespace

int RunProgram(int argc, const char* const* argv) {
  OpenStandardDescriptors();
  (void)std::signal(SIGPIPE, SIG_IGN);
  umask(kUmask);
  try {
    const Result<Options, ExitStatus> options = ParseCommandLine(argc, argv);
    return options ? Run(*options) : static_cast<int>(options.error());
  } catch (const std::exception& exception) {
    // Mainly out of memory; the next run undoes an unfinished change.
    return Refuse(exception.what());
  }
}

}  // namespace eic::admin
