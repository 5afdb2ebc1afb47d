// Which process of sshd asks. It is the one that logs "Accepted publickey" when the login goes
// through, so its number joins the two lines of the log. doc/design.md step 10.
#pragma once

#include <sys/types.h>

#include <string>

namespace eic {

// By this variable eic-chain tells our agent which process started the chain itself.
inline constexpr const char* kSshdPidVariable = "EIC_SSHD_PID";

// The parent of this process; where `told` is not empty, the parent's parent, if that is what it
// says and /proc has it so. Whoever starts the agent sets its environment and cannot choose whose
// child it is itself: so what is told is not believed without that. 0 where it is not known: the
// parent is of another PID namespace or has ended, or /proc does not show it (hidepid).
//
// To be called before the confinement, which takes /proc away.
pid_t SshdProcess(const std::string& told);

}  // namespace eic
