// Runs the agent's own decision (agent/run.h) with doors that record what passes through them.
// Decides nothing itself.
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

// One request to the metadata service and its outcome.
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

// Opens the doors of a run: DoorsOf (agent/doors.h), or test doubles. Its arguments are borrowed:
// the network, and a log that keeps its lines.
using OpenDoors =
    std::function<eic::Outside(const eic::Options& options, HttpTransport& http, AuditLog& audit)>;

// Asks NSS for a user, as sshd does before it runs the command: LookUpUser (host/users.h), or a
// double of it.
using LookUp = std::function<Result<std::string>(const std::string& name)>;

// With DoorsOf this confines the process as it does the agent. After that, the process can do
// little more than write to open descriptors.
Trace RunTraced(const eic::Options& options, HttpTransport& http, const OpenDoors& open_doors,
                const LookUp& look_up);

// The answer to the last request for this path; none if there was no such request.
const HttpOutcome* AnswerFor(const Trace& trace, std::string_view path);

// The agent's options from sshd's command: its words with %u and %f replaced, without words that
// have a token for which there is no value. Fails if the agent refuses the words, or if it would
// only print information about itself.
Result<eic::Options, UsageError> ParseAgentCommand(std::string_view command,
                                                   const std::string& user,
                                                   const std::string& fingerprint);

}  // namespace eic::admin
