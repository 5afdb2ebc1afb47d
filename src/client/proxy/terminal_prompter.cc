#include "client/proxy/terminal_prompter.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "aws/system/descriptor.h"
#include "aws/system/run_program.h"
#include "client/proxy/limits.h"
#include "core/printable.h"

namespace eic::client {
namespace {

using Clock = std::chrono::steady_clock;
using Fate = ProgramEnd::Fate;

constexpr std::size_t kAnswerBytesMax = 256;
constexpr std::string_view kBlanks = " \t\r\n";

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

aws::Failure NoCode(const std::string& message) {
  return aws::Failure{"NoMfaCode", message, "Try again."};
}

int MillisecondsLeft(Clock::time_point ends) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(ends - Clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

// One line; nothing where the terminal has ended or `ends` has come.
std::optional<std::string> ReadLine(int terminal, Clock::time_point ends) {
  std::string line;
  while (line.size() < kAnswerBytesMax && line.find('\n') == std::string::npos) {
    pollfd readable{terminal, POLLIN, 0};
    const int ready = poll(&readable, 1, MillisecondsLeft(ends));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    std::array<char, kAnswerBytesMax> part{};
    const ssize_t got = read(terminal, part.data(), part.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return std::nullopt;
    line.append(part.data(), static_cast<std::size_t>(got));
  }
  return line;
}

// A job in the background gets an error of the terminal then, where it would be stopped otherwise.
class IgnoreStops {
 public:
  IgnoreStops() : in_(signal(SIGTTIN, SIG_IGN)), out_(signal(SIGTTOU, SIG_IGN)) {}
  ~IgnoreStops() {
    (void)signal(SIGTTIN, in_);
    (void)signal(SIGTTOU, out_);
  }
  IgnoreStops(const IgnoreStops&) = delete;
  IgnoreStops& operator=(const IgnoreStops&) = delete;

 private:
  void (*in_)(int);
  void (*out_)(int);
};

}  // namespace

bool IsMfaCode(std::string_view text) {
  const std::string_view code = Trim(text);
  return code.size() == 6 && code.find_first_not_of("0123456789") == std::string_view::npos;
}

aws::Outcome<std::string> TerminalPrompter::AskMfaCode(const std::string& serial) {
  const std::string prompt = "MFA code for " + Printable(serial, 256) + ": ";
  const std::string program = Variable("SSH_ASKPASS");
  const std::string required = Variable("SSH_ASKPASS_REQUIRE");
  const bool has_display = !Variable("DISPLAY").empty() || !Variable("WAYLAND_DISPLAY").empty();
  const bool may_ask = !program.empty() && required != "never";
  if (may_ask && (required == "force" || (required == "prefer" && has_display))) {
    return AskByProgram(program, prompt);
  }
  const Descriptor terminal(open(terminal_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (terminal) return AskAtTerminal(terminal.get(), prompt);
  if (may_ask && has_display) return AskByProgram(program, prompt);
  return aws::Failure{
      "NoTerminal", "an MFA code is needed for " + serial + ", but there is no terminal to ask on",
      "Run a command with this profile at a terminal first (aws sts get-caller-identity), or set "
      "SSH_ASKPASS."};
}

aws::Outcome<std::string> TerminalPrompter::AskAtTerminal(int terminal,
                                                          const std::string& prompt) const {
  const IgnoreStops ignore;
  const Clock::time_point ends = Clock::now() + kMfaTimeMax;
  for (int tries = 0; tries < kMfaTriesMax; ++tries) {
    if (write(terminal, prompt.data(), prompt.size()) < 0) break;
    const std::optional<std::string> line = ReadLine(terminal, ends);
    if (!line) return NoCode("no MFA code was entered");
    if (IsMfaCode(*line)) return std::string(Trim(*line));
    constexpr std::string_view kHint = "An MFA code has six digits.\r\n";
    (void)!write(terminal, kHint.data(), kHint.size());
  }
  return NoCode("no six-digit MFA code was entered");
}

aws::Outcome<std::string> TerminalPrompter::AskByProgram(const std::string& program,
                                                         const std::string& prompt) const {
  ProgramRun run;
  run.argv = {program, prompt};
  run.time_max = kMfaTimeMax;
  run.errors = ProgramRun::Errors::kOurs;
  run.output_bytes_max = kAnswerBytesMax;
  const ProgramEnd end = RunProgram(run);
  switch (end.fate) {
    case Fate::kNotFound:
    case Fate::kNotStarted:
      return aws::Failure{
          "NoTerminal",
          "cannot run " + program + " of SSH_ASKPASS: " + std::strerror(end.error_number), ""};
    case Fate::kLate:
      return NoCode(program + " returned no MFA code in time");
    case Fate::kLost:
      return NoCode(program + " ended without an MFA code");
    case Fate::kTooMuchOutput:
      return NoCode(program + " returned no six-digit MFA code");
    case Fate::kExited:
      break;
  }
  if (end.status != 0) return NoCode(program + " ended without an MFA code");
  if (!IsMfaCode(end.output)) return NoCode(program + " returned no six-digit MFA code");
  return std::string(Trim(end.output));
}

}  // namespace eic::client
