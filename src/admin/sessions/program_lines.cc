#include "admin/sessions/program_lines.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "admin/limits.h"
#include "host/clock.h"

namespace eic::admin {
namespace {

constexpr int kCannotExec = 126;

struct Pipe {
  std::array<int, 2> ends{-1, -1};

  Pipe() { (void)!pipe2(ends.data(), O_CLOEXEC); }
  ~Pipe() {
    Close(0);
    Close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool IsOpen() const { return ends[0] >= 0; }
  void Close(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
};

// Between fork and exec: only what a signal handler may call.
[[noreturn]] void Become(char* const* argv, const Pipe& out, const Pipe& errors) {
  static const char* const kEnvironment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
                                             nullptr};
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)signal(SIGPIPE, SIG_DFL);
  const int null = open("/dev/null", O_RDWR);
  if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(out.ends[1], STDOUT_FILENO) >= 0 &&
      dup2(errors.ends[1], STDERR_FILENO) >= 0) {
    execve(argv[0], argv, const_cast<char* const*>(kEnvironment));
  }
  _exit(kCannotExec);
}

// Puts pieces together to lines.
class Lines {
 public:
  Lines(std::size_t bytes_max, const TakeLine& take) : bytes_max_(bytes_max), take_(take) {}

  // False where the taker has had enough.
  bool Add(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t end = piece.find('\n');
      Keep(piece.substr(0, end));
      if (end == std::string_view::npos) return true;
      piece.remove_prefix(end + 1);
      if (!Finish()) return false;
    }
    return true;
  }

  // What stands behind the last line end is a line, too.
  bool Finish() {
    const bool goes_on = line_.empty() || is_too_long_ || take_(line_);
    line_.clear();
    is_too_long_ = false;
    return goes_on;
  }

 private:
  void Keep(std::string_view piece) {
    is_too_long_ = is_too_long_ || line_.size() + piece.size() > bytes_max_;
    if (!is_too_long_) line_ += piece;
  }

  std::size_t bytes_max_;
  const TakeLine& take_;
  std::string line_;
  bool is_too_long_ = false;
};

enum class Reading { kEnded, kStopped, kTooLate };

Reading ReadBoth(Pipe* out, Pipe* errors, const Deadline& deadline, Lines* lines,
                 std::string* error_text) {
  std::array<char, 64 * 1024> bytes{};
  while (out->IsOpen() || errors->IsOpen()) {
    if (deadline.HasPassed()) return Reading::kTooLate;
    std::array<pollfd, 2> polled{{{out->ends[0], POLLIN, 0}, {errors->ends[0], POLLIN, 0}}};
    if (poll(polled.data(), 2, static_cast<int>(deadline.TimeLeft().count())) <= 0) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      if (polled[i].revents == 0) continue;
      const ssize_t length = read(polled[i].fd, bytes.data(), bytes.size());
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0) {
        (i == 0 ? out : errors)->Close(0);
        continue;
      }
      const std::string_view piece(bytes.data(), static_cast<std::size_t>(length));
      if (i == 0 && !lines->Add(piece)) return Reading::kStopped;
      if (i == 1 && error_text->size() < kOutputBytesMax) *error_text += piece;
    }
  }
  return lines->Finish() ? Reading::kEnded : Reading::kStopped;
}

}  // namespace

CommandResult RunForLines(const std::vector<std::string>& argv,
                          std::chrono::milliseconds time_limit, std::size_t line_bytes_max,
                          const TakeLine& take) {
  CommandResult result;
  Pipe out;
  Pipe errors;
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const Deadline deadline = Deadline::After(time_limit);
  const pid_t child = out.IsOpen() && errors.IsOpen() ? fork() : -1;
  if (child < 0) {
    result.errors = std::strerror(errno);
    return result;
  }
  if (child == 0) Become(words.data(), out, errors);
  out.Close(1);
  errors.Close(1);

  Lines lines(line_bytes_max, take);
  const Reading reading = ReadBoth(&out, &errors, deadline, &lines, &result.errors);
  if (reading != Reading::kEnded) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (reading == Reading::kTooLate) {
    result.end = CommandResult::End::kTimedOut;
  } else if (WIFEXITED(status) && WEXITSTATUS(status) != kCannotExec) {
    result.end = CommandResult::End::kExited;
    result.status = WEXITSTATUS(status);
  } else if (WIFSIGNALED(status)) {
    result.end = CommandResult::End::kSignalled;
    result.status = WTERMSIG(status);
  }
  return result;
}

}  // namespace eic::admin
