#include "tests/hostile/tries.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <memory>

namespace eic {
namespace {

constexpr std::size_t kPage = 4096;
// Which older headers lack: IPPROTO_MPTCP, SYS_pidfd_getfd.
constexpr int kMptcp = 262;
constexpr long kPidfdGetfd = 438;

sockaddr_in Address(const char* host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  (void)inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

// Programs and rights.

bool Executes() {
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  // Only what fails comes back; what succeeds ends with 0, which is taken for possible.
  return execve("/bin/true", arguments, nullptr) == 0;
}

bool ExecutesDescriptor() {
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  const int program = open("/bin/true", O_RDONLY | O_CLOEXEC);
  return program >= 0 && syscall(SYS_execveat, program, "", arguments, nullptr, AT_EMPTY_PATH) == 0;
}

// By clone(2): the C library's fork has more to do in a child.
bool Forks() {
  const long child = syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) _exit(0);
  return child > 0;
}

bool ForksByClone3() {
  // struct clone_args, of which the fifth word is the signal to the parent.
  std::array<std::uint64_t, 8> arguments{0, 0, 0, 0, SIGCHLD, 0, 0, 0};
  const long child = syscall(SYS_clone3, arguments.data(), sizeof(arguments));
  if (child == 0) _exit(0);
  return child > 0;
}

bool MakesNamespace() { return unshare(CLONE_NEWUSER) == 0 || unshare(CLONE_NEWNS) == 0; }

// The limit of descriptors; Tries() has put the soft one below the hard one.
bool RaisesLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  limit.rlim_cur += 1;
  limit.rlim_max = std::max(limit.rlim_max, limit.rlim_cur);
  return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

// Other processes. The parent lives as this user, so only the confinement can forbid these.

bool ReadsParent() {
  static int here = 0;  // The parent has it at the same address.
  int copy = 0;
  const iovec to{&copy, sizeof(copy)};
  const iovec from{&here, sizeof(here)};
  return syscall(SYS_process_vm_readv, getppid(), &to, 1L, &from, 1L, 0L) ==
         static_cast<long>(sizeof(copy));
}

bool TakesDescriptorOfParent() {
  const long parent = syscall(SYS_pidfd_open, getppid(), 0);
  return parent >= 0 && syscall(kPidfdGetfd, parent, STDOUT_FILENO, 0) >= 0;
}

bool QueuesSignal() {
  siginfo_t info{};
  info.si_code = SI_QUEUE;
  return syscall(SYS_rt_sigqueueinfo, getppid(), 0, &info) == 0;
}

// So that the kernel sends SIGIO or SIGURG there.
bool OwnsDescriptorBySignal() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  return descriptor >= 0 && fcntl(descriptor, F_SETOWN, getppid()) == 0;
}

// Memory that can be executed.

void* NewPage() {
  return mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

bool MakesExecutable() {
  void* page = NewPage();
  return page != MAP_FAILED && mprotect(page, kPage, PROT_READ | PROT_EXEC) == 0;
}

bool MakesExecutableByKey() {
  void* page = NewPage();
  return page != MAP_FAILED &&
         syscall(SYS_pkey_mprotect, page, kPage, PROT_READ | PROT_EXEC, -1) == 0;
}

bool MapsFileExecutable(const std::string& store) {
  const int file = open(store.c_str(), O_RDONLY | O_CLOEXEC);
  return file >= 0 &&
         mmap(nullptr, kPage, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) != MAP_FAILED;
}

bool SharesMemory() {
  const int segment = shmget(IPC_PRIVATE, kPage, IPC_CREAT | 0600);
  if (segment < 0) return false;
  (void)shmctl(segment, IPC_RMID, nullptr);
  return true;
}

// Files.

bool Opens(const char* path, int flags) { return open(path, flags | O_CLOEXEC, 0600) >= 0; }

bool Stats(const char* path) {
  struct stat about {};
  return stat(path, &about) == 0;
}

// Made before the confinement: whoever has taken the agent over may guess it. Null where the file
// system knows none.
std::shared_ptr<file_handle> HandleOf(const std::string& path) {
  std::shared_ptr<file_handle> handle(
      static_cast<file_handle*>(std::calloc(1, sizeof(file_handle) + MAX_HANDLE_SZ)), &std::free);
  int mount = 0;
  handle->handle_bytes = MAX_HANDLE_SZ;
  if (name_to_handle_at(AT_FDCWD, path.c_str(), handle.get(), &mount, 0) != 0) handle.reset();
  return handle;
}

bool OpensByHandle(const std::string& store, file_handle* handle) {
  const int file = open(store.c_str(), O_RDONLY | O_CLOEXEC);
  return handle != nullptr && file >= 0 && open_by_handle_at(file, handle, O_RDONLY) >= 0;
}

// The network.

bool OpensSocket(int family, int type, int protocol = 0) {
  return socket(family, type, protocol) >= 0;
}

bool PairsDatagrams() {
  int ends[2];
  return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0;
}

bool Binds() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Address("127.0.0.1", 0);
  return descriptor >= 0 &&
         bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

// Without bind(2): the kernel takes a port.
bool Listens() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  return descriptor >= 0 && listen(descriptor, 1) == 0;
}

// By TCP Fast Open: sendto(2) instead of connect(2).
bool ConnectsBySending(const char* host, std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Address(host, port);
  return descriptor >= 0 &&
         sendto(descriptor, "x", 1, MSG_FASTOPEN, reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) == 1;
}

// The kernel's large interfaces.

bool SetsUpRing() {
  std::array<std::uint32_t, 30> parameters{};  // struct io_uring_params
  return syscall(SYS_io_uring_setup, 1, parameters.data()) >= 0;
}

bool LoadsBpf() {
  // r0 = 0; exit
  const std::array<bpf_insn, 2> program{bpf_insn{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                                        bpf_insn{BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insns = reinterpret_cast<std::uintptr_t>(program.data());
  attributes.insn_cnt = program.size();
  attributes.license = reinterpret_cast<std::uintptr_t>("GPL");
  return syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)) >= 0;
}

bool OpensPerfEvent() {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.size = sizeof(attributes);
  attributes.config = PERF_COUNT_SW_TASK_CLOCK;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0) >= 0;
}

bool AsksKeyring() {
  return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1) > 0;
}

// TIOCSTI, which types into a terminal, is of this kind; FIONREAD needs no terminal.
bool AsksByIoctl() {
  int ends[2];
  int waiting = 0;
  return pipe(ends) == 0 && ioctl(ends[0], FIONREAD, &waiting) == 0;
}

bool DisarmsWatchdog() {
  const itimerval never{};
  return setitimer(ITIMER_REAL, &never, nullptr) == 0;
}

std::vector<Try> OfProcesses() {
  return {
      {"execve", &Executes},
      {"execveat of a descriptor", &ExecutesDescriptor},
      {"fork", &Forks},
      {"fork by clone3", &ForksByClone3},
      {"ptrace", [] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }},
      {"signal to another process", [] { return kill(getppid(), 0) == 0; }},
      {"signal by rt_sigqueueinfo", &QueuesSignal},
      {"signal by a descriptor's owner", &OwnsDescriptorBySignal},
      {"process_vm_readv", &ReadsParent},
      {"pidfd_getfd", &TakesDescriptorOfParent},
      {"a namespace", &MakesNamespace},
      {"chroot", [] { return chroot("/") == 0; }},
      {"another user", [] { return setresuid(1, 1, 1) == 0; }},
      {"raise a resource limit", &RaisesLimit},
      {"made dumpable again", [] { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }},
      {"disarm the watchdog", &DisarmsWatchdog},
  };
}

std::vector<Try> OfMemory(const std::string& store) {
  return {
      {"memory made executable", &MakesExecutable},
      {"the same by pkey_mprotect", &MakesExecutableByKey},
      {"the same by personality", [] { return personality(READ_IMPLIES_EXEC) != -1; }},
      {"a file mapped executable", [store] { return MapsFileExecutable(store); }},
      {"dlopen", [] { return dlopen("libanl.so.1", RTLD_NOW) != nullptr; }},
      {"memfd_create", [] { return syscall(SYS_memfd_create, "x", 0) >= 0; }},
      {"shared memory", &SharesMemory},
      // 1: user mode only, which needs no right.
      {"userfaultfd", [] { return syscall(SYS_userfaultfd, O_CLOEXEC | 1) >= 0; }},
      {"io_uring_setup", &SetsUpRing},
      {"bpf", &LoadsBpf},
      {"perf_event_open", &OpensPerfEvent},
      {"keyctl", &AsksKeyring},
      {"ioctl other than FIONBIO", &AsksByIoctl},
  };
}

std::vector<Try> OfFiles(const std::string& store) {
  return {
      {"read the CA store", [store] { return Opens(store.c_str(), O_RDONLY); }},
      {"read /etc/passwd", [] { return Opens("/etc/passwd", O_RDONLY); }},
      {"read /etc/shadow", [] { return Opens("/etc/shadow", O_RDONLY); }},
      {"read /proc/self/environ", [] { return Opens("/proc/self/environ", O_RDONLY); }},
      {"list /etc", [] { return Opens("/etc", O_RDONLY | O_DIRECTORY); }},
      {"stat /etc/shadow", [] { return Stats("/etc/shadow"); }},
      {"open_by_handle_at",
       [store, handle = HandleOf(store)] { return OpensByHandle(store, handle.get()); }},
      {"write to /dev/null", [] { return Opens("/dev/null", O_WRONLY); }},
      {"write to /proc/self/mem", [] { return Opens("/proc/self/mem", O_RDWR); }},
      {"create a file in /tmp", [] { return Opens("/tmp/eic-taken-over", O_WRONLY | O_CREAT); }},
      {"create a file without a name", [] { return Opens("/tmp", O_TMPFILE | O_RDWR); }},
      // What mount(2) does, without a place where it would be seen.
      {"mount, by fsopen", [] { return syscall(SYS_fsopen, "tmpfs", 0) >= 0; }},
  };
}

std::vector<Try> OfNetwork(const Listeners& at) {
  return {
      {"UDP socket", [] { return OpensSocket(AF_INET, SOCK_DGRAM); }},
      {"raw socket", [] { return OpensSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
      {"packet socket", [] { return OpensSocket(AF_PACKET, SOCK_RAW); }},
      {"MPTCP socket", [] { return OpensSocket(AF_INET, SOCK_STREAM, kMptcp); }},
      {"netlink socket", [] { return OpensSocket(AF_NETLINK, SOCK_RAW); }},
      {"unix socket", [] { return OpensSocket(AF_UNIX, SOCK_STREAM); }},
      {"unix datagram pair", &PairsDatagrams},
      {"bind", &Binds},
      {"listen", &Listens},
      {"connect to the endpoint", [at] { return Connects("127.0.0.1", at.port); }},
      {"connect to its port at another address", [at] { return Connects("127.0.0.2", at.port); }},
      {"connect to another port", [at] { return Connects("127.0.0.1", at.other_port); }},
      {"the same by TCP Fast Open", [at] { return ConnectsBySending("127.0.0.1", at.other_port); }},
      {"write to standard output", [] { return write(STDOUT_FILENO, "", 0) == 0; }},
  };
}

}  // namespace

bool Connects(const char* host, std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Address(host, port);
  return descriptor >= 0 &&
         connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

std::vector<Try> Tries(const std::string& store, const Listeners& at) {
  rlimit limit{};
  (void)getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max / 2;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  std::vector<Try> all = OfProcesses();
  for (const std::vector<Try>& more : {OfMemory(store), OfFiles(store), OfNetwork(at)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace eic
