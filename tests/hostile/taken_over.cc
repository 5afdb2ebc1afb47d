// usage: eic-taken-over STORE_FILE|--landlock-abi
//
// Plays an agent that has been taken over: each try runs in a fork that has confined itself by one
// mechanism, or as the agent does, and then reaches for something. Prints a table of what was
// denied and what was possible. doc/confinement.md has the table; the scenario 17-taken-over
// compares. With --landlock-abi it prints what the kernel says of its Landlock: 0 for none.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "host/confinement.h"
#include "host/landlock.h"
#include "host/seccomp_filter.h"
#include "tests/hostile/tries.h"
#include "tests/kernel_landlock.h"

namespace eic {
namespace {

constexpr int kPossible = 10;
constexpr int kDenied = 11;
constexpr int kNotConfined = 12;

enum class Mode { kNone, kSeccomp, kLandlock, kFirstStage, kSecondStage };
constexpr Mode kModes[] = {Mode::kNone, Mode::kSeccomp, Mode::kLandlock, Mode::kFirstStage,
                           Mode::kSecondStage};

// Listens until the program ends; returns the port, or 0. `port` 0: any.
std::uint16_t Listen(const char* host, std::uint16_t port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  (void)inet_pton(AF_INET, host, &address.sin_addr);
  socklen_t size = sizeof(address);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 64) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

// As the agent does, or one mechanism by itself.
bool Confine(Mode mode, const std::string& store, std::uint16_t port) {
  if (mode == Mode::kNone) return true;
  if (mode == Mode::kFirstStage || mode == Mode::kSecondStage) {
    const Confinement done = ConfineForNetwork({store}, port).how();
    if (mode == Mode::kSecondStage) ConfineForVerification();
    return done.system_calls && done.no_new_privileges;
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (mode == Mode::kSeccomp) return FilterForNetwork();
  return RestrictFilesAndPorts({store}, port) > 0;
}

// "-": this kernel does not have the mechanism.
const char* RunTry(const Try& one, Mode mode, const std::string& store, std::uint16_t port) {
  const pid_t child = fork();
  if (child < 0) return "no fork";
  if (child == 0) {
    (void)alarm(10);
    if (!Confine(mode, store, port)) _exit(kNotConfined);
    _exit(one.succeeds() ? kPossible : kDenied);
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
  for (const Try& one : Tries(store, at)) {
    std::vector<const char*> words;
    for (const Mode mode : kModes) words.push_back(RunTry(one, mode, store, at.port));
    std::printf("| %-38s | %-8s | %-8s | %-8s | %-8s | %-8s |\n", one.name.c_str(), words[0],
                words[1], words[2], words[3], words[4]);
    (void)unlink("/tmp/eic-taken-over");
  }
  return 0;
}

}  // namespace
}  // namespace eic

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: eic-taken-over STORE_FILE|--landlock-abi\n", stderr);
    return 64;
  }
  if (std::strcmp(argv[1], "--landlock-abi") == 0) {
    std::printf("%d\n", eic::KernelLandlockAbi());
    return 0;
  }
  // Nothing buffered may be printed twice, by a fork.
  (void)std::setvbuf(stdout, nullptr, _IONBF, 0);
  return eic::Main(argv[1]);
}
