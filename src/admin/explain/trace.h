// The agent's own decision (agent/run.h), run with doors that remember what passed through them.
// Nothing is decided here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/options.h"
#include "agent/run.h"
#include "core/authorize.h"
#include "core/request.h"
#include "core/result.h"
#include "host/http.h"
#include "host/instance.h"

namespace eic::admin {

// One request to the metadata service and what came of it.
struct Exchange {
  std::string path;  // `/latest/meta-data/placement/region`
  HttpOutcome outcome;
};

struct Trace {
  Result<Request> request;
  std::optional<Result<std::string>> user;   // step 2; none: not reached
  std::optional<Result<Instance>> instance;  // step 3; none: not reached
  std::vector<Exchange> exchanges;           // steps 3, 4 and 6, in order
  std::optional<Instant> now;                // step 5; none: not reached
  std::optional<Result<Decision>> decision;  // none: the request was refused
  std::vector<std::string> log_lines;        // step 10; the agent sends them to syslog
};

// Opens the doors that a run goes through: DoorsOf (agent/doors.h), or doubles of them. What it is
// given is borrowed: the network, and a log that keeps its lines.
using OpenDoors =
    std::function<eic::Outside(const eic::Options& options, HttpTransport& http, AuditLog& audit)>;

// Asks NSS for a user, as sshd does before it runs the command: LookUpUser (host/users.h), or a
// double of it.
using LookUp = std::function<Result<std::string>(const std::string& name)>;

// With DoorsOf the process is confined on the way, as the agent is: what follows can do little more
// than write to what is open.
Trace RunTraced(const eic::Options& options, HttpTransport& http, const OpenDoors& open_doors,
                const LookUp& look_up);

// The answer to the last request for this path; none where it was not asked.
const HttpOutcome* AnswerFor(const Trace& trace, std::string_view path);

// Where the options of the agent stand in sshd's command: its words with %u and %f replaced; words
// that hold a token for which there is no value are left out. Fails where the agent refuses the
// words, or would only print information about itself.
Result<eic::Options, UsageError> ParseAgentCommand(std::string_view command,
                                                   const std::string& user,
                                                   const std::string& fingerprint);

}  // namespace eic::admin
