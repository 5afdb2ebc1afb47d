// usage: eic-taken-over STORE_FILE
//
// Plays an agent that has been taken over: each try runs in a fork that has confined itself by one
// mechanism, or as the agent does, and then reaches for something. Prints a table of what was
// denied and what was possible. doc/confinement.md has the table; the scenario 17-taken-over
// compares.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "host/confinement.h"
#include "host/landlock.h"
#include "host/seccomp_filter.h"

namespace eic {
namespace {

constexpr int kPossible = 10;
constexpr int kDenied = 11;
constexpr int kNotConfined = 12;

enum class Mode { kNone, kSeccomp, kLandlock, kFirstStage, kSecondStage };
constexpr Mode kModes[] = {Mode::kNone, Mode::kSeccomp, Mode::kLandlock, Mode::kFirstStage,
                           Mode::kSecondStage};

struct Row {
  std::string name;
  std::function<bool()> succeeds;
};

// The endpoint, and its neighbours: listening, so that a connection is a fact.
struct Listeners {
  std::uint16_t port = 0;
  std::uint16_t other_port = 0;
};

sockaddr_in Address(const char* host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  (void)inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

// Listens until the program ends; returns the port, or 0. `port` 0: any.
std::uint16_t Listen(const char* host, std::uint16_t port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Address(host, port);
  socklen_t size = sizeof(address);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 64) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

bool Connects(const char* host, std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Address(host, port);
  return descriptor >= 0 &&
         connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

bool Opens(const char* path, int flags) { return open(path, flags | O_CLOEXEC, 0600) >= 0; }

bool OpensSocket(int family, int type, int protocol = 0) {
  return socket(family, type, protocol) >= 0;
}

// By clone(2): the C library's fork has more to do in a child.
bool Forks() {
  const long child = syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) _exit(0);
  return child > 0;
}

bool Executes() {
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  // Only what fails comes back; what succeeds ends with 0, which RunTry takes for possible.
  return execve("/bin/true", arguments, nullptr) == 0;
}

bool MakesExecutable() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

bool PairsDatagrams() {
  int ends[2];
  return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0;
}

// The parent lives as this user, so only the confinement can forbid that.
bool Kills() { return kill(getppid(), 0) == 0; }

bool Binds() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Address("127.0.0.1", 0);
  return descriptor >= 0 &&
         bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

std::vector<Row> Rows(const std::string& store, const Listeners& at) {
  return {
      {"execve", &Executes},
      {"fork", &Forks},
      {"ptrace", [] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }},
      {"signal to another process", &Kills},
      {"memory made executable", &MakesExecutable},
      {"dlopen", [] { return dlopen("libanl.so.1", RTLD_NOW) != nullptr; }},
      {"memfd_create", [] { return syscall(SYS_memfd_create, "x", 0) >= 0; }},
      {"made dumpable again", [] { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }},
      {"read the CA store", [store] { return Opens(store.c_str(), O_RDONLY); }},
      {"read /etc/passwd", [] { return Opens("/etc/passwd", O_RDONLY); }},
      {"read /etc/shadow", [] { return Opens("/etc/shadow", O_RDONLY); }},
      {"read /proc/self/environ", [] { return Opens("/proc/self/environ", O_RDONLY); }},
      {"write to /dev/null", [] { return Opens("/dev/null", O_WRONLY); }},
      {"create a file in /tmp", [] { return Opens("/tmp/eic-taken-over", O_WRONLY | O_CREAT); }},
      {"UDP socket", [] { return OpensSocket(AF_INET, SOCK_DGRAM); }},
      {"raw socket", [] { return OpensSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
      {"netlink socket", [] { return OpensSocket(AF_NETLINK, SOCK_RAW); }},
      {"unix socket", [] { return OpensSocket(AF_UNIX, SOCK_STREAM); }},
      {"unix datagram pair", &PairsDatagrams},
      {"bind", &Binds},
      {"connect to the endpoint", [at] { return Connects("127.0.0.1", at.port); }},
      {"connect to its port at another address", [at] { return Connects("127.0.0.2", at.port); }},
      {"connect to another port", [at] { return Connects("127.0.0.1", at.other_port); }},
  };
}

// As the agent does, or one mechanism by itself.
bool Confine(Mode mode, const std::string& store, std::uint16_t port) {
  if (mode == Mode::kNone) return true;
  if (mode == Mode::kFirstStage || mode == Mode::kSecondStage) {
    const Confinement done = ConfineForNetwork({store}, port, -1);
    if (mode == Mode::kSecondStage) ConfineForVerification();
    return done.system_calls && done.no_new_privileges;
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (mode == Mode::kSeccomp) return FilterForNetwork(-1);
  return RestrictFilesAndPorts({store}, port) > 0;
}

// "-": this kernel does not have the mechanism.
const char* RunTry(const Row& row, Mode mode, const std::string& store, std::uint16_t port) {
  const pid_t child = fork();
  if (child < 0) return "no fork";
  if (child == 0) {
    (void)alarm(10);
    if (!Confine(mode, store, port)) _exit(kNotConfined);
    _exit(row.succeeds() ? kPossible : kDenied);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return "KILLED";
  switch (WEXITSTATUS(status)) {
    case 0:  // of /bin/true
    case kPossible:
      return "possible";
    case kDenied:
      return "denied";
    default:
      return "-";
  }
}

int Main(const std::string& store) {
  Listeners at;
  at.port = Listen("127.0.0.1", 0);
  at.other_port = Listen("127.0.0.1", 0);
  if (at.other_port == 0 || at.port == 0 || Listen("127.0.0.2", at.port) == 0) {
    std::fputs("eic-taken-over: cannot listen on loopback\n", stderr);
    return 1;
  }
  std::printf("| %-38s | %-8s | %-8s | %-8s | %-8s | %-8s |\n", "try", "nothing", "seccomp",
              "Landlock", "stage 1", "stage 2");
  std::puts("|---|---|---|---|---|---|");
  for (const Row& row : Rows(store, at)) {
    std::vector<const char*> words;
    for (const Mode mode : kModes) words.push_back(RunTry(row, mode, store, at.port));
    std::printf("| %-38s | %-8s | %-8s | %-8s | %-8s | %-8s |\n", row.name.c_str(), words[0],
                words[1], words[2], words[3], words[4]);
    (void)unlink("/tmp/eic-taken-over");
  }
  return 0;
}

}  // namespace
}  // namespace eic

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: eic-taken-over STORE_FILE\n", stderr);
    return 64;
  }
  // Nothing buffered may be printed twice, by a fork.
  (void)std::setvbuf(stdout, nullptr, _IONBF, 0);
  return eic::Main(argv[1]);
}
