// The records of this host: its journal by journalctl, and its open sessions by loginctl.
#pragma once

#include <string>
#include <vector>

#include "admin/failure.h"
#include "admin/outside.h"
#include "admin/sessions/evidence.h"
#include "admin/sessions/join.h"
#include "admin/sessions/limits.h"
#include "admin/sessions/program_lines.h"

namespace eic::admin {

// Who writes our agent's lines: the user of the command that sshd runs for ordinary logins, where
// that is our agent; else the user that `enable` would set.
Outcome<AgentIdentity> FindAgentIdentity(const Outside& outside);

// The evidence since `since`, in journalctl's words, and, for sessions that are open and began
// before, from around their beginning. Fails with kFailed where the journal cannot be read, or not
// by this user, who would see a part of it and no more; with kUsage where journalctl does not take
// `since`. Of more than `evidence_max` the newest is kept, and a note says since when all is there.
Outcome<Records> AskHost(const AgentIdentity& agent, const std::string& since,
                         const LineRunner& run, std::size_t evidence_max = kEvidenceMax);

}  // namespace eic::admin
