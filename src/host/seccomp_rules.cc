// eic-seccomp-rules: a program of the build, which writes the filters that seccomp_filter.cc
// installs. libseccomp needs a millisecond to make them, and they are the same for every run: so it
// makes them once, here.
//
// Prints three arrays of struct sock_filter (linux/filter.h) for the processor that it runs on.
// Status 1 with a line on standard error if libseccomp rejects a rule.
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <memory>

#include "host/syslog_socket.h"

namespace eic {
namespace {

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;
using Argument = scmp_arg_cmp;

constexpr std::uint32_t kDeny = SCMP_ACT_ERRNO(EPERM);

// What libc, libcurl and OpenSSL need between the first packet and exit, whatever the arguments.
// eventfd2, socketpair and pipe2: one of them is libcurl's wake-up. The clock calls: a clock
// without vDSO.
constexpr int kAllowed[] = {
    // memory and threads of execution
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    SCMP_SYS(sched_yield), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(restart_syscall),
    // descriptors
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev),
    SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(ppoll_time64), SCMP_SYS(select), SCMP_SYS(_newselect), SCMP_SYS(pselect6),
    SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(eventfd2), SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
    // looking at files; Landlock says which
    SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat),
    SCMP_SYS(lstat64), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(statx), SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getdents), SCMP_SYS(getdents64), SCMP_SYS(getcwd),
    // connected sockets
    SCMP_SYS(recvfrom), SCMP_SYS(recv), SCMP_SYS(shutdown), SCMP_SYS(getsockopt),
    SCMP_SYS(getsockname), SCMP_SYS(getpeername),
    // time
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64), SCMP_SYS(gettimeofday),
    SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(setitimer),
    // about the process itself
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
    SCMP_SYS(getegid), SCMP_SYS(getrandom), SCMP_SYS(uname), SCMP_SYS(sysinfo),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    // the second filter
    SCMP_SYS(seccomp)};

// What libc needs in a process that reads, waits, writes and exits. send(2) on the log's socket;
// the C library has read the time zone before.
constexpr int kAllowedForPipes[] = {
    // memory
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    SCMP_SYS(restart_syscall),
    // descriptors
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(poll),
    SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(send),
    // time
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clock_nanosleep_time64), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep),
    // about the process itself
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(exit),
    SCMP_SYS(exit_group)};

// Calls that take a name or an address, refused in a process that already has all it needs.
constexpr int kDeniedForPipes[] = {
    SCMP_SYS(open),       SCMP_SYS(openat), SCMP_SYS(stat),       SCMP_SYS(newfstatat),
    SCMP_SYS(statx),      SCMP_SYS(access), SCMP_SYS(faccessat),  SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),
    SCMP_SYS(pipe),       SCMP_SYS(pipe2),  SCMP_SYS(dup),        SCMP_SYS(dup2),
    SCMP_SYS(dup3),       SCMP_SYS(fcntl),  SCMP_SYS(seccomp)};

// Answered with EPERM and not with ENOSYS: there is nothing to fall back to, and a trace shows that
// the call was refused.
constexpr int kDenied[] = {SCMP_SYS(execve),
                           SCMP_SYS(execveat),
                           SCMP_SYS(fork),
                           SCMP_SYS(vfork),
                           SCMP_SYS(clone),
                           SCMP_SYS(ptrace),
                           SCMP_SYS(process_vm_readv),
                           SCMP_SYS(process_vm_writev),
                           SCMP_SYS(pidfd_open),
                           SCMP_SYS(pidfd_getfd),
                           SCMP_SYS(kill),
                           SCMP_SYS(tkill),
                           SCMP_SYS(tgkill),
                           SCMP_SYS(prctl),
                           SCMP_SYS(bind),
                           SCMP_SYS(listen),
                           SCMP_SYS(accept),
                           SCMP_SYS(accept4),
                           SCMP_SYS(sendmsg),
                           SCMP_SYS(sendmmsg),
                           SCMP_SYS(creat),
                           SCMP_SYS(openat2),
                           SCMP_SYS(unlink),
                           SCMP_SYS(unlinkat),
                           SCMP_SYS(rename),
                           SCMP_SYS(renameat),
                           SCMP_SYS(renameat2),
                           SCMP_SYS(mkdir),
                           SCMP_SYS(mkdirat),
                           SCMP_SYS(symlink),
                           SCMP_SYS(symlinkat),
                           SCMP_SYS(link),
                           SCMP_SYS(linkat),
                           SCMP_SYS(chmod),
                           SCMP_SYS(fchmod),
                           SCMP_SYS(fchmodat),
                           SCMP_SYS(chown),
                           SCMP_SYS(fchown),
                           SCMP_SYS(fchownat),
                           SCMP_SYS(truncate),
                           SCMP_SYS(ftruncate),
                           SCMP_SYS(mount),
                           SCMP_SYS(umount2),
                           SCMP_SYS(unshare),
                           SCMP_SYS(setns),
                           SCMP_SYS(chroot),
                           SCMP_SYS(pivot_root),
                           SCMP_SYS(bpf),
                           SCMP_SYS(perf_event_open),
                           SCMP_SYS(userfaultfd),
                           SCMP_SYS(memfd_create),
                           SCMP_SYS(shmget),
                           SCMP_SYS(shmat),
                           SCMP_SYS(keyctl),
                           SCMP_SYS(add_key),
                           SCMP_SYS(request_key),
                           SCMP_SYS(setuid),
                           SCMP_SYS(setgid),
                           SCMP_SYS(setgroups),
                           SCMP_SYS(setresuid),
                           SCMP_SYS(setresgid)};

// An argument as the kernel compares it.
constexpr std::uint64_t Word(int value) { return static_cast<std::uint64_t>(value); }

// A rule for a call that this architecture does not have is left out without an error.
bool Add(const Filter& filter, std::uint32_t action, int call,
         std::initializer_list<Argument> arguments = {}) {
  const int status =
      seccomp_rule_add_array(filter.get(), action, call, static_cast<unsigned>(arguments.size()),
                             arguments.size() == 0 ? nullptr : arguments.begin());
  return status == 0 || call < 0;
}

// SCMP_CMP is a macro that old-style-casts; these are the forms used here.
Argument Equal(unsigned at, std::uint64_t value) { return {at, SCMP_CMP_EQ, value, 0}; }
Argument NotEqual(unsigned at, std::uint64_t value) { return {at, SCMP_CMP_NE, value, 0}; }
Argument Above(unsigned at, std::uint64_t value) { return {at, SCMP_CMP_GT, value, 0}; }
Argument AtLeast(unsigned at, std::uint64_t value) { return {at, SCMP_CMP_GE, value, 0}; }
Argument Below(unsigned at, std::uint64_t value) { return {at, SCMP_CMP_LT, value, 0}; }
Argument Masked(unsigned at, std::uint64_t mask, std::uint64_t value) {
  return {at, SCMP_CMP_MASKED_EQ, mask, value};
}

// Without their flags for execution, memory calls are free.
bool AddMemory(const Filter& filter) {
  bool ok = true;
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)}) {
    ok = ok && Add(filter, SCMP_ACT_ALLOW, call, {Masked(2, PROT_EXEC, 0)});
    ok = ok && Add(filter, kDeny, call, {Masked(2, PROT_EXEC, PROT_EXEC)});
  }
  return ok;
}

// Files are opened for reading only.
bool AddOpen(const Filter& filter) {
  constexpr std::uint64_t kChanging = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  bool ok = true;
  for (const auto& [call, at] : {std::pair(SCMP_SYS(open), 1U), std::pair(SCMP_SYS(openat), 2U)}) {
    ok = ok && Add(filter, SCMP_ACT_ALLOW, call, {Masked(at, kChanging, 0)});
    for (const int flag : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND}) {
      ok = ok && Add(filter, kDeny, call, {Masked(at, Word(flag), Word(flag))});
    }
  }
  return ok;
}

// Sockets are TCP over IPv4 or IPv6, and libcurl's wake-up pair. seccomp has no "otherwise", so the
// rest is spelled out to get EPERM.
bool AddSockets(const Filter& filter) {
  constexpr std::uint64_t kTypeMask = 0xf;  // without SOCK_CLOEXEC and SOCK_NONBLOCK
  const int call = SCMP_SYS(socket);
  bool ok = Add(filter, kDeny, call, {Above(0, AF_INET6)});
  for (std::uint64_t family = 0; family <= AF_INET6; ++family) {
    if (family == AF_INET || family == AF_INET6) continue;
    ok = ok && Add(filter, kDeny, call, {Equal(0, family)});
  }
  for (const std::uint64_t family : {Word(AF_INET), Word(AF_INET6)}) {
    for (std::uint64_t type = 0; type <= kTypeMask; ++type) {
      if (type == SOCK_STREAM) continue;
      ok = ok && Add(filter, kDeny, call, {Equal(0, family), Masked(1, kTypeMask, type)});
    }
    for (const std::uint64_t protocol : {Word(0), Word(IPPROTO_TCP)}) {
      ok = ok && Add(filter, SCMP_ACT_ALLOW, call,
                     {Equal(0, family), Masked(1, kTypeMask, SOCK_STREAM), Equal(2, protocol)});
    }
  }
  // A stream pair: a datagram pair could be reconnected to the socket of any daemon.
  ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair),
                 {Equal(0, AF_UNIX), Masked(1, kTypeMask, SOCK_STREAM)});
  for (std::uint64_t type = 0; type <= kTypeMask; ++type) {
    if (type == SOCK_STREAM) continue;
    ok = ok && Add(filter, kDeny, SCMP_SYS(socketpair), {Masked(1, kTypeMask, type)});
  }
  // send(2) on connected sockets; sendto(2) with an address could reach anybody.
  ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(send));
  ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), {Equal(4, 0)});
  ok = ok && Add(filter, kDeny, SCMP_SYS(sendto), {NotEqual(4, 0)});
  // The log's socket has the highest number. Compared like this, a number whose upper half the
  // kernel ignores does not pass for another one.
  ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(connect), {Below(0, kLogDescriptor)});
  return ok && Add(filter, kDeny, SCMP_SYS(connect), {AtLeast(0, kLogDescriptor)});
}

// Calls of which only a small part is needed here.
bool AddNarrow(const Filter& filter) {
  bool ok = true;
  for (const int call : {SCMP_SYS(fcntl), SCMP_SYS(fcntl64)}) {
    for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL}) {
      ok = ok && Add(filter, SCMP_ACT_ALLOW, call, {Equal(1, Word(command))});
    }
  }
  ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), {Equal(1, FIONBIO)});
  ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), {Equal(2, 0)});  // reading
  for (const int level : {int{SOL_SOCKET}, int{IPPROTO_TCP}}) {
    ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), {Equal(1, Word(level))});
  }
  return ok;
}

// An empty filter. Calls of another ABI of this processor (x32, 32 bits) do not exist; libseccomp's
// own answer to them would be a kill. As a binary tree, the filter is quicker for the kernel to
// load and to run.
Filter NewFilter(std::uint32_t otherwise) {
  constexpr std::uint32_t kBinaryTree = 2;
  Filter filter(seccomp_init(otherwise), &seccomp_release);
  if (filter &&
      (seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)) != 0 ||
       seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, kBinaryTree) != 0)) {
    filter.reset();
  }
  return filter;
}

// For the time with the network; empty if a rule is wrong.
Filter ForNetwork() {
  Filter filter = NewFilter(SCMP_ACT_ERRNO(ENOSYS));
  if (!filter) return filter;
  bool ok = true;
  for (const int call : kAllowed) ok = ok && Add(filter, SCMP_ACT_ALLOW, call);
  for (const int call : kDenied) ok = ok && Add(filter, kDeny, call);
  ok = ok && AddMemory(filter) && AddOpen(filter) && AddSockets(filter) && AddNarrow(filter);
  if (!ok) filter.reset();
  return filter;
}

// For the time after the last answer.
Filter ForVerification() {
  Filter filter = NewFilter(SCMP_ACT_ALLOW);
  for (const int call : {SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),
                         SCMP_SYS(setsockopt), SCMP_SYS(seccomp)}) {
    if (filter && !Add(filter, kDeny, call)) filter.reset();
  }
  return filter;
}

// For the chain's collector.
Filter ForPipes() {
  Filter filter = NewFilter(SCMP_ACT_ERRNO(ENOSYS));
  if (!filter) return filter;
  bool ok = true;
  for (const int call : kAllowedForPipes) ok = ok && Add(filter, SCMP_ACT_ALLOW, call);
  for (const int call : kDenied) ok = ok && Add(filter, kDeny, call);
  for (const int call : kDeniedForPipes) ok = ok && Add(filter, kDeny, call);
  ok = ok && AddMemory(filter);
  ok = ok && Add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), {Equal(4, 0)});
  ok = ok && Add(filter, kDeny, SCMP_SYS(sendto), {NotEqual(4, 0)});
  if (!ok) filter.reset();
  return filter;
}

// The instructions as an initialiser of C++.
bool Print(const char* name, const Filter& filter) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  if (!filter || !file || seccomp_export_bpf(filter.get(), fileno(file.get())) != 0) return false;
  std::rewind(file.get());
  std::printf("constexpr sock_filter %s[] = {\n", name);
  for (sock_filter step{}; std::fread(&step, sizeof(step), 1, file.get()) == 1;) {
    std::printf("    {%#x, %u, %u, %#x},\n", step.code, step.jt, step.jf, step.k);
  }
  return std::printf("};\n") > 0;
}

}  // namespace
}  // namespace eic

int main() {
  if (eic::Print("kForNetwork", eic::ForNetwork()) &&
      eic::Print("kForVerification", eic::ForVerification()) &&
      eic::Print("kForPipes", eic::ForPipes()) && std::fflush(stdout) == 0) {
    return 0;
  }
  std::fputs("eic-seccomp-rules: libseccomp does not take a rule, or nothing can be written\n",
             stderr);
  return 1;
}
