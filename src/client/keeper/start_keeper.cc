#include "client/keeper/start_keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>

#include "client/keeper/keeper_loop.h"
#include "client/keeper/limits.h"
#include "client/signing/one_time_key.h"
#include "client/system/linux_process.h"
#include "client/system/linux_socket.h"

namespace eic::client {
namespace {

constexpr const char* kTitle = "eic-keeper";
constexpr rlim_t kDescriptorsWanted = 2048;
// What the keeper says once it serves; anything else is why it does not.
constexpr char kReady = '+';

int stop_writer = -1;  // for the signal handler alone

void OnStop(int) {
  const int error_number = errno;
  (void)!write(stop_writer, "", 1);
  errno = error_number;
}

aws::Failure Failed(const std::string& what, int error_number) {
  return aws::Failure{"KeeperFailed", what + ": " + std::strerror(error_number), ""};
}

// ---- in the keeper's own process

void TakeSignals() {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) (void)sigaction(number, &action, nullptr);
  action.sa_handler = SIG_IGN;
  (void)sigaction(SIGPIPE, &action, nullptr);
  action.sa_handler = OnStop;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) {
    (void)sigaction(number, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, nullptr);
}

void LeaveStarter(int lock, int ready) {
  CloseAllBut({lock, ready});
  const int null = open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (null >= 0) (void)dup2(null, standard);
  }
  if (null > STDERR_FILENO) close(null);
  (void)!chdir("/");
  (void)umask(0077);
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0 && descriptors.rlim_cur < kDescriptorsWanted) {
    descriptors.rlim_cur = std::min(kDescriptorsWanted, descriptors.rlim_max);
    (void)setrlimit(RLIMIT_NOFILE, &descriptors);
  }
}

// One of the two names, as long as it is this keeper's socket.
struct OwnName {
  std::string path;
  std::optional<FileId> id;

  void Remove() const {
    if (id && FileIdOf(path) == id) (void)unlink(path.c_str());
  }
};

void Serve(const Folder& folder, int stop, int ready) {
  const std::string note = PrepareSecureMemory();
  Descriptor agent = ListenAt(folder.AgentSocket());
  Descriptor control = agent ? ListenAt(folder.ControlSocket()) : Descriptor();
  const int error_number = errno;
  const OwnName agent_name{folder.AgentSocket(), FileIdOf(folder.AgentSocket())};
  const OwnName control_name{folder.ControlSocket(), FileIdOf(folder.ControlSocket())};
  if (control) {
    KeeperLoop loop({folder, std::move(control), std::move(agent), stop, note});
    (void)!write(ready, &kReady, 1);
    close(ready);
    loop.Run();
    // Before the listeners close with `loop`: whoever finds a name finds somebody behind it.
    control_name.Remove();
    agent_name.Remove();
    return;
  }
  const char* why = std::strerror(error_number);
  (void)!write(ready, why, std::strlen(why));
}

[[noreturn]] void BeKeeper(const Folder& folder, int lock, int ready) {
  LeaveStarter(lock, ready);
  int stop[2] = {-1, -1};
  if (pipe2(stop, O_CLOEXEC | O_NONBLOCK) != 0) _exit(1);
  stop_writer = stop[1];
  TakeSignals();
  (void)BecomeOpaque();
  ShowAs(kTitle);
  Serve(folder, stop[0], ready);
  _exit(0);  // nothing of the starter's is to be run at its end; the lock goes with the process
}

// ---- in the starter's process

// Waits for the first byte of the keeper; what it said is empty where it ended without a word.
std::string ReadWord(int ready) {
  using Clock = std::chrono::steady_clock;
  const auto ends = Clock::now() + kStartTimeMax;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(ends - Clock::now());
    pollfd readable{ready, POLLIN, 0};
    const int count = poll(&readable, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return "it did not answer in time";
    std::array<char, 256> word{};
    const ssize_t got = read(ready, word.data(), word.size());
    if (got < 0 && errno == EINTR) continue;
    return got <= 0 ? "it ended" : std::string(word.data(), static_cast<std::size_t>(got));
  }
}

// False, with errno, where the first fork failed.
bool ForkTwice(const Folder& folder, int lock, int ready) {
  const pid_t child = fork();
  if (child < 0) return false;
  if (child > 0) {
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
    return true;
  }
  // No session of a terminal, and by the second fork no leader of one that could get a terminal.
  (void)setsid();
  const pid_t grandchild = fork();
  if (grandchild != 0) _exit(grandchild < 0 ? 1 : 0);
  BeKeeper(folder, lock, ready);
}

}  // namespace

aws::Outcome<Start> StartKeeper(const Folder& folder) {
  const std::string path = folder.KeeperLock();
  Descriptor lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return Failed("cannot open " + path, errno);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Start::kRuns;
    return Failed("cannot lock " + path, errno);
  }
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return Failed("cannot make a pipe", errno);
  const Descriptor reader(ends[0]);
  Descriptor writer(ends[1]);
  // The keeper's copy of the descriptor keeps the lock.
  if (!ForkTwice(folder, lock.get(), writer.get())) return Failed("cannot fork", errno);
  writer.Close();
  const std::string word = ReadWord(reader.get());
  if (word == std::string(1, kReady)) return Start::kStarted;
  return aws::Failure{"KeeperFailed", "the keeper of one-time keys did not start: " + word,
                      "Check the folder " + folder.path + "."};
}

}  // namespace eic::client
