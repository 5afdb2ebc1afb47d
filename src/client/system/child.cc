#include "client/system/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

extern char** environ;

namespace eic::client {
namespace {

// Frees what posix_spawn was given.
struct Actions {
  posix_spawn_file_actions_t value;
  Actions() { posix_spawn_file_actions_init(&value); }
  ~Actions() { posix_spawn_file_actions_destroy(&value); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
};

}  // namespace

std::optional<Child> Child::Start(const std::string& program,
                                  const std::vector<std::string>& arguments, Errors errors) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  Actions actions;
  posix_spawn_file_actions_addopen(&actions.value, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions.value, writer.get(), STDOUT_FILENO);
  if (errors == Errors::kDropped) {
    posix_spawn_file_actions_addopen(&actions.value, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int error_number =
      posix_spawnp(&pid, program.c_str(), &actions.value, nullptr, argv.data(), environ);
  if (error_number != 0) {
    errno = error_number;
    return std::nullopt;
  }
  (void)fcntl(reader.get(), F_SETFL, O_NONBLOCK);
  return Child(pid, std::move(reader));
}

Child::~Child() {
  if (pid_ <= 0) return;
  (void)kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      output_(std::move(other.output_)),
      text_(std::move(other.text_)) {}

bool Child::Read(std::size_t bytes_max) {
  std::array<char, 4096> part{};
  while (output_) {
    const ssize_t got = read(output_.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0 || text_.size() + static_cast<std::size_t>(got) > bytes_max) break;
    text_.append(part.data(), static_cast<std::size_t>(got));
  }
  output_.Close();
  return true;
}

bool Child::ReadAll(std::size_t bytes_max, int time_max_ms) {
  using Clock = std::chrono::steady_clock;
  const auto ends = Clock::now() + std::chrono::milliseconds(time_max_ms);
  while (!Read(bytes_max)) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(ends - Clock::now());
    if (left.count() <= 0) return false;
    pollfd readable{output_.get(), POLLIN, 0};
    (void)poll(&readable, 1, static_cast<int>(left.count()));
  }
  return true;
}

bool Child::HasSucceeded() {
  int status = -1;
  while (waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) break;
  }
  pid_ = -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace eic::client
