#include "host/seccomp_filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace eic {
namespace {

#include "seccomp_filters.inc"  // kForNetwork, kForVerification, kForPipes; see seccomp_rules.cc

// The kernel copies the filter; it writes nothing.
template <std::size_t kSteps>
bool Install(const sock_filter (&steps)[kSteps]) {
  const sock_fprog program{kSteps, const_cast<sock_filter*>(steps)};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace

bool FilterForNetwork() { return Install(kForNetwork); }

bool FilterForVerification() { return Install(kForVerification); }

bool FilterForPipes() { return Install(kForPipes); }

}  // namespace eic
