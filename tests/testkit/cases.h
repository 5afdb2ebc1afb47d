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
std::vector<Case> PathCases();
std::vector<Case> StapleCases();
std::vector<Case> ResponderCases();

// The most common outcome.
inline std::vector<std::string> Accept() { return {"accept " + std::string(kUserKey)}; }

// The certificates and staples are damaged before they are served.
inline Case Damage(std::string name, std::string comment, std::vector<std::string> expect,
                   std::function<void(World&)> damage) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.world = std::move(damage);
  return row;
}

// The signer's staple is damaged.
inline Case Staple(std::string name, std::string comment, std::vector<std::string> expect,
                   std::function<void(StapleDraft&)> damage) {
  return Damage(std::move(name), std::move(comment), std::move(expect),
                [damage](World& w) { damage(w.signer_staple()); });
}

// A signer and seven certificates of the root's own name, so that there are thousands of ways from
// the one to the other by names alone. None holds.
std::vector<X509*> Tangle(World& w);

// An old root has signed the root of `w` anew: the topology of the real authority.
X509* CrossSign(World& w, X509*& old_root);

}  // namespace eic::testkit
