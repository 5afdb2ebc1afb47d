// One run of the agent, from what sshd asks to what it is told. The steps are numbered as in
// doc/design.md.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "agent/options.h"
#include "core/authorize.h"
#include "core/openssl_handles.h"
#include "core/request.h"
#include "core/result.h"
#include "host/audit.h"
#include "host/clock.h"
#include "host/confinement.h"
#include "host/http.h"
#include "host/instance.h"

namespace eic {

// The doors to the outside that a run uses. A login's are those of doors.h; tests and the self-test
// put others in their place. Borrowed.
struct Outside {
  HttpTransport& http;
  AuditLog& audit;
  std::function<Instant()> wall_clock;
  std::function<Result<Instance>()> identify_instance;
  std::function<Result<X509StorePtr>()> open_trust_anchors;
  // What the process gives up on its way: before the first byte from the network, and after the
  // last.
  std::function<Confined()> confine_for_network;
  std::function<void()> confine_for_verification = [] {};
  // The process that asked, for the log (host/sshd_process.h); 0: not known.
  pid_t sshd = 0;
};

// Step 1. Fails with kUserNameInvalid, kUserNameNeverPushed, kKeyTypeNeverPushed, and with
// kFingerprintInvalid, which is wrong usage: sshd makes no such fingerprint.
Result<Request> ParseRequest(const Options& options);

// Steps 3 to 9: nothing is written anywhere. Ends by `deadline`, but for what libraries do.
Result<Decision> Decide(const Options& options, const Request& request, const Outside& outside,
                        Deadline deadline);

// Steps 3 to 10: what goes to standard output, with what was decided recorded in `outside.audit`.
std::string Run(const Options& options, const Request& request, const Outside& outside,
                Deadline deadline);

// Who asks, and how it wants the answer.
struct Asker {
  pid_t sshd = 0;                   // Outside::sshd
  bool caller_environment = false;  // Options::caller_environment
};

// Step 10: records what was decided and returns the lines for sshd, each `type base64` and LF; with
// the caller's label before it where `asker` wants one and it can be made.
std::string RecordDecision(const Request& request, const Decision& decision, const Asker& asker,
                           AuditLog& audit);

// The same for a run that came to no decision: one line, but none for what every ordinary login
// without a pushed key looks like.
void RecordError(const std::string& user, const Error& error, AuditLog& audit);

}  // namespace eic
