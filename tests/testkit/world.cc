#include "tests/testkit/world.h"

#include <algorithm>

namespace eic::testkit {

ChainPlan GoodPlan() {
  return {{issuer::RootSpec(kNow), "root", "root"},
          {issuer::IntermediateSpec(kNow), "intermediate", "root"},
          {issuer::SignerSpec("us-west-2", "amazonaws.com", kNow), "signer", "intermediate"}};
}

World::World(KeyRing& ring, const ChainPlan& chain_plan) : plan(chain_plan), keys(ring) {
  root = Issue(plan.root, nullptr);
  intermediate = Issue(plan.intermediate, root);
  signer = Issue(plan.signer, intermediate);
  served = {signer, intermediate, root};
  anchors = {root};
  staples.push_back(StapleFor(signer, intermediate, plan.intermediate.key));
  staples.push_back(StapleFor(intermediate, root, plan.root.key));
}

X509* World::Issue(const CertificatePlan& certificate, X509* issuer) {
  kept_.push_back(issuer::IssueCertificate(certificate.spec, keys.Get(certificate.key), issuer,
                                           keys.Get(certificate.signed_by)));
  return kept_.back().get();
}

X509* World::Break(X509* certificate) {
  kept_.push_back(issuer::BreakCertificateSignature(certificate));
  return kept_.back().get();
}

CertificatePlan World::ResponderPlan(std::string_view signed_by) const {
  CertificatePlan responder;
  responder.spec.common_names = {"Throw-away responder"};
  responder.spec.serial = 9;
  responder.spec.not_before = kNow - issuer::kSecondsPerDay;
  responder.spec.not_after = kNow + issuer::kSecondsPerDay;
  responder.spec.key_usage = KU_DIGITAL_SIGNATURE;
  responder.spec.extended_key_usages = {"OCSPSigning"};
  responder.key = "responder";
  responder.signed_by = signed_by;
  return responder;
}

StapleDraft World::StapleFor(X509* subject, X509* issuer, std::string_view issuer_key) {
  issuer::SingleResponseSpec word;
  word.subject = subject;
  word.issuer = issuer;
  word.this_update = kNow - 3600;
  word.next_update = kNow + 7 * issuer::kSecondsPerDay;

  StapleDraft draft;
  draft.name = issuer::Sha1Name(subject);
  draft.spec.responses = {word};
  draft.spec.responder = issuer;
  draft.spec.responder_key = keys.Get(issuer_key);
  draft.spec.produced_at = kNow - 3600;
  return draft;
}

void World::SignBy(StapleDraft& draft, X509* responder, std::string_view key) {
  draft.spec.responder = responder;
  draft.spec.responder_key = keys.Get(key);
  draft.spec.included_certificates = {responder};
}

ServedEvidence World::Serve() const {
  ServedEvidence evidence;
  for (X509* certificate : served) evidence.signer_cert += issuer::CertificatePem(certificate);
  for (const StapleDraft& draft : staples) {
    evidence.staples[draft.name] =
        draft.body ? *draft.body : issuer::StapleBase64(issuer::MakeStaple(draft.spec));
  }
  // The service lists by name, which is a map's order.
  for (const auto& [name, body] : evidence.staples) evidence.staple_list += name + '\n';
  return evidence;
}

std::string World::AnchorsPem() const {
  std::string pem;
  for (X509* anchor : anchors) pem += issuer::CertificatePem(anchor);
  return pem;
}

}  // namespace eic::testkit
