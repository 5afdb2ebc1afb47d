#include "host/chain_confinement.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <optional>

#include "host/landlock.h"
#include "host/resource_limits.h"
#include "host/seccomp_filter.h"

namespace eic {

#if EIC_CONFINEMENT

namespace {

// The bounding set too: otherwise root would get them back with the next program.
void DropAllCapabilities() {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
    (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  (void)syscall(SYS_capset, &header, none.data());
}

}  // namespace

void ConfineForPipes() {
  tzset();  // for the times of log lines
  (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  (void)LimitResources();
  (void)RestrictFilesAndPorts({}, std::nullopt);
  // Last, because it removes the calls that the others need.
  (void)FilterForPipes();
}

void ConfineForExec() {
  (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit none{0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  (void)ForbidChanges();
  DropAllCapabilities();
}

#else

void ConfineForPipes() {}

void ConfineForExec() {}

#endif

}  // namespace eic
