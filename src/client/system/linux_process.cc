#include "client/system/linux_process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <memory>
#include <string_view>

#include "aws/system/files.h"

namespace eic::client {
namespace {

constexpr std::size_t kStatBytesMax = 4096;
constexpr std::size_t kArgumentsBytesMax = std::size_t{256} * 1024;
constexpr std::size_t kEnvironmentBytesMax = std::size_t{1024} * 1024;
constexpr int kProcessesMax = 4096;
constexpr int kSocketsMax = 64;

// Of the kernel's numbers, which glibc 2.26 does not know. They are the same on every machine whose
// table of system calls is the generic one or x86-64's.
#ifdef SYS_pidfd_open
constexpr long kPidfdOpen = SYS_pidfd_open;
#else
constexpr long kPidfdOpen = 434;
#endif
#ifdef SYS_close_range
constexpr long kCloseRange = SYS_close_range;
#else
constexpr long kCloseRange = 436;
#endif

std::string OfProc(pid_t pid, const char* what) {
  return "/proc/" + std::to_string(pid) + '/' + what;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};
using FolderPtr = std::unique_ptr<DIR, CloseFolder>;

// The number that `text` is, to its last character.
template <typename Number>
std::optional<Number> NumberOf(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Field `number` of /proc/PID/stat, counted as proc(5) does; `after_name` begins with field 3.
std::string_view StatField(std::string_view after_name, int number) {
  for (int field = 3; field < number; ++field) {
    const std::size_t blank = after_name.find(' ');
    if (blank == std::string_view::npos) return {};
    after_name.remove_prefix(blank + 1);
  }
  return after_name.substr(0, after_name.find_first_of(" \n"));
}

// From field 3 on: the name before it is anything a process likes, in parentheses.
std::optional<std::string> StatAfterName(pid_t pid) {
  const FileText stat = ReadFile(OfProc(pid, "stat"), kStatBytesMax);
  if (!stat) return std::nullopt;
  const std::size_t name_end = stat.text.rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  return stat.text.substr(name_end + 2);
}

std::vector<std::string> SplitAtNul(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::optional<std::string> LinkTarget(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  if (length <= 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(length));
}

// `socket:[INODE]`, as proc(5) has it.
std::optional<ino_t> SocketInode(std::string_view target) {
  constexpr std::string_view kBegin = "socket:[";
  if (target.substr(0, kBegin.size()) != kBegin || target.back() != ']') return std::nullopt;
  return NumberOf<ino_t>(target.substr(kBegin.size(), target.size() - kBegin.size() - 1));
}

bool HoldsOneOf(pid_t pid, const std::vector<ino_t>& sockets) {
  const std::vector<ino_t> held = SocketsOf(pid);
  return std::any_of(held.begin(), held.end(), [&](ino_t inode) {
    return std::find(sockets.begin(), sockets.end(), inode) != sockets.end();
  });
}

void CloseOneByOne(int first, int last) {
  for (int number = first; number <= last; ++number) close(number);
}

void CloseRange(int first, int last) {
  if (first > last) return;
  if (syscall(kCloseRange, static_cast<unsigned>(first), static_cast<unsigned>(last), 0) == 0) {
    return;
  }
  rlimit limit{};
  constexpr int kMost = 65536;
  int open_max = kMost;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < static_cast<rlim_t>(kMost)) {
    open_max = static_cast<int>(limit.rlim_cur);
  }
  CloseOneByOne(first, std::min(last, open_max));
}

}  // namespace

std::optional<ProcessStat> ReadProcessStat(pid_t pid) {
  if (pid <= 0) return std::nullopt;
  const std::optional<std::string> stat = StatAfterName(pid);
  if (!stat) return std::nullopt;
  const std::string_view state = StatField(*stat, 3);
  if (state == "Z" || state == "X") return std::nullopt;
  const auto parent = NumberOf<pid_t>(StatField(*stat, 4));
  const auto start_time = NumberOf<std::uint64_t>(StatField(*stat, 22));
  if (!parent || !start_time) return std::nullopt;
  return ProcessStat{*parent, *start_time};
}

std::optional<std::vector<std::string>> ArgumentsOf(pid_t pid) {
  const FileText file = ReadFile(OfProc(pid, "cmdline"), kArgumentsBytesMax);
  if (file.text.empty()) return std::nullopt;
  return SplitAtNul(file.text);
}

std::optional<std::string> ExecutableOf(pid_t pid) { return LinkTarget(OfProc(pid, "exe")); }

std::optional<std::string> InitialVariableOf(pid_t pid, const std::string& name) {
  const FileText file = ReadFile(OfProc(pid, "environ"), kEnvironmentBytesMax);
  if (!file) return std::nullopt;
  const std::string begin = name + '=';
  for (const std::string& variable : SplitAtNul(file.text)) {
    if (variable.compare(0, begin.size(), begin) == 0) return variable.substr(begin.size());
  }
  return std::nullopt;
}

std::vector<ino_t> SocketsOf(pid_t pid) {
  std::vector<ino_t> sockets;
  const std::string path = OfProc(pid, "fd");
  const FolderPtr folder(opendir(path.c_str()));
  if (!folder) return sockets;
  // cppcheck-suppress readdirCalled ; one thread
  while (const dirent* entry = readdir(folder.get())) {
    if (sockets.size() == kSocketsMax) break;
    const auto number = NumberOf<int>(entry->d_name);
    if (!number || *number <= STDERR_FILENO) continue;
    const std::optional<std::string> target = LinkTarget(path + '/' + entry->d_name);
    const std::optional<ino_t> inode = target ? SocketInode(*target) : std::nullopt;
    if (inode) sockets.push_back(*inode);
  }
  return sockets;
}

std::optional<pid_t> FindHolder(const std::vector<ino_t>& sockets, const std::string& executable,
                                pid_t not_this) {
  const FolderPtr folder(opendir("/proc"));
  if (!folder || sockets.empty()) return std::nullopt;
  int seen = 0;
  // cppcheck-suppress readdirCalled ; one thread
  while (const dirent* entry = readdir(folder.get())) {
    const auto pid = NumberOf<pid_t>(entry->d_name);
    if (!pid || *pid == not_this) continue;
    if (++seen > kProcessesMax) break;
    struct stat status {};
    if (stat(OfProc(*pid, "").c_str(), &status) != 0 || status.st_uid != geteuid()) continue;
    if (ExecutableOf(*pid) == executable && HoldsOneOf(*pid, sockets)) return pid;
  }
  return std::nullopt;
}

std::optional<ProcessWatch> ProcessWatch::Open(pid_t pid, bool may_use_pidfd) {
  const std::optional<ProcessStat> stat = ReadProcessStat(pid);
  if (!stat) return std::nullopt;
  Descriptor pidfd;
  if (may_use_pidfd) {
    pidfd = Descriptor(static_cast<int>(syscall(kPidfdOpen, pid, 0U)));
    if (!pidfd && errno == ESRCH) return std::nullopt;
  }
  ProcessWatch watch(pid, std::move(pidfd), stat->start_time);
  // Whoever has the number now is the one whose start time was read.
  const std::optional<ProcessStat> again = ReadProcessStat(pid);
  if (!again || again->start_time != stat->start_time) return std::nullopt;
  return watch;
}

bool ProcessWatch::HasEnded() const {
  if (pidfd_) {
    pollfd ended{pidfd_.get(), POLLIN, 0};
    return poll(&ended, 1, 0) > 0;
  }
  const std::optional<ProcessStat> stat = ReadProcessStat(pid_);
  return !stat || stat->start_time != start_time_;
}

bool ForbidCore() { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0; }

bool BecomeOpaque() {
  const rlimit none{0, 0};
  bool ok = setrlimit(RLIMIT_CORE, &none) == 0;
  ok = ForbidCore() && ok;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ok;
}

void EndWithParent(pid_t parent) {
  (void)prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  if (getppid() != parent) _exit(1);
}

void CloseAllBut(const std::vector<int>& kept) {
  std::vector<int> sorted = kept;
  std::sort(sorted.begin(), sorted.end());
  int first = STDERR_FILENO + 1;
  for (const int number : sorted) {
    if (number < first) continue;
    CloseRange(first, number - 1);
    first = number + 1;
  }
  CloseRange(first, INT_MAX);
}

void ShowAs(const std::string& title) {
  (void)prctl(PR_SET_NAME, title.c_str(), 0, 0, 0);
  const std::optional<std::string> stat = StatAfterName(getpid());
  if (!stat) return;
  // Where the kernel says that the arguments lie (proc(5), arg_start and arg_end): memory of this
  // process, written by the kernel when the program was executed.
  const auto begin = NumberOf<std::uintptr_t>(StatField(*stat, 48));
  const auto end = NumberOf<std::uintptr_t>(StatField(*stat, 49));
  if (!begin || !end || *begin == 0 || *end <= *begin + 1) return;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel gives the address as a number
  char* const arguments = reinterpret_cast<char*>(*begin);
  const std::size_t room = *end - *begin - 1;
  std::memset(arguments, 0, room);
  title.copy(arguments, room);
}

}  // namespace eic::client
