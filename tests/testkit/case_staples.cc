// Staples: doc/design.md step 8.
#include "core/base64.h"
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

using issuer::CertificateStatus;

const std::vector<std::string> kUnauthorized = {"staple-responder-unauthorized"};
const std::vector<std::string> kMissing = {"staple-missing"};
const std::vector<std::string> kMalformed = {"staple-malformed"};

std::vector<Case> StatusCases() {
  const std::vector<std::string> revoked = {"certificate-revoked"};
  return {
      Staple("staple-signer-revoked", "The signer is revoked.", revoked,
             [](StapleDraft& d) { d.word().status = CertificateStatus::kRevoked; }),
      Damage("staple-intermediate-revoked", "The intermediate is revoked.", revoked,
             [](World& w) { w.intermediate_staple().word().status = CertificateStatus::kRevoked; }),
      Staple("staple-revoked-and-stale", "The signer was revoked long ago.", revoked,
             [](StapleDraft& d) {
               d.word().status = CertificateStatus::kRevoked;
               d.word().this_update = Instant(1000000000);
               d.word().next_update = Instant(1000000600);
             }),
      Staple("staple-unknown", "The authority does not know the signer.", {"staple-status-unknown"},
             [](StapleDraft& d) { d.word().status = CertificateStatus::kUnknown; }),
      Staple("staple-good-and-revoked", "One word is good and another revoked.", revoked,
             [](StapleDraft& d) {
               d.spec.responses.push_back(d.word());
               d.spec.responses.back().status = CertificateStatus::kRevoked;
             }),
      Staple("staple-revoked-and-good", "One word is revoked and another good.", revoked,
             [](StapleDraft& d) {
               d.spec.responses.push_back(d.word());
               d.word().status = CertificateStatus::kRevoked;
             }),
      Staple("staple-good-and-unknown", "One word is good and another unknown.",
             {"staple-status-unknown"},
             [](StapleDraft& d) {
               d.spec.responses.push_back(d.word());
               d.spec.responses.back().status = CertificateStatus::kUnknown;
             }),
      Staple("staple-good-and-stale", "One word is good and another stale.", {"staple-stale"},
             [](StapleDraft& d) {
               d.spec.responses.push_back(d.word());
               d.spec.responses.back().next_update = kNow - 3000;
             }),
      Staple("staple-good-and-other-revoked", "Another certificate is revoked.", Accept(),
             [](StapleDraft& d) {
               d.spec.responses.push_back(d.word());
               d.spec.responses.back().serial = 4;
               d.spec.responses.back().status = CertificateStatus::kRevoked;
             }),
  };
}

std::vector<Case> FreshnessCases() {
  const auto updates = [](std::string name, std::string comment, std::vector<std::string> expect,
                          Instant this_update, std::optional<Instant> next_update) {
    return Staple(std::move(name), std::move(comment), std::move(expect),
                  [this_update, next_update](StapleDraft& d) {
                    d.word().this_update = this_update;
                    d.word().next_update = next_update;
                  });
  };
  return {
      updates("staple-stale", "The staple's next update is past by more than clocks differ.",
              {"staple-stale"}, kNow - 7200, kNow - 3600),
      updates("staple-stale-by-300", "Clocks may differ by less than 300 seconds.",
              {"staple-stale"}, kNow - 7200, kNow - 300),
      updates("staple-stale-by-299", "The staple's next update was 299 seconds ago.", Accept(),
              kNow - 7200, kNow - 299),
      updates("staple-future", "The staple is from the future.", {"staple-from-future"},
              kNow + 3600, kNow + 7200),
      updates("staple-future-by-301", "The staple begins in 301 seconds.", {"staple-from-future"},
              kNow + 301, kNow + 7200),
      updates("staple-future-by-300", "The staple begins in 300 seconds.", Accept(), kNow + 300,
              kNow + 7200),
      updates("staple-without-next-update", "The staple does not say until when it holds.",
              {"staple-no-next-update"}, kNow - 3600, std::nullopt),
  };
}

// RFC 6960 section 4.4: what is critical and not understood voids what it stands in.
std::vector<Case> ExtensionCases() {
  const std::vector<std::string> unknown = {"staple-extension-unknown"};
  const issuer::ExtraExtension critical{"1.3.6.1.4.1.99999.1", std::string("\x05\x00", 2), true};
  const issuer::ExtraExtension plain{"1.3.6.1.4.1.99999.1", std::string("\x05\x00", 2), false};
  const issuer::ExtraExtension nonce{"1.3.6.1.5.5.7.48.1.2", "\x04\x04word", true};
  return {
      Staple("staple-extension-critical", "The response has a critical extension of no known kind.",
             unknown, [=](StapleDraft& d) { d.spec.extensions = {critical}; }),
      Staple("staple-extension-plain", "An extension that is not critical may be ignored.",
             Accept(), [=](StapleDraft& d) { d.spec.extensions = {plain}; }),
      Staple("staple-extension-second", "The second extension is the critical one.", unknown,
             [=](StapleDraft& d) {
               d.spec.extensions = {plain, critical};
             }),
      Staple("staple-extension-nonce", "A critical nonce answers a question that nobody asked.",
             unknown, [=](StapleDraft& d) { d.spec.extensions = {nonce}; }),
      Staple("staple-word-critical", "A word has a critical extension of no known kind.", unknown,
             [=](StapleDraft& d) { d.word().extensions = {critical}; }),
      Staple("staple-word-plain", "A word's extension that is not critical may be ignored.",
             Accept(), [=](StapleDraft& d) { d.word().extensions = {plain}; }),
      Staple("staple-other-word-critical", "The word with the extension is about another.",
             Accept(),
             [=](StapleDraft& d) {
               d.spec.responses.push_back(d.word());
               d.spec.responses.back().serial = 4;
               d.spec.responses.back().extensions = {critical};
             }),
      Staple("staple-second-word-critical", "The second word about the signer has the extension.",
             unknown,
             [=](StapleDraft& d) {
               d.spec.responses.push_back(d.word());
               d.spec.responses.back().extensions = {critical};
             }),
      Staple("staple-extension-and-revoked", "A revocation counts under whatever extension.",
             {"certificate-revoked"},
             [=](StapleDraft& d) {
               d.spec.extensions = {critical};
               d.word().status = CertificateStatus::kRevoked;
             }),
      Staple("staple-word-critical-and-revoked", "A word revokes, whatever its extension means.",
             {"certificate-revoked"},
             [=](StapleDraft& d) {
               d.word().extensions = {critical};
               d.word().status = CertificateStatus::kRevoked;
             }),
  };
}

std::vector<Case> AboutCases() {
  const std::vector<std::string> other = {"staple-other-certificate"};
  const auto with_id = [](std::string name, std::string comment, std::vector<std::string> expect,
                          const EVP_MD* digest) {
    return Staple(std::move(name), std::move(comment), std::move(expect),
                  [digest](StapleDraft& d) { d.word().certificate_id_digest = digest; });
  };
  return {
      Staple("staple-other-serial", "The staple is about another serial.", other,
             [](StapleDraft& d) { d.word().serial = 4; }),
      Damage("staple-other-issuer", "The staple is about the same serial of another issuer.", other,
             [](World& w) { w.signer_staple().word().issuer = w.root; }),
      Damage("staple-other-issuer-key", "The staple's issuer has the name, but another key.", other,
             [](World& w) {
               w.signer_staple().word().issuer =
                   w.Issue({w.plan.intermediate.spec, "stranger", "root"}, w.root);
             }),
      with_id("staple-id-sha256", "The staple names its certificate by SHA-256.", Accept(),
              EVP_sha256()),
      with_id("staple-id-sha384", "The staple names its certificate by SHA-384.", Accept(),
              EVP_sha384()),
      with_id("staple-id-md5", "The staple names its certificate by MD5.", other, EVP_md5()),
      Damage("staple-of-intermediate-only", "Nobody vouches for the signer.", kMissing,
             [](World& w) { w.staples.erase(w.staples.begin()); }),
      Damage("staple-of-signer-only", "Nobody vouches for the intermediate.", kMissing,
             [](World& w) { w.staples.pop_back(); }),
      Damage("staple-one-for-both", "One staple vouches for the signer, the other one, too.",
             {"staple-other-certificate"},
             [](World& w) { w.intermediate_staple().spec = w.signer_staple().spec; }),
      Damage("staple-names-swapped", "The names are labels: each staple is heard.", Accept(),
             [](World& w) { std::swap(w.staples[0].name, w.staples[1].name); }),
      Damage("staple-names-sha256", "The staples are named by SHA-256.", Accept(),
             [](World& w) {
               w.staples[0].name = issuer::Sha256Name(w.signer);
               w.staples[1].name = issuer::Sha256Name(w.intermediate);
             }),
      Staple("staple-nothing-in-it", "The staple says nothing.", other,
             [](StapleDraft& d) { d.spec.responses.clear(); }),
      Staple("staple-64-words", "The staple has 64 single responses.", Accept(),
             [](StapleDraft& d) {
               while (d.spec.responses.size() < 64) d.spec.responses.push_back(d.word());
             }),
      Staple("staple-65-words", "The staple has one single response more than is read.", kMalformed,
             [](StapleDraft& d) {
               while (d.spec.responses.size() < 65) d.spec.responses.push_back(d.word());
             }),
  };
}

std::vector<Case> SignatureCases() {
  return {
      Staple("staple-signature-broken", "The staple's signature is damaged.",
             {"staple-signature-invalid"}, [](StapleDraft& d) { d.spec.break_signature = true; }),
      Damage("staple-by-stranger-as-issuer", "A stranger signed the staple in the issuer's name.",
             {"staple-signature-invalid"},
             [](World& w) {
               X509* fake = w.Issue({w.plan.intermediate.spec, "stranger", "stranger"}, nullptr);
               w.SignBy(w.signer_staple(), fake, "stranger");
             }),
      Damage("lesson-staple-by-unverified-issuer",
             "A served certificate with the anchor's name signed the intermediate's staple.",
             {"staple-signature-invalid"},
             [](World& w) {
               X509* fake = w.Issue({w.plan.root.spec, "stranger", "stranger"}, nullptr);
               w.served.push_back(fake);
               w.SignBy(w.intermediate_staple(), fake, "stranger");
             }),
      Damage("staple-by-stranger", "A stranger signed the staple.", kUnauthorized,
             [](World& w) {
               CertificatePlan other = w.ResponderPlan("stranger");
               other.key = "stranger";
               w.SignBy(w.signer_staple(), w.Issue(other, nullptr), "stranger");
             }),
      Damage("staple-by-signer", "The signer vouches for itself.", kUnauthorized,
             [](World& w) { w.SignBy(w.signer_staple(), w.signer, "signer"); }),
      Case{"staple-by-signer-with-usage", "The signer may answer, but not for itself.",
           kUnauthorized, [](ChainPlan& p) { p.signer.spec.extended_key_usages = {"OCSPSigning"}; },
           [](World& w) { w.SignBy(w.signer_staple(), w.signer, "signer"); }},
      Damage("staple-by-issuers-issuer", "The root answers in the intermediate's place.",
             kUnauthorized, [](World& w) { w.SignBy(w.signer_staple(), w.root, "root"); }),
      Staple("staple-over-sha1", "The staple is signed over SHA-1.", {"staple-weak-signature"},
             [](StapleDraft& d) { d.spec.digest = EVP_sha1(); }),
      Staple("staple-over-sha512", "The staple is signed over SHA-512.", Accept(),
             [](StapleDraft& d) { d.spec.digest = EVP_sha512(); }),
      Staple("staple-over-pss", "The staple is signed by RSASSA-PSS over SHA-256.", Accept(),
             [](StapleDraft& d) { d.spec.pss_padding = true; }),
      Staple("staple-over-pss-sha1", "The staple is signed by RSASSA-PSS over SHA-1.",
             {"staple-weak-signature"},
             [](StapleDraft& d) {
               d.spec.pss_padding = true;
               d.spec.digest = EVP_sha1();
             }),
      Staple("staple-issuer-by-key", "The staple names its issuer by the key.", Accept(),
             [](StapleDraft& d) { d.spec.name_responder_by_key = true; }),
      Damage("staple-with-issuer", "The staple brings its issuer's certificate.", Accept(),
             [](World& w) { w.SignBy(w.signer_staple(), w.intermediate, "intermediate"); }),
  };
}

// What is served in place of the signer's staple, made from the good one.
Case Body(std::string name, std::string comment, std::vector<std::string> expect,
          std::function<std::string(const std::string& der)> body) {
  return Staple(std::move(name), std::move(comment), std::move(expect),
                [body](StapleDraft& d) { d.body = body(issuer::MakeStaple(d.spec)); });
}

std::string Wrapped(const std::string& der, std::string_view line_end) {
  const std::string base64 = EncodeBase64(der);
  std::string lines;
  for (std::size_t at = 0; at < base64.size(); at += 76) {
    lines.append(base64, at, 76).append(line_end);
  }
  return lines;
}

std::vector<Case> FormCases() {
  return {
      Body("staple-wrapped", "The staple is wrapped.", Accept(),
           [](const std::string& der) { return Wrapped(der, "\n"); }),
      Body("staple-wrapped-crlf", "The staple is wrapped by CR LF.", Accept(),
           [](const std::string& der) { return Wrapped(der, "\r\n"); }),
      Body("staple-empty", "The staple is empty.", kMalformed,
           [](const std::string&) { return ""; }),
      Body("staple-der", "The staple is not in base64.", kMalformed,
           [](const std::string& der) { return der; }),
      Body("staple-blanks", "The staple is wrapped by blanks.", kMalformed,
           [](const std::string& der) { return Wrapped(der, " "); }),
      Body("staple-truncated", "The staple breaks off.", kMalformed,
           [](const std::string& der) { return EncodeBase64(der.substr(0, der.size() - 9)); }),
      Body("staple-bytes-after", "A byte follows the staple's own.", kMalformed,
           [](const std::string& der) { return EncodeBase64(der + "x"); }),
      Body("staple-rubbish", "The staple is a word in base64.", kMalformed,
           [](const std::string&) { return EncodeBase64("no staple"); }),
      Body("staple-certificate", "What is served is another thing of the same notation.",
           kMalformed, [](const std::string&) { return "MAMCAQA="; }),
      Body("staple-too-large", "The staple has more than 32 KiB.", {"imds-response-too-large"},
           [](const std::string&) { return std::string(32 * 1024 + 4, 'A'); }),
      Staple("staple-try-later", "The responder asks to come again.", {"staple-unsuccessful"},
             [](StapleDraft& d) { d.spec.response_status = OCSP_RESPONSE_STATUS_TRYLATER; }),
      Staple("staple-unauthorized", "The responder refuses to answer.", {"staple-unsuccessful"},
             [](StapleDraft& d) { d.spec.response_status = OCSP_RESPONSE_STATUS_UNAUTHORIZED; }),
  };
}

Case List(std::string name, std::string comment, std::vector<std::string> expect,
          std::function<void(ServedEvidence&)> damage) {
  Case row{std::move(name), std::move(comment), std::move(expect)};
  row.served = std::move(damage);
  return row;
}

std::vector<Case> ListCases() {
  return {
      List("staple-list-empty", "No staple is listed.", kMissing,
           [](ServedEvidence& e) { e.staple_list.clear(); }),
      List("staple-listed-not-served", "The staples are listed, and not there.", {"imds-status"},
           [](ServedEvidence& e) { e.staples.clear(); }),
      List("staple-served-not-listed", "Staples that are not listed are not asked for.", kMissing,
           [](ServedEvidence& e) { e.staple_list = "0000\n"; }),
      List("lesson-staple-name-is-a-path", "Names that are paths are no names.", Accept(),
           [](ServedEvidence& e) {
             e.staple_list = "../../../../../../etc/passwd\n/etc/passwd\n..\n" + e.staple_list;
           }),
      List("staple-list-of-paths", "Good names with a path before them are no names.", kMissing,
           [](ServedEvidence& e) {
             std::string list;
             for (const auto& [name, body] : e.staples) list += "./" + name + "\n";
             e.staple_list = list;
           }),
      List("staple-list-crlf", "The list's lines end in CR LF.", Accept(),
           [](ServedEvidence& e) {
             std::string list;
             for (const auto& [name, body] : e.staples) list += name + "\r\n";
             e.staple_list = list;
           }),
      List("staple-list-without-final-line-end", "The list ends without LF.", Accept(),
           [](ServedEvidence& e) { e.staple_list.pop_back(); }),
      List("staple-list-of-strangers", "The list names staples of other certificates first.",
           Accept(),
           [](ServedEvidence& e) {
             std::string list;
             for (int i = 0; i < 100; ++i)
               list += std::string(38, '0') + std::to_string(10 + i / 2) + "\n";
             e.staple_list = list + e.staple_list;
           }),
      List("staple-list-too-large", "The list has more than 16 KiB.", {"imds-response-too-large"},
           [](ServedEvidence& e) { e.staple_list.append(16 * 1024 + 1, '\n'); }),
  };
}

}  // namespace

std::vector<Case> StapleCases() {
  std::vector<Case> cases;
  for (const auto& make : {StatusCases, FreshnessCases, ExtensionCases, AboutCases, SignatureCases,
                           FormCases, ListCases}) {
    for (Case& row : make()) cases.push_back(std::move(row));
  }
  return cases;
}

}  // namespace eic::testkit
