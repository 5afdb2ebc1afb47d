// Who answers for an issuer: doc/design.md step 8.
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

const std::vector<std::string> kUnauthorized = {"staple-responder-unauthorized"};

// A responder that the signer's issuer certified signs the signer's staple.
Case Responder(std::string name, std::string comment, std::vector<std::string> expect,
               std::function<void(CertificatePlan&)> damage) {
  return Damage(std::move(name), std::move(comment), std::move(expect), [damage](World& w) {
    CertificatePlan plan = w.ResponderPlan("intermediate");
    damage(plan);
    w.SignBy(w.signer_staple(), w.Issue(plan, w.intermediate), plan.key);
  });
}

// Responders of one name, of which the last one signs the signer's staple.
void SignByLastOfName(World& w, std::int64_t count) {
  const CertificatePlan good = w.ResponderPlan("intermediate");
  X509* responder = w.Issue(good, w.intermediate);
  w.SignBy(w.signer_staple(), responder, good.key);
  std::vector<X509*> included;
  for (std::int64_t serial = 100; serial < 100 + count - 1; ++serial) {
    CertificatePlan old = good;
    old.key = "stranger";
    old.spec.serial = serial;
    included.push_back(w.Issue(old, w.intermediate));
  }
  included.push_back(responder);
  w.signer_staple().spec.included_certificates = included;
}

std::vector<Case> DelegatedCases() {
  const auto as_it_is = [](CertificatePlan&) {};
  std::vector<Case> cases = {
      Responder("responder-good", "A responder answers for the issuer.", Accept(), as_it_is),
      Responder("responder-without-usage", "The responder may not answer.", kUnauthorized,
                [](CertificatePlan& r) { r.spec.extended_key_usages = {}; }),
      Responder("responder-of-other-usage", "The responder is a web server.", kUnauthorized,
                [](CertificatePlan& r) { r.spec.extended_key_usages = {"serverAuth"}; }),
      Responder("responder-of-any-usage", "Any usage is not the one that is asked for.",
                kUnauthorized,
                [](CertificatePlan& r) { r.spec.extended_key_usages = {"anyExtendedKeyUsage"}; }),
      Responder("responder-may-not-sign", "The responder's key usage is not to sign.",
                kUnauthorized, [](CertificatePlan& r) { r.spec.key_usage = KU_KEY_ENCIPHERMENT; }),
      Responder("responder-without-key-usage", "The responder's key has no stated usage.", Accept(),
                [](CertificatePlan& r) { r.spec.key_usage.reset(); }),
      Responder("responder-expired", "The responder expired a second ago.", kUnauthorized,
                [](CertificatePlan& r) { r.spec.not_after = kNow - 1; }),
      Responder("responder-expires-now", "The responder expires at this very second.",
                kUnauthorized, [](CertificatePlan& r) { r.spec.not_after = kNow; }),
      Responder("responder-expires-soon", "The responder expires in a second.", Accept(),
                [](CertificatePlan& r) { r.spec.not_after = kNow + 1; }),
      Responder("responder-just-valid", "The responder is valid from now on.", Accept(),
                [](CertificatePlan& r) { r.spec.not_before = kNow; }),
      Responder("responder-not-yet-valid", "The responder becomes valid in a second.",
                kUnauthorized, [](CertificatePlan& r) { r.spec.not_before = kNow + 1; }),
      Responder("responder-by-stranger", "The issuer did not sign the responder.", kUnauthorized,
                [](CertificatePlan& r) { r.signed_by = "stranger"; }),
      Responder("responder-rsa1024", "The responder's key has 1024 bits.", kUnauthorized,
                [](CertificatePlan& r) { r.key = "rsa1024"; }),
      Responder("responder-over-sha1", "The responder is signed over SHA-1.", kUnauthorized,
                [](CertificatePlan& r) { r.spec.digest = EVP_sha1(); }),
      Responder("responder-of-unknown-extension",
                "The responder has a critical extension of no known kind.", kUnauthorized,
                [](CertificatePlan& r) {
                  r.spec.extra_extensions = {{"1.3.6.1.4.1.99999.1", "\x05", true}};
                }),
  };
  cases.push_back(Damage("responder-of-root",
                         "The root's responder answers in the intermediate's place.", kUnauthorized,
                         [](World& w) {
                           const CertificatePlan plan = w.ResponderPlan("root");
                           w.SignBy(w.signer_staple(), w.Issue(plan, w.root), plan.key);
                         }));
  cases.push_back(Damage("responder-for-intermediate", "The root's responder answers for it.",
                         Accept(), [](World& w) {
                           const CertificatePlan plan = w.ResponderPlan("root");
                           w.SignBy(w.intermediate_staple(), w.Issue(plan, w.root), plan.key);
                         }));
  cases.push_back(Damage("responder-left-out", "The responder's certificate does not come along.",
                         kUnauthorized, [](World& w) {
                           const CertificatePlan plan = w.ResponderPlan("intermediate");
                           w.SignBy(w.signer_staple(), w.Issue(plan, w.intermediate), plan.key);
                           w.signer_staple().spec.included_certificates = {};
                         }));
  cases.push_back(Damage("responder-by-key", "The staple names its responder by the key.", Accept(),
                         [](World& w) {
                           const CertificatePlan plan = w.ResponderPlan("intermediate");
                           w.SignBy(w.signer_staple(), w.Issue(plan, w.intermediate), plan.key);
                           w.signer_staple().spec.name_responder_by_key = true;
                         }));
  return cases;
}

// Several certificates bear the name that the staple gives: each is tried by itself.
std::vector<Case> SameNameCases() {
  return {
      Damage("responder-rekeyed-old-first", "The responder's old certificate comes first.",
             Accept(),
             [](World& w) {
               CertificatePlan old = w.ResponderPlan("intermediate");
               old.key = "stranger";
               const CertificatePlan now = w.ResponderPlan("intermediate");
               X509* responder = w.Issue(now, w.intermediate);
               w.SignBy(w.signer_staple(), responder, now.key);
               w.signer_staple().spec.included_certificates = {w.Issue(old, w.intermediate),
                                                               responder};
             }),
      Damage("responder-of-issuers-name", "The responder bears the issuer's own name.", Accept(),
             [](World& w) {
               CertificatePlan plan = w.ResponderPlan("intermediate");
               plan.spec.common_names = w.plan.intermediate.spec.common_names;
               plan.spec.organization = w.plan.intermediate.spec.organization;
               plan.spec.organizational_unit = w.plan.intermediate.spec.organizational_unit;
               w.SignBy(w.signer_staple(), w.Issue(plan, w.intermediate), plan.key);
             }),
      Damage("responder-same-name-neither", "Neither certificate of the name signed the staple.",
             {"staple-signature-invalid"},
             [](World& w) {
               CertificatePlan old = w.ResponderPlan("intermediate");
               old.key = "stranger";
               const CertificatePlan now = w.ResponderPlan("intermediate");
               X509* responder = w.Issue(now, w.intermediate);
               w.SignBy(w.signer_staple(), responder, now.key);
               w.signer_staple().spec.included_certificates = {w.Issue(old, w.intermediate),
                                                               responder};
               w.signer_staple().spec.break_signature = true;
             }),
      Damage("responder-same-name-unauthorized", "Who signed has the name, but may not answer.",
             {"staple-signature-invalid"},
             [](World& w) {
               CertificatePlan other = w.ResponderPlan("intermediate");
               other.key = "stranger";
               other.spec.extended_key_usages = {"serverAuth"};
               X509* unauthorized = w.Issue(other, w.intermediate);
               w.SignBy(w.signer_staple(), unauthorized, other.key);
               const CertificatePlan good = w.ResponderPlan("intermediate");
               w.signer_staple().spec.included_certificates = {unauthorized,
                                                               w.Issue(good, w.intermediate)};
             }),
      Damage("responder-eighth-of-a-name", "Eight certificates have the name; the last signed.",
             Accept(), [](World& w) { SignByLastOfName(w, 8); }),
      Damage("responder-ninth-of-a-name", "One certificate more has the name than is tried.",
             {"staple-signature-invalid"}, [](World& w) { SignByLastOfName(w, 9); }),
      Case{"staple-by-issuer-without-usage",
           "An issuer answers for what it issued, whatever its key usage says.", Accept(),
           [](ChainPlan& p) { p.intermediate.spec.key_usage = KU_KEY_CERT_SIGN; }},
  };
}

}  // namespace

std::vector<Case> ResponderCases() {
  std::vector<Case> cases = DelegatedCases();
  for (Case& row : SameNameCases()) cases.push_back(std::move(row));
  return cases;
}

}  // namespace eic::testkit
