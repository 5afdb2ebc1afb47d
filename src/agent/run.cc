#include "agent/run.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "agent/caller_label.h"
#include "core/limits.h"
#include "core/printable.h"
#include "host/imds.h"
#include "host/limits.h"

namespace eic {
namespace {

HasTime For(std::chrono::milliseconds span) {
  return [deadline = Deadline::After(span)] { return !deadline.HasPassed(); };
}

std::string FingerprintText(const Request& request, const SshPublicKey& key) {
  const FingerprintHash hash =
      request.fingerprint ? request.fingerprint->hash : FingerprintHash::kSha256;
  const Result<std::string> text = FingerprintOf(key, hash);
  return text ? *text : "";
}

// The key counts without its label all the same.
std::string LabelOrNothing(const Request& request, const VerifiedKey& key, AuditLog& audit) {
  const std::optional<std::string> label = CallerLabel(key);
  if (label) return *label;
  audit.RecordFault("eic-authorized-keys: no label of the caller for the session of " +
                    request.user.text() + ", request-id \"" +
                    Printable(key.request_id(), kLoggedValueBytesMax) +
                    "\": principal or request id is missing, too long, or has characters that "
                    "cannot stand in one");
  return "";
}

}  // namespace

Result<Request> ParseRequest(const Options& options) {
  const Result<UserName> user = ParseUserName(options.user);
  if (!user) return user.error();

  Request request{*user, std::nullopt};
  if (options.fingerprint) {
    const Result<Fingerprint> fingerprint = ParseFingerprint(*options.fingerprint);
    if (!fingerprint) return fingerprint.error();
    request.fingerprint = *fingerprint;
  }
  if (options.key_type && !IsDeliverableKeyType(*options.key_type)) {
    return Error{Reason::kKeyTypeNeverPushed, *options.key_type};
  }
  return request;
}

Result<Decision> Decide(const Options& options, const Request& request, const Outside& outside,
                        Deadline deadline) {
  // Step 3: this is an EC2 instance. If it is not, nothing is sent to the network.
  const Result<Instance> instance = outside.identify_instance();
  if (!instance) return instance.error();

  // What is read from here on is hostile. So the process gives up what it does not need, while the
  // connection is on its way; only what that returns lets it read.
  Imds imds(outside.http, options.imds_endpoints, deadline);
  imds.Dial();
  const Confined confined = outside.confine_for_network();

  // Step 4: what was pushed for the user. For most logins: nothing, and that is all.
  const Result<std::string> blob = imds.FetchBlob(confined, request.user);
  if (!blob) return blob.error();

  // Step 3 again, on Xen: only metadata tells which instance this is.
  const Result<std::string> instance_id =
      instance->id ? Result<std::string>(*instance->id) : imds.FetchInstanceId(confined);
  if (!instance_id) return instance_id.error();

  // Step 5: which records could be what sshd asks for. Expiry, certificates and staples are all
  // judged by this one moment.
  const Instant now = outside.wall_clock();
  const Result<Selection> selection = SelectCandidates(*blob, request, *instance_id, now);
  if (!selection) return selection.error();
  const auto decided = [&instance_id](Decision decision) {
    decision.instance_id = *instance_id;
    return decision;
  };
  if (selection->candidates.empty()) return decided({{}, selection->rejections});

  // Step 6: the evidence. What goes wrong from here on is the fate of each candidate.
  const Result<Evidence> evidence = imds.FetchEvidence(confined);
  outside.confine_for_verification();
  if (!evidence) return decided(RejectAll(*selection, evidence.error()));
  const Result<X509StorePtr> anchors = outside.open_trust_anchors();
  if (!anchors) return decided(RejectAll(*selection, anchors.error()));

  // Steps 7 to 9: which of the candidates are genuine.
  return decided(
      VerifyCandidates(*selection, *evidence, anchors->get(), now, For(kOtherPathsTimeMax)));
}

std::string Run(const Options& options, const Request& request, const Outside& outside,
                Deadline deadline) {
  const Result<Decision> decision = Decide(options, request, outside, deadline);
  if (decision)
    return RecordDecision(request, *decision, {outside.sshd, options.caller_environment},
                          outside.audit);
  RecordError(request.user.text(), decision.error(), outside.audit);
  return "";
}

std::string RecordDecision(const Request& request, const Decision& decision, const Asker& asker,
                           AuditLog& audit) {
  const std::size_t told = std::min(decision.rejections.size(), kRefusalLinesMax);
  for (std::size_t i = 0; i < told; ++i) {
    const Rejection& rejection = decision.rejections[i];
    const std::string fingerprint = rejection.key ? FingerprintText(request, *rejection.key) : "";
    audit.RecordRefused({rejection.error.reason,
                         request.user.text(),
                         {fingerprint, rejection.request_id, rejection.caller},
                         rejection.error.detail,
                         decision.instance_id});
  }
  if (decision.rejections.size() > told) {
    audit.RecordFault("Refused " + std::to_string(decision.rejections.size() - told) +
                      " more ssh keys from EC2 Instance Connect in this run");
  }

  std::string lines;
  for (const VerifiedKey& key : decision.keys) {
    audit.RecordAccepted({{FingerprintText(request, key.key()), key.request_id(), key.caller()},
                          asker.sshd,
                          request.user.text(),
                          decision.instance_id});
    if (asker.caller_environment) lines += LabelOrNothing(request, key, audit);
    lines += AuthorizedKeysLine(key.key()) + '\n';
  }
  return lines;
}

void RecordError(const std::string& user, const Error& error, AuditLog& audit) {
  if (FactsOf(error.reason).is_ordinary) return;
  audit.RecordRefused({error.reason, user, {}, error.detail});
}

}  // namespace eic
