#include "admin/explain/format_trace.h"

#include <array>
#include <ctime>

#include "admin/explain/evidence_text.h"
#include "admin/explain/steps.h"
#include "core/key_blob.h"
#include "core/limits.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

constexpr const char* kIndent = "      ";

constexpr std::array<const char*, kPrintStep + 1> kStepNames = {
    "",         "request", "user",       "instance",  "pushed key", "selection",
    "evidence", "signer",  "revocation", "signature", "output"};

std::string Escaped(std::string_view text) { return Printable(text, kLoggedValueBytesMax); }

std::string Quoted(std::string_view text) { return "\"" + Escaped(text) + "\""; }

std::string UtcText(Instant instant) {
  const auto seconds = static_cast<std::time_t>(instant.unix_seconds());
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "never";
  std::string text(32, '\0');
  text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts));
  return text;
}

std::string ErrorText(const Error& error) {
  const std::string slug(Slug(error.reason));
  return error.detail.empty() ? slug : slug + ": " + Escaped(error.detail);
}

std::string DescribeRequest(const eic::Options& options) {
  std::string text = kIndent + std::string("user ") + Quoted(options.user);
  if (options.fingerprint) text += ", offered key " + Escaped(*options.fingerprint);
  return text + "\n";
}

std::string DescribeInstance(const Trace& trace) {
  if (!trace.instance || !*trace.instance) return "";
  const Instance& instance = **trace.instance;
  return kIndent +
         (instance.id ? *instance.id + ", from DMI\n" : "Xen: the id comes from metadata\n");
}

std::string DescribeAnswers(const Trace& trace) {
  std::string lines;
  for (const Exchange& exchange : trace.exchanges) {
    const HttpOutcome& outcome = exchange.outcome;
    const bool has_answer = outcome.fault == HttpOutcome::Fault::kNone;
    lines += kIndent + Escaped(exchange.path) + ": " +
             (has_answer ? "HTTP " + std::to_string(outcome.status) + ", " +
                               std::to_string(outcome.body.size()) + " bytes"
                         : Escaped(outcome.detail)) +
             "\n";
  }
  return lines;
}

std::string Fingerprint(const SshPublicKey& key) {
  const Result<std::string> text = FingerprintOf(key, FingerprintHash::kSha256);
  return text ? *text : "unknown";
}

// The records of the blob, accepted or not; never their key lines.
std::string DescribeRecords(const Trace& trace) {
  std::string lines;
  if (!trace.now) return lines;
  lines += kIndent + std::string("now ") + UtcText(*trace.now) + "\n";
  for (const Exchange& exchange : trace.exchanges) {
    if (exchange.path.compare(0, kActiveKeysPath.size(), kActiveKeysPath) != 0) continue;
    for (const KeyRecord& record : ParseKeyBlob(exchange.outcome.body).records) {
      lines += kIndent + std::string("record of key ") + Fingerprint(record.key) + ", instance " +
               Escaped(record.instance_id) + ", expiry " +
               UtcText(Instant(record.expiry.unix_seconds())) + ", request " +
               Quoted(record.request_id) + ", principal " + Quoted(record.caller) + "\n";
    }
  }
  return lines;
}

// Why records were dropped at this step.
std::string DescribeRejections(const Trace& trace, int step) {
  std::string lines;
  if (!trace.decision || !*trace.decision) return lines;
  for (const Rejection& rejection : (*trace.decision)->rejections) {
    if (StepOf(rejection.error.reason, trace) != step) continue;
    lines += kIndent + std::string("refused ") +
             (rejection.key ? "key " + Fingerprint(*rejection.key) : "a record") + ", request " +
             Quoted(rejection.request_id) + ": " + ErrorText(rejection.error) + "\n";
  }
  return lines;
}

std::string DescribeStep(const Trace& trace, const eic::Options& options, int step) {
  switch (step) {
    case kRequestStep:
      return DescribeRequest(options);
    case kUserStep:
      return trace.user && *trace.user
                 ? kIndent + std::string("NSS spells it ") + Quoted(**trace.user) + "\n"
                 : "";
    case kInstanceStep:
      return DescribeInstance(trace);
    case kBlobStep:
      return DescribeAnswers(trace);
    case kSelectStep:
      return DescribeRecords(trace) + DescribeRejections(trace, step);
    case kEvidenceStep:
      return DescribeEvidence(trace) + DescribeRejections(trace, step);
    default:
      return DescribeRejections(trace, step);
  }
}

std::string Outcome(const Ending& ending, const Trace& trace) {
  if (ending.prints_keys) {
    std::string text = "outcome: the agent would give sshd the key:";
    for (const VerifiedKey& key : (*trace.decision)->keys) text += " " + Fingerprint(key.key());
    return text + "\n";
  }
  const std::string step = std::to_string(ending.step) + " (" +
                           kStepNames[static_cast<std::size_t>(ending.step)] + "): ";
  return "outcome: no key, because of step " + step +
         (ending.error ? ErrorText(*ending.error) : "no record is for the offered key") + "\n";
}

}  // namespace

std::string FormatTrace(const Trace& trace, const eic::Options& options) {
  const Ending ending = EndingOf(trace);
  std::string text;
  for (int step = kRequestStep; step <= kPrintStep; ++step) {
    const bool is_end = step == ending.step && !ending.prints_keys;
    const std::string number = std::to_string(step);
    text += std::string(number.size() == 1 ? " " : "") + number + "  " +
            kStepNames[static_cast<std::size_t>(step)] + ": " +
            (step > ending.step ? "not reached"
             : is_end           ? "no"
                                : "ok");
    if (is_end && ending.error) text += ", " + ErrorText(*ending.error);
    text += "\n";
    if (step <= ending.step) text += DescribeStep(trace, options, step);
  }
  for (const std::string& line : trace.log_lines) text += "logged: " + line + "\n";
  if (trace.log_lines.empty()) text += "logged: nothing\n";
  return text + Outcome(ending, trace);
}

}  // namespace eic::admin
