// The signer's certificate: doc/design.md step 7.
#include <openssl/pem.h>

#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

constexpr const char* kName = "managed-ssh-signer.us-west-2.amazonaws.com";

Case Signer(std::string name, std::string comment, std::vector<std::string> expect,
            std::function<void(CertificatePlan&)> damage) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.plan = [damage](ChainPlan& plan) { damage(plan.signer); };
  return row;
}

Case CommonNames(std::string name, std::string comment, std::string reason,
                 std::vector<std::string> common_names, bool in_one_rdn = false) {
  return Signer(std::move(name), std::move(comment), {std::move(reason)},
                [common_names, in_one_rdn](CertificatePlan& signer) {
                  signer.spec.common_names = common_names;
                  signer.spec.common_names_in_one_rdn = in_one_rdn;
                });
}

std::vector<Case> NameCases() {
  const std::string mismatch = "signer-name-mismatch";
  const std::string not_unique = "signer-name-not-unique";
  std::vector<Case> cases = {
      CommonNames("lesson-two-common-names", "The last of two common names is the right one.",
                  not_unique, {"evil.example", kName}),
      CommonNames("signer-first-of-two-names", "The first of two common names is the right one.",
                  not_unique, {kName, "evil.example"}),
      CommonNames("signer-same-name-twice", "Both common names are the right one.", not_unique,
                  {kName, kName}),
      CommonNames("signer-names-in-one-rdn", "Two common names share a part of the subject.",
                  not_unique, {"evil.example", kName}, true),
      CommonNames("signer-without-name", "The signer has no common name.", not_unique, {}),
      CommonNames("signer-name-nul", "The common name goes on after a NUL.", mismatch,
                  {std::string(kName) + std::string("\0.evil.example", 14)}),
      CommonNames("signer-name-suffix", "The common name goes on.", mismatch,
                  {std::string(kName) + ".evil.example"}),
      CommonNames("signer-name-prefix", "The common name begins with more.", mismatch,
                  {std::string("evil.") + kName}),
      CommonNames("signer-name-upper-case", "The common name is in upper case.", mismatch,
                  {"MANAGED-SSH-SIGNER.US-WEST-2.AMAZONAWS.COM"}),
      CommonNames("signer-name-blank", "The common name ends in a blank.", mismatch,
                  {std::string(kName) + " "}),
      CommonNames("signer-name-dot", "The common name ends in a dot.", mismatch,
                  {std::string(kName) + "."}),
      CommonNames("signer-name-wildcard", "The common name is a pattern.", mismatch,
                  {"managed-ssh-signer.*.amazonaws.com"}),
      CommonNames("signer-name-of-website", "The signer is another of the authority's.", mismatch,
                  {"www.example.com"}),
      CommonNames("signer-of-other-region", "The signer is that of another region.", mismatch,
                  {"managed-ssh-signer.us-west-1.amazonaws.com"}),
      CommonNames("signer-of-other-partition", "The signer is that of another partition.", mismatch,
                  {"managed-ssh-signer.us-west-2.amazonaws.com.cn"}),
      Signer("signer-name-in-other-attribute", "The right name is no common name.", {not_unique},
             [](CertificatePlan& signer) {
               signer.spec.common_names = {};
               signer.spec.organizational_unit = kName;
             }),
      Signer("signer-name-in-alternative-name", "The right name is an alternative one only.",
             {mismatch},
             [](CertificatePlan& signer) { signer.spec.common_names = {"evil.example"}; }),
      Signer("signer-without-alternative-name", "No alternative name is asked for.", Accept(),
             [](CertificatePlan& signer) { signer.spec.dns_names = {}; }),
  };
  return cases;
}

std::vector<Case> UseCases() {
  const std::string is_ca = "signer-is-ca";
  return {
      Signer("signer-is-ca", "The signer may issue certificates.", {is_ca},
             [](CertificatePlan& signer) {
               signer.spec.basic_constraints = issuer::BasicConstraints::kCa;
               signer.spec.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN;
             }),
      Signer("signer-is-ca-of-no-usage", "The signer is a CA, whatever its key usage says.",
             {is_ca},
             [](CertificatePlan& signer) {
               signer.spec.basic_constraints = issuer::BasicConstraints::kCa;
             }),
      Signer("signer-signs-certificates", "Only its key usage says that the signer is a CA.",
             {is_ca},
             [](CertificatePlan& signer) {
               signer.spec.basic_constraints = issuer::BasicConstraints::kNone;
               signer.spec.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN;
             }),
      Signer("signer-without-constraints", "The signer does not say whether it is a CA.", Accept(),
             [](CertificatePlan& signer) {
               signer.spec.basic_constraints = issuer::BasicConstraints::kNone;
             }),
      Signer("signer-for-servers", "No extended key usage is asked for, and none disturbs.",
             Accept(),
             [](CertificatePlan& signer) { signer.spec.extended_key_usages = {"serverAuth"}; }),
      Signer("signer-of-unknown-extension", "The signer has a critical extension of no known kind.",
             {"chain-invalid"},
             [](CertificatePlan& signer) {
               signer.spec.extra_extensions = {{"1.3.6.1.4.1.99999.1", "\x05", true}};
             }),
      Signer("signer-may-not-sign", "The signer's key usage is not to sign.",
             {"signer-key-unsuitable"},
             [](CertificatePlan& signer) { signer.spec.key_usage = KU_KEY_ENCIPHERMENT; }),
      Signer("signer-signs-promises", "The signer's key usage is non-repudiation alone.",
             {"signer-key-unsuitable"},
             [](CertificatePlan& signer) { signer.spec.key_usage = KU_NON_REPUDIATION; }),
      Signer("signer-may-not-sign-uncritical", "The usage counts, critical or not.",
             {"signer-key-unsuitable"},
             [](CertificatePlan& signer) {
               signer.spec.key_usage = KU_KEY_ENCIPHERMENT;
               signer.spec.key_usage_critical = false;
             }),
      Signer("signer-without-key-usage", "The signer's key has no stated usage.", Accept(),
             [](CertificatePlan& signer) { signer.spec.key_usage.reset(); }),
      Signer("signer-also-encrypts", "The signer may sign, and more.", Accept(),
             [](CertificatePlan& signer) {
               signer.spec.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT;
             }),
      Signer("signer-rsa1024", "The signer's key has 1024 bits.", {"signer-key-unsuitable"},
             [](CertificatePlan& signer) { signer.key = "rsa1024"; }),
      Signer("signer-ecdsa", "The signer's key is on a curve.", {"signer-key-unsuitable"},
             [](CertificatePlan& signer) { signer.key = "user-ecdsa256"; }),
      Signer("signer-ed25519", "The signer's key is Ed25519.", {"signer-key-unsuitable"},
             [](CertificatePlan& signer) { signer.key = "user-ed25519-b"; }),
      Signer("signer-rsa4096", "The signer's key has 4096 bits.", Accept(),
             [](CertificatePlan& signer) { signer.key = "user-rsa4096"; }),
  };
}

std::vector<Case> ValidityCases() {
  return {
      Signer("signer-expired", "The signer expired a second ago.", {"certificate-expired"},
             [](CertificatePlan& signer) { signer.spec.not_after = kNow - 1; }),
      Signer("signer-expires-now", "The signer expires at this very second.",
             {"certificate-expired"},
             [](CertificatePlan& signer) { signer.spec.not_after = kNow; }),
      Signer("signer-expires-soon", "The signer expires in a second.", Accept(),
             [](CertificatePlan& signer) { signer.spec.not_after = kNow + 1; }),
      Signer("signer-not-yet-valid", "The signer becomes valid in a second.",
             {"certificate-not-yet-valid"},
             [](CertificatePlan& signer) { signer.spec.not_before = kNow + 1; }),
      Signer("signer-just-valid", "The signer is valid from now on.", Accept(),
             [](CertificatePlan& signer) { signer.spec.not_before = kNow; }),
  };
}

}  // namespace

std::vector<Case> SignerCases() {
  std::vector<Case> cases;
  for (const auto& make : {NameCases, UseCases, ValidityCases}) {
    for (Case& row : make()) cases.push_back(std::move(row));
  }
  return cases;
}

}  // namespace eic::testkit
