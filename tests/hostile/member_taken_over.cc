// usage: eic-member-taken-over
//
// Plays a member of the chain that has been taken over. eic-chain runs it; it waits until the
// others run, and reaches for each of them: the keeper, the collector, and the member whose program
// is called `victim`. Prints `# TRY: denied` or `# TRY: possible`, a line each, which sshd takes
// for comments. doc/confinement.md has the table; the scenario 62-chain-taken-over compares.
#include <dirent.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace {

constexpr long kPidfdOpen = 434;
constexpr long kPidfdGetfd = 438;
constexpr const char* kFolder = "/etc/ec2-instance-connect/chain.d";

struct Target {
  const char* name;
  pid_t pid;
};

std::string Of(pid_t pid, const char* what) { return "/proc/" + std::to_string(pid) + "/" + what; }

bool Opens(const std::string& path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, 0600);
  if (file < 0) return false;
  char byte = 0;
  // What may be opened may still not be read.
  const bool reads = (flags & O_ACCMODE) != O_RDONLY || read(file, &byte, 1) >= 0;
  close(file);
  return reads;
}

bool Attaches(pid_t pid) {
  if (ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0) return false;
  (void)ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
  return true;
}

bool ReadsMemory(pid_t pid) {
  std::array<char, 8> bytes{};
  const iovec local{bytes.data(), bytes.size()};
  // Any address: what is denied is so before it is looked at.
  const iovec remote{reinterpret_cast<void*>(std::uintptr_t{0x1000}), bytes.size()};
  return process_vm_readv(pid, &local, 1, &remote, 1, 0) >= 0 || errno == EFAULT;
}

bool TakesDescriptor(pid_t pid) {
  const long handle = syscall(kPidfdOpen, pid, 0);
  if (handle < 0) return false;
  return syscall(kPidfdGetfd, handle, STDOUT_FILENO, 0) >= 0;
}

// Whether it could: 0 is checked as any signal is but SIGCONT, which a whole session may send.
bool Signals(pid_t pid) { return kill(pid, 0) == 0; }

struct Try {
  const char* name;
  std::function<bool(pid_t)> succeeds;
};

const std::vector<Try>& Tries() {
  static const std::vector<Try> kTries = {
      {"attach to", &Attaches},
      {"read the memory of", &ReadsMemory},
      {"open the memory of", [](pid_t pid) { return Opens(Of(pid, "mem"), O_RDWR); }},
      {"write to the output of", [](pid_t pid) { return Opens(Of(pid, "fd/1"), O_WRONLY); }},
      {"take the output of", &TakesDescriptor},
      {"see the descriptors of",
       [](pid_t pid) {
         DIR* folder = opendir(Of(pid, "fd").c_str());
         if (folder == nullptr) return false;
         closedir(folder);
         return true;
       }},
      {"read the environment of", [](pid_t pid) { return Opens(Of(pid, "environ"), O_RDONLY); }},
      {"send a signal to", &Signals},
  };
  return kTries;
}

// The parent of a process, and its program's name; proc(5), stat.
bool ReadStat(pid_t pid, pid_t* parent, std::string* name) {
  std::ifstream file(Of(pid, "stat"));
  std::string text;
  std::getline(file, text);
  const std::size_t begin = text.find('(');
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return false;
  *name = text.substr(begin + 1, end - begin - 1);
  return std::sscanf(text.c_str() + end + 1, " %*c %d", parent) == 1;
}

// 0 where there is none.
pid_t ChildOf(pid_t keeper, const std::string& name) {
  DIR* folder = opendir("/proc");
  pid_t found = 0;
  while (const dirent* entry = folder == nullptr ? nullptr : readdir(folder)) {
    const pid_t pid = std::atoi(entry->d_name);
    pid_t parent = 0;
    std::string its_name;
    if (pid > 0 && ReadStat(pid, &parent, &its_name) && parent == keeper && its_name == name) {
      found = pid;
    }
  }
  if (folder != nullptr) closedir(folder);
  return found;
}

void Tell(const std::string& name, bool is_possible) {
  std::printf("# %s: %s\n", name.c_str(), is_possible ? "possible" : "denied");
}

}  // namespace

int main() {
  (void)usleep(300 * 1000);  // until all the others run, and the collector is confined
  const pid_t keeper = getppid();
  const Target targets[] = {{"the keeper", keeper},
                            {"the collector", ChildOf(keeper, "eic-chain")},
                            {"another member", ChildOf(keeper, "victim")}};
  for (const Target& target : targets) {
    if (target.pid == 0) {
      std::printf("# %s: not found\n", target.name);
      continue;
    }
    for (const Try& one : Tries()) {
      Tell(std::string(one.name) + " " + target.name, one.succeeds(target.pid));
    }
  }
  Tell("add a member", Opens(std::string(kFolder) + "/20-mine.conf", O_WRONLY | O_CREAT));
  Tell("change a member", Opens(std::string(kFolder) + "/50-victim.conf", O_WRONLY));
  Tell("change a member's program", Opens("/opt/eic/members/victim", O_WRONLY));
  Tell("write a file of its own",
       Opens("/tmp/mine." + std::to_string(getpid()), O_WRONLY | O_CREAT));
  return 0;
}
