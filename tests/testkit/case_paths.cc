// Several ways from the signer to an anchor, of which one holds: doc/design.md step 7.
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

// The intermediate once more: its name and key, with another serial.
CertificatePlan Twin(const World& w, std::int64_t serial = 8) {
  CertificatePlan twin = w.plan.intermediate;
  twin.spec.serial = serial;
  return twin;
}

// One that a root which nobody knows has cross-signed.
X509* IntermediateOfUnknownRoot(World& w) {
  CertificatePlan unknown{issuer::RootSpec(kNow), "stranger", "stranger"};
  unknown.spec.common_names = {"Throw-away unknown root"};
  CertificatePlan twin = Twin(w);
  twin.signed_by = "stranger";
  return w.Issue(twin, w.Issue(unknown, nullptr));
}

std::vector<Case> HoldingCases() {
  return {
      Damage("path-root-before-its-cross-signed-twin",
             "The self-signed root is served first, and the store has the old root alone.",
             Accept(),
             [](World& w) {
               X509* old_root = nullptr;
               X509* crossed = CrossSign(w, old_root);
               w.served = {w.signer, w.intermediate, w.root, crossed};
               w.anchors = {old_root};
               w.staples.push_back(w.StapleFor(crossed, old_root, "old-root"));
             }),
      Damage("path-intermediate-of-unknown-root-first",
             "An intermediate that an unknown root cross-signed is served first.", Accept(),
             [](World& w) {
               w.served = {w.signer, IntermediateOfUnknownRoot(w), w.intermediate, w.root};
             }),
      Damage("path-reissued-intermediate-in-store",
             "The store has the intermediate reissued, for which there is no staple.", Accept(),
             [](World& w) {
               w.anchors = {w.root, w.Issue(Twin(w), w.root)};
             }),
      Damage("path-broken-intermediate-first",
             "An intermediate with a damaged signature is served first.", Accept(),
             [](World& w) {
               w.served = {w.signer, w.Break(w.intermediate), w.intermediate, w.root};
             }),
      Damage("path-weak-intermediate-first", "An intermediate over SHA-1 is served first.",
             Accept(),
             [](World& w) {
               CertificatePlan weak = Twin(w);
               weak.spec.digest = EVP_sha1();
               w.served = {w.signer, w.Issue(weak, w.root), w.intermediate, w.root};
             }),
      Damage("path-intermediate-of-unknown-extension-first",
             "An intermediate with a critical extension of no known kind is served first.",
             Accept(),
             [](World& w) {
               CertificatePlan odd = Twin(w);
               odd.spec.extra_extensions = {{"1.3.6.1.4.1.99999.1", "\x05", true}};
               w.served = {w.signer, w.Issue(odd, w.root), w.intermediate, w.root};
             }),
      Damage("path-expired-intermediate-first", "An expired intermediate is served first.",
             Accept(),
             [](World& w) {
               CertificatePlan old = Twin(w);
               old.spec.not_after = kNow - 1;
               w.served = {w.signer, w.Issue(old, w.root), w.intermediate, w.root};
             }),
      Damage("path-revoked-intermediate-first",
             "The intermediate served first is revoked, and another one of its key is not.",
             Accept(),
             [](World& w) {
               X509* revoked = w.Issue(Twin(w), w.root);
               w.served = {w.signer, revoked, w.intermediate, w.root};
               w.staples.push_back(w.StapleFor(revoked, w.root, "root"));
               w.staples.back().word().status = issuer::CertificateStatus::kRevoked;
             }),
      Damage("path-stale-intermediate-first",
             "The staple of the intermediate served first is stale, that of the other is not.",
             Accept(),
             [](World& w) {
               X509* first = w.Issue(Twin(w), w.root);
               w.served = {w.signer, first, w.intermediate, w.root};
               w.staples.push_back(w.StapleFor(first, w.root, "root"));
               w.staples.back().word().next_update = kNow - 3600;
             }),
  };
}

std::vector<Case> FailingCases() {
  return {
      Damage("path-signer-revoked-on-the-other",
             "The first path does not hold; on the other one the signer is revoked.",
             {"certificate-revoked"},
             [](World& w) {
               w.served = {w.signer, IntermediateOfUnknownRoot(w), w.intermediate, w.root};
               w.signer_staple().word().status = issuer::CertificateStatus::kRevoked;
             }),
      Damage("path-signer-revoked-on-the-first",
             "On the first path the signer is revoked: no other one can change that.",
             {"certificate-revoked"},
             [](World& w) {
               w.anchors = {w.root, w.Issue(Twin(w), w.root)};
               w.signer_staple().word().status = issuer::CertificateStatus::kRevoked;
             }),
      Damage("path-none-holds", "Where no path holds, the first one tells why.",
             {"chain-untrusted"},
             [](World& w) {
               w.served = {w.signer, IntermediateOfUnknownRoot(w), w.intermediate, w.root};
               w.staples.pop_back();
             }),
      Damage("path-both-revoked", "Both intermediates are revoked.", {"certificate-revoked"},
             [](World& w) {
               X509* other = w.Issue(Twin(w), w.root);
               w.served = {w.signer, other, w.intermediate, w.root};
               w.staples.push_back(w.StapleFor(other, w.root, "root"));
               w.staples.back().word().status = issuer::CertificateStatus::kRevoked;
               w.intermediate_staple().word().status = issuer::CertificateStatus::kRevoked;
             }),
      Damage("path-other-is-unstapled",
             "The staple of the first path is stale, and the other path has none.",
             {"staple-stale"},
             [](World& w) {
               w.served = {w.signer, w.intermediate, w.Issue(Twin(w), w.root), w.root};
               w.intermediate_staple().word().next_update = kNow - 3600;
             }),
      Damage("path-explodes",
             "Certificates of one name, each of which might have issued each other one.",
             {"chain-invalid"}, [](World& w) { w.served = Tangle(w); }),
  };
}

}  // namespace

// An old root has signed the root anew: the topology of the real authority.
X509* CrossSign(World& w, X509*& old_root) {
  CertificatePlan old{issuer::RootSpec(kNow), "old-root", "old-root"};
  old.spec.common_names = {"Throw-away old root"};
  old_root = w.Issue(old, nullptr);
  CertificatePlan crossed = w.plan.root;
  crossed.spec.serial = 7;
  crossed.signed_by = "old-root";
  return w.Issue(crossed, old_root);
}

std::vector<X509*> Tangle(World& w) {
  std::vector<X509*> served = {nullptr};
  CertificatePlan knot = w.plan.root;
  knot.spec.subject_key_id = knot.spec.authority_key_id = false;
  for (const char* key : {"stranger", "responder", "old-root", "intermediate", "user-rsa2048",
                          "user-rsa3072", "user-rsa4096"}) {
    knot.key = key;
    knot.signed_by = served.size() == 1 ? "stranger" : w.plan.signer.key;
    served.push_back(w.Issue(knot, w.root));
  }
  CertificatePlan leaf = w.plan.signer;
  leaf.spec.authority_key_id = false;
  leaf.signed_by = "stranger";
  served.front() = w.Issue(leaf, w.root);
  return served;
}

std::vector<Case> PathCases() {
  std::vector<Case> cases = HoldingCases();
  for (Case& row : FailingCases()) cases.push_back(std::move(row));
  return cases;
}

}  // namespace eic::testkit
