// The way from the signer to an anchor: doc/design.md step 7.
#include "core/base64.h"
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

const std::vector<std::string> kUntrusted = {"chain-untrusted"};
const std::vector<std::string> kInvalid = {"chain-invalid"};
const std::vector<std::string> kMalformed = {"chain-malformed"};

Case Plan(std::string name, std::string comment, std::vector<std::string> expect,
          std::function<void(ChainPlan&)> damage) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.plan = std::move(damage);
  return row;
}

Case Text(std::string name, std::string comment, std::vector<std::string> expect,
          std::function<void(std::string&)> damage) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.served = [damage](ServedEvidence& evidence) { damage(evidence.signer_cert); };
  return row;
}

std::string Pem(std::string_view label, std::string_view der) {
  const std::string base64 = EncodeBase64(der);
  std::string pem = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < base64.size(); at += 64) pem += base64.substr(at, 64) + '\n';
  return pem + "-----END " + std::string(label) + "-----\n";
}

std::vector<Case> ServedCases() {
  return {
      Damage("chain-root-not-served", "The anchor itself need not be served.", Accept(),
             [](World& w) {
               w.served = {w.signer, w.intermediate};
             }),
      Damage("chain-out-of-order", "The signer's issuers come in any order.", Accept(),
             [](World& w) {
               w.served = {w.signer, w.root, w.intermediate};
             }),
      Damage("chain-signer-not-first", "An issuer comes before the signer.",
             {"signer-name-mismatch"},
             [](World& w) {
               w.served = {w.intermediate, w.signer, w.root};
             }),
      Damage("chain-signer-twice", "The signer is served twice.", Accept(),
             [](World& w) {
               w.served = {w.signer, w.signer, w.intermediate};
             }),
      Damage("chain-with-unrelated", "A certificate of somebody else comes along.", Accept(),
             [](World& w) {
               CertificatePlan other{issuer::RootSpec(kNow), "stranger", "stranger"};
               other.spec.common_names = {"Somebody else"};
               w.served.push_back(w.Issue(other, nullptr));
             }),
      Damage("chain-intermediate-missing", "The intermediate is not served.", kUntrusted,
             [](World& w) {
               w.served = {w.signer, w.root};
             }),
      Damage("chain-eight-certificates", "The chain has as many certificates as are read.",
             Accept(),
             [](World& w) {
               while (w.served.size() < 8) w.served.push_back(w.root);
             }),
      Damage("chain-nine-certificates", "The chain has one certificate more than is read.",
             {"chain-too-long"},
             [](World& w) {
               while (w.served.size() < 9) w.served.push_back(w.root);
             }),
      Text("chain-empty", "No certificate is served.", kMalformed,
           [](std::string& pem) { pem.clear(); }),
      Text("chain-no-pem", "What is served is a page in HTML.", kMalformed,
           [](std::string& pem) { pem = "<html>\n</html>\n"; }),
      Text("chain-text-between", "Words stand between the certificates.", Accept(),
           [](std::string& pem) {
             pem = "the signer\n" + pem;
             const std::size_t second = pem.rfind("-----BEGIN");
             pem.insert(second, "\nthe root\n");
           }),
      Text("chain-truncated", "The chain breaks off inside its last certificate.", kMalformed,
           [](std::string& pem) { pem.resize(pem.size() - 100); }),
      Text("chain-rubbish-inside", "A certificate holds what is not base64.", kMalformed,
           [](std::string& pem) { pem[60] = '!'; }),
      Text("chain-bytes-after-certificate", "Bytes follow inside a certificate's block.",
           kMalformed,
           [](std::string& pem) {
             const auto signer = issuer::ParseCertificatePem(pem);
             pem = Pem("CERTIFICATE", issuer::CertificateDer(signer.get()) + "x");
           }),
      Text("chain-trusted-certificate", "A block would bring trust settings of its own.",
           kMalformed,
           [](std::string& pem) {
             const auto signer = issuer::ParseCertificatePem(pem);
             pem += Pem("TRUSTED CERTIFICATE", issuer::CertificateDer(signer.get()));
           }),
      Text("chain-other-label", "A block is no certificate.", kMalformed,
           [](std::string& pem) { pem += Pem("X509 CRL", "no list"); }),
      Text("chain-too-large", "The chain has more than 64 KiB.", {"imds-response-too-large"},
           [](std::string& pem) { pem.append(64 * 1024 + 1 - pem.size(), '\n'); }),
      Text("chain-largest", "The chain has 64 KiB.", Accept(),
           [](std::string& pem) { pem.append(64 * 1024 - pem.size(), '\n'); }),
  };
}

// What metadata serves is never an anchor.
std::vector<Case> AnchorCases() {
  return {
      Damage("lesson-served-root-is-no-anchor", "A whole chain of another authority is served.",
             kUntrusted,
             [](World& w) {
               CertificatePlan other{issuer::RootSpec(kNow), "stranger", "stranger"};
               other.spec.common_names = {"Another root"};
               w.anchors = {w.Issue(other, nullptr)};
             }),
      Damage("chain-signer-self-signed", "The signer is self-signed.", kUntrusted,
             [](World& w) {
               CertificatePlan itself = w.plan.signer;
               itself.signed_by = "signer";
               w.served = {w.Issue(itself, nullptr)};
             }),
      Damage("chain-anchors-name-own-key", "A self-signed root has the anchor's name.", kUntrusted,
             [](World& w) {
               X509* fake = w.Issue({w.plan.root.spec, "stranger", "stranger"}, nullptr);
               CertificatePlan issued = w.plan.intermediate;
               issued.signed_by = "stranger";
               X509* between = w.Issue(issued, fake);
               w.served = {w.signer, between, fake};
               w.staples[1] = w.StapleFor(between, fake, "stranger");
             }),
      Damage("chain-anchors-name-wrong-signature", "The anchor did not sign what names it.",
             kInvalid,
             [](World& w) {
               CertificatePlan issued = w.plan.intermediate;
               issued.signed_by = "stranger";
               w.served = {w.signer, w.Issue(issued, w.root), w.root};
             }),
      Damage("chain-signer-is-anchor", "The store holds the signer, and nothing above it.",
             kUntrusted, [](World& w) { w.anchors = {w.signer}; }),
      Damage("chain-self-signed-signer-is-anchor", "The store holds the signer, self-signed.",
             kUntrusted,
             [](World& w) {
               CertificatePlan itself = w.plan.signer;
               itself.signed_by = "signer";
               w.anchors = {w.Issue(itself, nullptr)};
               w.served = w.anchors;
             }),
      Damage("chain-signer-signature-broken", "The signer's signature is damaged.", kInvalid,
             [](World& w) { w.served[0] = w.Break(w.signer); }),
      Damage("chain-intermediate-signature-broken", "The intermediate's signature is damaged.",
             kInvalid,
             [](World& w) {
               w.served = {w.signer, w.Break(w.intermediate), w.root};
             }),
      Plan("chain-signer-by-stranger", "The intermediate did not sign the signer.", kInvalid,
           [](ChainPlan& p) { p.signer.signed_by = "stranger"; }),
  };
}

std::vector<Case> IssuerCases() {
  const std::vector<std::string> weak = {"certificate-weak"};
  return {
      Plan("chain-intermediate-no-ca", "The intermediate is no CA.", kInvalid,
           [](ChainPlan& p) {
             p.intermediate.spec.basic_constraints = issuer::BasicConstraints::kNotCa;
             p.intermediate.spec.path_length.reset();
           }),
      Plan("chain-intermediate-without-constraints", "Nothing says that the intermediate is a CA.",
           kInvalid,
           [](ChainPlan& p) {
             p.intermediate.spec.basic_constraints = issuer::BasicConstraints::kNone;
           }),
      Plan("chain-intermediate-version-1", "The intermediate is an X.509 v1 certificate.", kInvalid,
           [](ChainPlan& p) { p.intermediate.spec.version_1 = true; }),
      Damage("chain-path-length", "The path is longer than an issuer allows.", kInvalid,
             [](World& w) {
               CertificatePlan below = w.plan.intermediate;
               below.spec.common_names = {"Throw-away second intermediate"};
               below.key = "responder";
               below.signed_by = "intermediate";
               CertificatePlan leaf = w.plan.signer;
               leaf.signed_by = "responder";
               X509* second = w.Issue(below, w.intermediate);
               X509* signer = w.Issue(leaf, second);
               w.served = {signer, second, w.intermediate, w.root};
               w.staples[0] = w.StapleFor(signer, second, "responder");
               w.staples.push_back(w.StapleFor(second, w.intermediate, "intermediate"));
             }),
      Plan("chain-intermediate-expired", "The intermediate expired a second ago.",
           {"certificate-expired"}, [](ChainPlan& p) { p.intermediate.spec.not_after = kNow - 1; }),
      Plan("chain-intermediate-not-yet-valid", "The intermediate becomes valid in a second.",
           {"certificate-not-yet-valid"},
           [](ChainPlan& p) { p.intermediate.spec.not_before = kNow + 1; }),
      Plan("chain-root-expired", "The anchor expired a second ago.", {"certificate-expired"},
           [](ChainPlan& p) { p.root.spec.not_after = kNow - 1; }),
      Plan("chain-intermediate-rsa1024", "The intermediate's key has 1024 bits.", weak,
           [](ChainPlan& p) {
             p.intermediate.key = "rsa1024";
             p.signer.signed_by = "rsa1024";
           }),
      Plan("chain-signer-over-sha1", "The signer is signed over SHA-1.", weak,
           [](ChainPlan& p) { p.signer.spec.digest = EVP_sha1(); }),
      Plan("chain-intermediate-over-sha1", "The intermediate is signed over SHA-1.", weak,
           [](ChainPlan& p) { p.intermediate.spec.digest = EVP_sha1(); }),
      Plan("chain-root-over-sha1", "How an anchor signed itself does not matter.", Accept(),
           [](ChainPlan& p) { p.root.spec.digest = EVP_sha1(); }),
      Plan("chain-issuers-on-curve", "The signer's issuers have keys on a curve.", Accept(),
           [](ChainPlan& p) {
             p.root.key = p.root.signed_by = p.intermediate.signed_by = "root-ec";
             p.intermediate.key = p.signer.signed_by = "intermediate-ec";
           }),
  };
}

std::vector<Case> CrossSignedCases() {
  return {
      Damage("chain-cross-signed-root", "A path that could go on over a cross-signed root ends.",
             Accept(),
             [](World& w) {
               X509* old_root = nullptr;
               X509* crossed = CrossSign(w, old_root);
               w.served = {w.signer, w.intermediate, crossed, old_root};
               w.anchors = {old_root, w.root};
             }),
      Damage("chain-over-cross-signed-root", "Only the old root is an anchor.", Accept(),
             [](World& w) {
               X509* old_root = nullptr;
               X509* crossed = CrossSign(w, old_root);
               w.served = {w.signer, w.intermediate, crossed, old_root};
               w.anchors = {old_root};
               w.staples.push_back(w.StapleFor(crossed, old_root, "old-root"));
             }),
      Damage("chain-cross-signed-root-unstapled", "The cross-signed root needs a staple, too.",
             {"staple-missing"},
             [](World& w) {
               X509* old_root = nullptr;
               X509* crossed = CrossSign(w, old_root);
               w.served = {w.signer, w.intermediate, crossed};
               w.anchors = {old_root};
             }),
  };
}

}  // namespace

std::vector<Case> ChainCases() {
  std::vector<Case> cases;
  for (const auto& make : {ServedCases, AnchorCases, IssuerCases, CrossSignedCases}) {
    for (Case& row : make()) cases.push_back(std::move(row));
  }
  return cases;
}

}  // namespace eic::testkit
