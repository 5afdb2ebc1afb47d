#include "agent/run.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "host/imds.h"

namespace eic {
namespace {

// The outcomes of an ordinary login for which no key was pushed. A stranger can bring them about at
// will, so they are not logged.
bool IsOrdinary(Reason reason) {
  return reason == Reason::kUserNameInvalid || reason == Reason::kUserNameNeverPushed ||
         reason == Reason::kKeyTypeNeverPushed || reason == Reason::kUserUnknown ||
         reason == Reason::kNotAnInstance || reason == Reason::kNoKey;
}

// Steps 6 to 9 for candidates; what goes wrong is the fate of each of them.
Decision DecideCandidates(const Candidates& candidates, const Outside& outside, Imds& imds,
                          Instant now) {
  const Result<Evidence> evidence = imds.FetchEvidence();
  outside.confine_for_verification();
  if (!evidence) return RejectAll(candidates, evidence.error());

  const Result<X509StorePtr> anchors = outside.open_trust_anchors();
  if (!anchors) return RejectAll(candidates, anchors.error());

  return VerifyCandidates(candidates, *evidence, anchors->get(), now);
}

std::string FingerprintText(const Request& request, const SshPublicKey& key) {
  const FingerprintHash hash =
      request.fingerprint ? request.fingerprint->hash : FingerprintHash::kSha256;
  const Result<std::string> text = FingerprintOf(key, hash);
  return text ? *text : "";
}

}  // namespace

Result<Request> ParseRequest(const Options& options) {
  const Result<std::string> user = ParseUserName(options.user);
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
  // Step 2: the user exists on this host.
  const Result<std::string> user = outside.look_up_user(request.user);
  if (!user) return user.error();

  // Step 3: this is an EC2 instance. If it is not, nothing is sent to the network.
  const Result<Instance> instance = outside.identify_instance();
  if (!instance) return instance.error();

  // From here on, what is read is hostile.
  (void)outside.confine_for_network();

  // Step 4: what was pushed for the user. For most logins: nothing, and that is all.
  Imds imds(outside.http, options.imds_endpoints, deadline);
  const Result<std::string> blob = imds.FetchBlob(request.user);
  if (!blob) return blob.error();

  // Step 3 again, on Xen: only metadata tells which instance this is.
  const Result<std::string> instance_id =
      instance->id ? Result<std::string>(*instance->id) : imds.FetchInstanceId();
  if (!instance_id) return instance_id.error();

  // Step 5: the records that could be what sshd asks for, as of the one moment that counts.
  const Instant now = outside.wall_clock();
  const Result<Candidates> candidates = SelectCandidates(*blob, request, *instance_id, now);
  if (!candidates) return candidates.error();
  if (candidates->records.empty()) return Decision{{}, candidates->rejections};

  // Steps 6 to 9: which of them are genuine.
  return DecideCandidates(*candidates, outside, imds, now);
}

std::string Run(const Options& options, const Request& request, const Outside& outside,
                Deadline deadline) {
  const Result<Decision> decision = Decide(options, request, outside, deadline);
  if (decision) return RecordDecision(request, *decision, outside.audit);
  RecordError(request.user, decision.error(), outside.audit);
  return "";
}

std::string RecordDecision(const Request& request, const Decision& decision, AuditLog& audit) {
  const std::size_t told = std::min(decision.rejections.size(), kRefusalLinesMax);
  for (std::size_t i = 0; i < told; ++i) {
    const Rejection& rejection = decision.rejections[i];
    const std::string fingerprint = rejection.key ? FingerprintText(request, *rejection.key) : "";
    audit.RecordRefused({rejection.error.reason,
                         request.user,
                         {fingerprint, rejection.request_id, rejection.caller},
                         rejection.error.detail});
  }
  if (decision.rejections.size() > told) {
    audit.RecordFault("Refused " + std::to_string(decision.rejections.size() - told) +
                      " more ssh keys from EC2 Instance Connect in this run");
  }

  std::string lines;
  for (const VerifiedKey& key : decision.keys) {
    audit.RecordAccepted({FingerprintText(request, key.key()), key.request_id(), key.caller()});
    lines += AuthorizedKeysLine(key.key()) + '\n';
  }
  return lines;
}

void RecordError(const std::string& user, const Error& error, AuditLog& audit) {
  if (IsOrdinary(error.reason)) return;
  audit.RecordRefused({error.reason, user, {}, error.detail});
}

}  // namespace eic
