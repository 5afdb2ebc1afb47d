// usage: eic-console-taken-over FILE
//
// Plays a worker of eic-console that an instance has taken over: each try runs in a fork that has
// confined itself as a worker does, with a link and a connected socket, and then reaches for
// something. Prints a table. Status 1 where something is possible that should not be. FILE is one
// that anybody may read.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "console/limits.h"
#include "console/link/channel.h"
#include "console/worker/confine.h"
#include "tests/hostile/tries.h"

namespace eic {
namespace {

constexpr int kPossible = 10;
constexpr int kDenied = 11;
constexpr int kNotConfined = 12;

// Standard output is /dev/null. A worker has no watchdog, and setitimer is denied like all else.
const std::set<std::string> kMayBePossible = {"write to standard output"};

int g_link = -1;
int g_instance = -1;

bool PassesDescriptor() {
  return console::SendPacket(g_link, "x", {g_instance}) == console::Sent::kDone;
}

bool Connects(int socket) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(22);
  (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  return connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
}

bool SendsElsewhere() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  return sendto(g_instance, "x", 1, 0, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 1;
}

bool TakesMemory() {
  void* room = mmap(nullptr, 2 * console::kWorkerDataBytesMax, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return room != MAP_FAILED;
}

std::vector<Try> WorkerTries(const std::string& file, const Listeners& at) {
  std::vector<Try> tries = Tries(file, at);
  tries.push_back({"pass a descriptor on", &PassesDescriptor});
  tries.push_back({"connect the instance's socket anew", [] { return Connects(g_instance); }});
  tries.push_back({"send to another address", &SendsElsewhere});
  tries.push_back({"another descriptor of the link", [] { return dup(g_link) >= 0; }});
  tries.push_back({"more memory than the limit", &TakesMemory});
  return tries;
}

std::uint16_t PortOf(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  (void)getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

int Listener() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return -1;
  return listen(listener, 64) == 0 ? listener : -1;
}

const char* RunTry(const Try& one, std::uint16_t port) {
  auto [ours, theirs] = console::MakeChannel();
  const pid_t child = fork();
  if (child < 0) return "no fork";
  if (child == 0) {
    (void)alarm(10);
    g_link = theirs.get();
    g_instance = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    (void)connect(g_instance, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    const console::Confined done = console::Confine({g_link, g_instance});
    if (!done.system_calls || !done.no_new_privileges || !done.resource_limits) {
      _exit(kNotConfined);
    }
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
      return "not confined";
  }
}

int Main(const std::string& file) {
  const int listener = Listener();
  const int other = Listener();
  if (listener < 0 || other < 0) {
    std::fputs("eic-console-taken-over: cannot listen on loopback\n", stderr);
    return 1;
  }
  const Listeners at{PortOf(listener), PortOf(other)};
  int wrong = 0;
  for (const Try& one : WorkerTries(file, at)) {
    const char* word = RunTry(one, at.port);
    const bool is_right = std::strcmp(word, "denied") == 0 || kMayBePossible.count(one.name) != 0;
    std::printf("| %-38s | %-8s |%s\n", one.name.c_str(), word, is_right ? "" : "  WRONG");
    wrong += is_right ? 0 : 1;
  }
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace eic

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: eic-console-taken-over FILE\n", stderr);
    return 64;
  }
  // Nothing buffered may be printed twice, by a fork.
  (void)std::setvbuf(stdout, nullptr, _IONBF, 0);
  return eic::Main(argv[1]);
}
