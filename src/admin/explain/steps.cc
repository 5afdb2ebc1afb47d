#include "admin/explain/steps.h"

#include <algorithm>
#include <optional>

namespace eic::admin {
namespace {

// Steps 3 (on Xen), 4 and 6 ask metadata, one after the other; between 3 and 6 the clock is read.
int StepOfMetadata(const Trace& trace) {
  if (trace.now) return kEvidenceStep;
  const bool has_blob =
      std::any_of(trace.exchanges.begin(), trace.exchanges.end(), [](const Exchange& exchange) {
        return exchange.outcome.status == 200 &&
               exchange.path.compare(0, kActiveKeysPath.size(), kActiveKeysPath) == 0;
      });
  return has_blob ? kInstanceStep : kBlobStep;
}

}  // namespace

int StepOf(Reason reason, const Trace& trace) {
  switch (reason) {
    case Reason::kUserNameInvalid:
    case Reason::kUserNameNeverPushed:
    case Reason::kFingerprintInvalid:
    case Reason::kKeyTypeNeverPushed:
      return kRequestStep;
    case Reason::kUserUnknown:
    case Reason::kUserLookupFailed:
      return kUserStep;
    case Reason::kNotAnInstance:
      return kInstanceStep;
    case Reason::kNoKey:
      return kBlobStep;
    case Reason::kImdsUnreachable:
    case Reason::kImdsTimeout:
    case Reason::kImdsConnectionLost:
    case Reason::kImdsThrottled:
    case Reason::kImdsForbidden:
    case Reason::kImdsTokenRefused:
    case Reason::kImdsStatus:
    case Reason::kImdsResponseTooLarge:
    case Reason::kImdsResponseMalformed:
    case Reason::kTimeBudgetSpent:
      return StepOfMetadata(trace);
    case Reason::kFingerprintUnavailable:
    case Reason::kTooManyRecords:
    case Reason::kRecordMalformed:
    case Reason::kRecordIncomplete:
    case Reason::kFieldRepeated:
    case Reason::kTimestampMissing:
    case Reason::kTimestampMalformed:
    case Reason::kInstanceMissing:
    case Reason::kInstanceMismatch:
    case Reason::kKeyExpired:
    case Reason::kKeyMalformed:
    case Reason::kKeyTypeUnsupported:
    case Reason::kKeyTypeMismatch:
    case Reason::kKeyTooSmall:
    case Reason::kSignatureMalformed:
      return kSelectStep;
    case Reason::kChainMalformed:
    case Reason::kChainTooLong:
      return kEvidenceStep;
    case Reason::kRegionMalformed:
    case Reason::kDomainMalformed:
    case Reason::kDomainMismatch:
    case Reason::kDomainUnknown:
    case Reason::kSignerNameNotUnique:
    case Reason::kSignerNameMismatch:
    case Reason::kSignerIsCa:
    case Reason::kSignerKeyUnsuitable:
    case Reason::kCaStoreUnusable:
    case Reason::kChainUntrusted:
    case Reason::kChainInvalid:
    case Reason::kCertificateExpired:
    case Reason::kCertificateNotYetValid:
    case Reason::kCertificateWeak:
      return kSignerStep;
    case Reason::kStapleMissing:
    case Reason::kStapleMalformed:
    case Reason::kStapleUnsuccessful:
    case Reason::kStapleOtherCertificate:
    case Reason::kStapleWeakSignature:
    case Reason::kStapleResponderUnauthorized:
    case Reason::kStapleSignatureInvalid:
    case Reason::kStapleFromFuture:
    case Reason::kStapleNoNextUpdate:
    case Reason::kStapleStale:
    case Reason::kStapleStatusUnknown:
    case Reason::kCertificateRevoked:
      return kRevocationStep;
    case Reason::kSignatureInvalid:
      return kSignatureStep;
    case Reason::kRunsAsRoot:
    case Reason::kRunOverran:
    case Reason::kInternalError:
      break;
  }
  return StepOfMetadata(trace);
}

Ending EndingOf(const Trace& trace) {
  if (!trace.decision) return {kRequestStep, trace.request.error(), false};
  const Result<Decision>& decision = *trace.decision;
  if (!decision) return {StepOf(decision.error().reason, trace), decision.error(), false};
  if (!decision->keys.empty()) return {kPrintStep, std::nullopt, true};
  // Nothing that was pushed is the key that the client offers.
  Ending ending{kSelectStep, std::nullopt, false};
  for (const Rejection& rejection : decision->rejections) {
    const int step = StepOf(rejection.error.reason, trace);
    // The one that came furthest is the one to look at.
    if (!ending.error || step > ending.step) ending = {step, rejection.error, false};
  }
  return ending;
}

}  // namespace eic::admin
