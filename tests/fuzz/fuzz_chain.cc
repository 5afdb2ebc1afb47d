// The signer's chain: core/signer_chain. An input that begins with 0x30, as PEM does not, is the
// DER of one certificate, which is then served before the good issuers: so the fuzzer gets at the
// certificate without finding its way through base64.
#include "core/base64.h"
#include "core/limits.h"
#include "core/printable.h"
#include "core/signer_chain.h"
#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----\n";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----\n";
constexpr std::size_t kPemLineLength = 64;

std::string PemOf(std::string_view der) {
  const std::string base64 = EncodeBase64(der);
  std::string pem(kBegin);
  for (std::size_t at = 0; at < base64.size(); at += kPemLineLength) {
    pem.append(base64, at, kPemLineLength).append("\n");
  }
  return pem.append(kEnd);
}

// What `good` serves behind the signer.
std::string_view GoodIssuers() {
  const std::string_view chain = GoodEvidence().chain_pem;
  return chain.substr(chain.find(kEnd) + kEnd.size());
}

std::string ServedFor(std::string_view input) {
  if (input.empty() || input[0] != 0x30) return std::string(input);
  return PemOf(input).append(GoodIssuers());
}

void HoldNames(const X509* certificate) {
  for (const std::string& name : StapleNames(certificate)) {
    Hold((name.size() == 40 || name.size() == 64) &&
             name.find_first_not_of("0123456789ABCDEF") == std::string::npos,
         "a staple's name is a digest in hexadecimal");
  }
  const std::string text = Printable(SubjectText(certificate), kLoggedValueBytesMax);
  Hold(IsPrintable(text) && text.size() <= kLoggedValueBytesMax, "a subject can be logged");
}

}  // namespace

void Chain(std::string_view input) {
  const Result<ServedChain> served = ParseServedChain(ServedFor(input));
  if (!served) return;
  Hold(!served->empty() && served->size() <= kChainCertificatesMax, "certificates are counted");
  for (const X509Ptr& certificate : *served) HoldNames(certificate.get());

  const Result<VerifiedChain> chain = VerifyChain(*served, ExpectedName(), Anchors(), kNow);
  if (!chain) return;
  Hold(chain->path().size() >= 2, "a path has a signer and an anchor");
  Hold(SignerKeys().count(PublicKeyDer(chain->signer())) == 1,
       "a verified signer has a key that the authority certified");
  static const Result<ServedChain>* const good =
      new Result<ServedChain>(ParseServedChain(GoodEvidence().chain_pem));
  Hold(X509_cmp(chain->path().back().get(), (*good)->back().get()) == 0,
       "a verified path ends at the anchor");
}

}  // namespace eic::fuzz
