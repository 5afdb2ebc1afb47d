#include "agent/run.h"

#include <utility>

#include "core/limits.h"
#include "host/imds.h"
#include "host/instance.h"
#include "host/trust_anchors.h"

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
Decision DecideCandidates(const Candidates& candidates, const Options& options, Imds& imds,
                          Instant now) {
  const Result<Evidence> evidence = imds.FetchEvidence();
  if (!evidence) return RejectAll(candidates, evidence.error());

  const Result<X509StorePtr> anchors = OpenTrustAnchors(options.ca_store);
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
  const Result<Instance> instance = IdentifyInstance(options.sysfs_root);
  if (!instance) return instance.error();

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
  return DecideCandidates(*candidates, options, imds, now);
}

std::string RecordDecision(const Request& request, const Decision& decision, AuditLog& audit) {
  std::size_t refusals_left = kRefusalLinesMax;
  for (const Rejection& rejection : decision.rejections) {
    if (refusals_left == 0) break;
    --refusals_left;
    const std::string fingerprint = rejection.key ? FingerprintText(request, *rejection.key) : "";
    audit.RecordRefused({rejection.error.reason,
                         request.user,
                         {fingerprint, rejection.request_id, rejection.caller},
                         rejection.error.detail});
  }
  if (decision.rejections.size() > kRefusalLinesMax) {
    audit.RecordFault("Refused " + std::to_string(decision.rejections.size() - kRefusalLinesMax) +
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
