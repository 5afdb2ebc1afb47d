// The decision matrix: every mutation of request, records, signer, chain and staples that has a
// vector, each with the outcome that is to come of it. The outcomes are written down here, not
// computed: they are what the judge is held to.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/testkit/notary.h"
#include "tests/testkit/vector.h"
#include "tests/testkit/world.h"

namespace eic::testkit {

// One vector. Where a stage is not damaged, it is good: one record for `user-ed25519`, asked for by
// alice in us-west-2, with the evidence of GoodPlan.
struct Case {
  std::string name;
  std::string comment;
  // Lines of a vector's `expect:`, with a key's name for its fingerprint: "accept user-ed25519".
  std::vector<std::string> expect;

  std::function<void(ChainPlan&)> plan = nullptr;
  std::function<void(World&)> world = nullptr;
  std::function<void(ServedEvidence&)> served = nullptr;
  std::function<void(issuer::RecordSpec&)> record = nullptr;  // the one good record, unsigned
  std::function<std::string(Notary&)> blob = nullptr;         // in place of that record
  std::function<void(Vector&)> request = nullptr;             // the other lines of the header
};

std::vector<Case> RequestCases();
std::vector<Case> RecordCases();
std::vector<Case> OfferCases();
std::vector<Case> KeyCases();
std::vector<Case> SignerCases();
std::vector<Case> ChainCases();
std::vector<Case> StapleCases();

// The most common outcome.
inline std::vector<std::string> Accept() { return {"accept " + std::string(kUserKey)}; }

}  // namespace eic::testkit
