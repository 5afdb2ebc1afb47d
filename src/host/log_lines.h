// The audit lines, as text. Operators' rules match them, so their form is a contract:
// eic-authorized-keys(8), LOG. doc/design.md step 10.
#pragma once

#include <sys/types.h>

#include <string>

#include "core/reason.h"

namespace eic {

// What is known of a record. Untrusted text, as it came; empty where it is not known.
struct RecordLabel {
  std::string fingerprint;
  std::string request_id;
  std::string caller;  // IAM principal
};

// A key that was accepted.
struct Acceptance {
  RecordLabel record;
  pid_t sshd = 0;  // the process that asked (host/sshd_process.h); 0: not known
  std::string user{};
  std::string instance_id{};
};

struct Refusal {
  Reason reason = Reason::kInternalError;
  std::string user;
  RecordLabel record;
  std::string detail;
  std::string instance_id{};
};

// `Providing ssh key from EC2 Instance Connect with fingerprint: F, request-id: R, for IAM
// principal: C sshd=P`; a part whose value is not known is left out.
std::string AcceptedLine(const Acceptance& acceptance);

// `Refused ssh key from EC2 Instance Connect: reason=SLUG user="U" fingerprint=F request-id="R"
// principal="C" detail="D"`; a part whose value is empty is left out. Every value is escaped and
// cut to kLoggedValueBytesMax (core/printable.h).
std::string RefusedLine(const Refusal& refusal);

}  // namespace eic
