// Of doctor: clock, anchors, the signer and its staples; and the key of the login's user.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "admin/doctor/check.h"
#include "admin/doctor/checks/verdict.h"
#include "admin/explain/trace.h"
#include "agent/doors.h"
#include "agent/options.h"
#include "host/imds.h"

namespace eic::admin {

// Nothing of it is asked where metadata fails, but for the anchors.
struct TrustFacts {
  Verdict anchors;   // the CA store
  Verdict evidence;  // could be fetched
  Verdict signer;    // steps 7 and 8, of that evidence

  bool has_key = true;  // one is live for the login's user
  Verdict key;          // step 5 or 9, of what was pushed for the login's user
};
void to_json(nlohmann::json& json, const TrustFacts& facts);
void from_json(const nlohmann::json& json, TrustFacts& facts);

// As the command's user, confined.
void AskForSigner(const eic::Outside& doors, const Confined& confined, Imds& imds,
                  TrustFacts* facts);

// The agent's own decision, for whatever key of the login's user.
void AskForKey(const eic::Options& agent, HttpTransport& http, const OpenDoors& doors,
               const LookUp& look_up, TrustFacts* facts);

const Family& TrustFamily();

}  // namespace eic::admin
