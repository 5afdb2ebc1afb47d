#include "client/program.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "client/cli.h"
#include "client/commands/copy_command.h"
#include "client/commands/proxy_command.h"
#include "client/commands/report.h"
#include "client/commands/ssh_command.h"
#include "client/real_outside.h"
#include "client/system/linux_process.h"

namespace eic::client {
namespace {

using Words = std::vector<std::string>;

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

int RunOwnCommand(Outside& outside, const Words& words) {
  const std::variant<Command, int> parsed = ParseCommandLine(words);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  return std::visit(
      Overloaded{
          [&](const PushOptions& options) { return RunPushCommand(outside, options); },
          [&](const ListOptions& options) { return RunListCommand(outside, options); },
          [&](const ForgetOptions& options) { return RunForgetCommand(outside, options); },
          [&](const WhyOptions&) { return RunWhyCommand(outside); },
          [&](const ConfigOptions& options) { return RunConfigCommand(outside, options); },
          [&](const ProxyCommandOptions& options) { return RunProxyCommand(outside, options); },
          [&](const JumpCommandOptions& options) { return RunJump(outside, options); }},
      std::get<Command>(parsed));
}

int RunWords(Outside& outside, const std::string& program, Words words) {
  if (program == "mssh") return RunSshCommand(outside, words);
  if (program == "msftp") return RunCopyCommand(outside, CopyProgram::kSftp, words);
  const std::string command = words.empty() ? "" : words.front();
  if (command == "ssh" || command == "scp" || command == "sftp") {
    words.erase(words.begin());
    if (command == "ssh") return RunSshCommand(outside, words);
    const CopyProgram copy = command == "scp" ? CopyProgram::kScp : CopyProgram::kSftp;
    return RunCopyCommand(outside, copy, words);
  }
  return RunOwnCommand(outside, words);
}

// What whoever started us may have left in another state than we and ssh need.
void TakePlace() {
  // A descriptor of ours must not become standard input or output.
  int null = open("/dev/null", O_RDWR);
  while (null >= 0 && null <= STDERR_FILENO) null = open("/dev/null", O_RDWR);
  if (null >= 0) close(null);
  // Whoever reads our output may leave; the writes say so.
  (void)std::signal(SIGPIPE, SIG_IGN);
  // Where it is ignored, nobody learns how a child ended; ssh, which we become, included.
  (void)std::signal(SIGCHLD, SIG_DFL);
  // A core file would have the credentials. What we become has its own say again.
  (void)ForbidCore();
}

}  // namespace

int RunClient(int argc, const char* const* argv) {
  TakePlace();
  try {
    const std::string path = argc > 0 ? argv[0] : "eic";
    const std::string program = path.substr(path.rfind('/') + 1);
    const Words words(argv + (argc > 0 ? 1 : 0), argv + argc);
    RealOutside outside;
    return RunWords(outside, program, words);
  } catch (const std::exception& exception) {
    // Out of memory, in the main.
    return Report(std::cerr, {"Failed", exception.what()});
  }
}

}  // namespace eic::client
