#include "console/worker/confine.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>

#include "client/system/linux_process.h"
#include "console/limits.h"

extern char** environ;

namespace eic::console {
namespace {

bool TakeStandardDescriptors() {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return false;
  bool ok = true;
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) {
    if (descriptor != null) ok = dup2(null, descriptor) == descriptor && ok;
  }
  if (null > STDERR_FILENO) close(null);
  return ok;
}

#if EIC_CONFINEMENT

bool SetLimit(__rlimit_resource resource, rlim_t value) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return false;
  if (limit.rlim_max != RLIM_INFINITY) value = std::min(value, limit.rlim_max);
  limit = {value, value};
  return setrlimit(resource, &limit) == 0;
}

bool LimitResources() {
  bool ok = SetLimit(RLIMIT_CORE, 0);
  ok = SetLimit(RLIMIT_FSIZE, 0) && ok;
  ok = SetLimit(RLIMIT_NOFILE, kWorkerDescriptorsMax) && ok;
  ok = SetLimit(RLIMIT_NPROC, 0) && ok;
  return SetLimit(RLIMIT_DATA, kWorkerDataBytesMax) && ok;
}

// linux/landlock.h, which older distributions lack.
constexpr long kCreateRuleset = 444;
constexpr long kRestrictSelf = 446;
constexpr std::uint32_t kVersionFlag = 1;
struct RulesetAttributes {
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;
  std::uint64_t scoped;
};

// Handles all rights that the ABI knows, without any rule: everything is denied. Returns the ABI,
// or 0.
int DenyFilesAndPorts() {
  const long abi = syscall(kCreateRuleset, nullptr, 0, kVersionFlag);
  if (abi < 1) return 0;
  std::uint64_t files = (1ULL << 13) - 1;
  if (abi >= 2) files |= 1ULL << 13;
  if (abi >= 3) files |= 1ULL << 14;
  if (abi >= 5) files |= 1ULL << 15;
  const RulesetAttributes attributes{files, abi >= 4 ? 3ULL : 0, abi >= 6 ? 3ULL : 0};
  // Later kernels added members; an older kernel accepts only the first ones.
  std::size_t bytes = offsetof(RulesetAttributes, handled_access_net);
  if (abi >= 4) bytes = offsetof(RulesetAttributes, scoped);
  if (abi >= 6) bytes = sizeof(attributes);
  const auto ruleset = static_cast<int>(syscall(kCreateRuleset, &attributes, bytes, 0));
  if (ruleset < 0) return 0;
  const bool is_restricted = syscall(kRestrictSelf, ruleset, 0) == 0;
  close(ruleset);
  return is_restricted ? static_cast<int>(abi) : 0;
}

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

// The calls that libc, libssh and OpenSSL need for a connected socket and for memory. All others
// get EPERM.
constexpr int kAllowed[] = {SCMP_SYS(brk),
                            SCMP_SYS(munmap),
                            SCMP_SYS(mremap),
                            SCMP_SYS(madvise),
                            SCMP_SYS(futex),
                            SCMP_SYS(sched_yield),
                            SCMP_SYS(restart_syscall),
                            SCMP_SYS(read),
                            SCMP_SYS(readv),
                            SCMP_SYS(write),
                            SCMP_SYS(writev),
                            SCMP_SYS(close),
                            SCMP_SYS(poll),
                            SCMP_SYS(ppoll),
                            SCMP_SYS(ppoll_time64),
                            SCMP_SYS(select),
                            SCMP_SYS(_newselect),
                            SCMP_SYS(pselect6),
                            SCMP_SYS(recvfrom),
                            SCMP_SYS(recv),
                            SCMP_SYS(recvmsg),
                            SCMP_SYS(send),
                            SCMP_SYS(shutdown),
                            SCMP_SYS(getsockopt),
                            SCMP_SYS(getsockname),
                            SCMP_SYS(getpeername),
                            SCMP_SYS(clock_gettime),
                            SCMP_SYS(clock_gettime64),
                            SCMP_SYS(clock_getres),
                            SCMP_SYS(clock_nanosleep),
                            SCMP_SYS(gettimeofday),
                            SCMP_SYS(time),
                            SCMP_SYS(nanosleep),
                            SCMP_SYS(getpid),
                            SCMP_SYS(gettid),
                            SCMP_SYS(getuid),
                            SCMP_SYS(geteuid),
                            SCMP_SYS(getgid),
                            SCMP_SYS(getegid),
                            SCMP_SYS(getrandom),
                            SCMP_SYS(rt_sigaction),
                            SCMP_SYS(rt_sigprocmask),
                            SCMP_SYS(rt_sigreturn),
                            SCMP_SYS(sigreturn),
                            SCMP_SYS(exit),
                            SCMP_SYS(exit_group)};

bool Allow(const Filter& filter, int call, std::initializer_list<scmp_arg_cmp> arguments = {}) {
  const int status = seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call,
                                            static_cast<unsigned>(arguments.size()),
                                            arguments.size() == 0 ? nullptr : arguments.begin());
  return status == 0 || call < 0;  // a call that this architecture does not have is no fault
}

bool FilterCalls() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter) return false;
  bool ok = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)) == 0;
  for (const int call : kAllowed) ok = ok && Allow(filter, call);
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)}) {
    ok = ok && Allow(filter, call, {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}});
  }
  // send(2) on connected sockets only: no address, and no descriptors with it.
  ok = ok && Allow(filter, SCMP_SYS(sendto), {{4, SCMP_CMP_EQ, 0, 0}});
  for (const int call : {SCMP_SYS(fcntl), SCMP_SYS(fcntl64)}) {
    for (const unsigned command : {1U * F_GETFD, 1U * F_SETFD, 1U * F_GETFL, 1U * F_SETFL}) {
      ok = ok && Allow(filter, call, {{1, SCMP_CMP_EQ, command, 0}});
    }
  }
  ok = ok && Allow(filter, SCMP_SYS(ioctl), {{1, SCMP_CMP_EQ, FIONBIO, 0}});
  return ok && seccomp_load(filter.get()) == 0;
}

#endif

}  // namespace

Confined Confine(const std::vector<int>& kept) {
  Confined done;
  done.has_null = TakeStandardDescriptors();
  client::CloseAllBut(kept);
  done.no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  done.not_dumpable = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#if EIC_CONFINEMENT
  done.resource_limits = LimitResources();
  done.landlock_abi = DenyFilesAndPorts();
  // Last, because it forbids the calls that the other mechanisms need.
  done.system_calls = FilterCalls();
#endif
  return done;
}

bool Confined::IsWhole() const {
  const bool has_common = has_null && no_new_privileges && not_dumpable;
#if EIC_CONFINEMENT
  return has_common && resource_limits && system_calls;
#else
  return has_common;
#endif
}

void WipeEnvironment() {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    explicit_bzero(*entry, std::strlen(*entry));
  }
  (void)clearenv();
}

}  // namespace eic::console
