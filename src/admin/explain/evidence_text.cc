// This is parsed only for display; the decision parses it separately.
#include "admin/explain/evidence_text.h"

#include "admin/explain/steps.h"
#include "core/limits.h"
#include "core/openssl_handles.h"
#include "core/printable.h"
#include "core/signer_chain.h"
#include "core/staple.h"

namespace eic::admin {
namespace {

constexpr const char* kIndent = "      ";
constexpr std::string_view kStapleFolder = "/latest/meta-data/managed-ssh-keys/signer-ocsp/";

std::string Escaped(std::string_view text) { return Printable(text, kLoggedValueBytesMax); }

// `2026-11-24 00:34:06 UTC`; a generalized time and a UTC time alike.
std::string TimeText(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "none";
  std::string text(32, '\0');
  text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts));
  return text;
}

std::string DescribeChain(const std::string& pem) {
  const Result<ServedChain> chain = ParseServedChain(pem);
  if (!chain) return kIndent + std::string("signer-cert cannot be read\n");
  std::string lines;
  for (const X509Ptr& certificate : *chain) {
    lines += kIndent + std::string("certificate ") + Escaped(SubjectText(certificate.get())) +
             ", from " + TimeText(X509_get0_notBefore(certificate.get())) + " to " +
             TimeText(X509_get0_notAfter(certificate.get())) + "\n";
  }
  return lines;
}

std::string DescribeStaple(const std::string& name, const HttpOutcome& outcome) {
  const std::string begin = kIndent + std::string("staple ") + Escaped(name) + ": ";
  if (outcome.status != 200) return begin + "not fetched\n";
  const Result<OcspBasicResponsePtr> basic = ParseStaple(outcome.body);
  if (!basic) return begin + "not read: " + basic.error().detail + "\n";
  std::string lines;
  for (const StapleWord& word : WordsOf(*basic)) {
    lines += begin + word.status + ", from " + TimeText(word.this_update) + " to " +
             TimeText(word.next_update) + "\n";
  }
  return lines;
}

// A region or a domain: the word itself.
std::string DescribeValue(const Trace& trace, const std::string& path) {
  const HttpOutcome* answer = AnswerFor(trace, std::string(kMetaDataPath) + path);
  if (answer == nullptr || answer->status != 200) return "";
  return kIndent + path + " \"" + Escaped(answer->body.substr(0, answer->body.find('\n'))) + "\"\n";
}

}  // namespace

std::string DescribeEvidence(const Trace& trace) {
  std::string lines =
      DescribeValue(trace, "placement/region") + DescribeValue(trace, "services/domain");
  const HttpOutcome* chain =
      AnswerFor(trace, std::string(kMetaDataPath) + "managed-ssh-keys/signer-cert");
  if (chain != nullptr && chain->status == 200) lines += DescribeChain(chain->body);
  for (const Exchange& exchange : trace.exchanges) {
    const bool is_staple = exchange.path.size() > kStapleFolder.size() &&
                           exchange.path.compare(0, kStapleFolder.size(), kStapleFolder) == 0;
    if (!is_staple) continue;
    lines += DescribeStaple(exchange.path.substr(kStapleFolder.size()), exchange.outcome);
  }
  return lines;
}

}  // namespace eic::admin
