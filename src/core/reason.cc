#include "core/reason.h"

#include <cstdlib>
#include <iterator>

namespace eic {
namespace {

// In the order of the enumerators.
constexpr ReasonFacts kReasons[] = {
    {Reason::kUserNameInvalid, "user-name-invalid", 1, true},
    {Reason::kUserNameNeverPushed, "user-name-never-pushed", 1, true},
    {Reason::kFingerprintInvalid, "fingerprint-invalid", 1, false},
    {Reason::kKeyTypeNeverPushed, "key-type-never-pushed", 1, true},
    {Reason::kUserUnknown, "user-unknown", 2, true},
    {Reason::kUserLookupFailed, "user-lookup-failed", 2, false},
    {Reason::kNotAnInstance, "not-an-instance", 3, true},
    {Reason::kNoKey, "no-key", 4, true},
    {Reason::kImdsUnreachable, "imds-unreachable", kStepsOfMetadata, false},
    {Reason::kImdsTimeout, "imds-timeout", kStepsOfMetadata, false},
    {Reason::kImdsConnectionLost, "imds-connection-lost", kStepsOfMetadata, false},
    {Reason::kImdsThrottled, "imds-throttled", kStepsOfMetadata, false},
    {Reason::kImdsForbidden, "imds-forbidden", kStepsOfMetadata, false},
    {Reason::kImdsTokenRefused, "imds-token-refused", kStepsOfMetadata, false},
    {Reason::kImdsStatus, "imds-status", kStepsOfMetadata, false},
    {Reason::kImdsResponseTooLarge, "imds-response-too-large", kStepsOfMetadata, false},
    {Reason::kImdsResponseMalformed, "imds-response-malformed", kStepsOfMetadata, false},
    {Reason::kTimeBudgetSpent, "time-budget-spent", kStepsOfMetadata, false},
    {Reason::kTooManyRecords, "too-many-records", 5, false},
    {Reason::kRecordMalformed, "record-malformed", 5, false},
    {Reason::kRecordIncomplete, "record-incomplete", 5, false},
    {Reason::kFieldRepeated, "field-repeated", 5, false},
    {Reason::kTimestampMissing, "timestamp-missing", 5, false},
    {Reason::kTimestampMalformed, "timestamp-malformed", 5, false},
    {Reason::kInstanceMissing, "instance-missing", 5, false},
    {Reason::kInstanceMismatch, "instance-mismatch", 5, false},
    {Reason::kKeyExpired, "key-expired", 5, false},
    {Reason::kKeyMalformed, "key-malformed", 5, false},
    {Reason::kKeyTypeUnsupported, "key-type-unsupported", 5, false},
    {Reason::kKeyTypeMismatch, "key-type-mismatch", 5, false},
    {Reason::kKeyTooSmall, "key-too-small", 5, false},
    {Reason::kSignatureMalformed, "signature-malformed", 5, false},
    {Reason::kFingerprintUnavailable, "fingerprint-unavailable", 5, false},
    {Reason::kChainMalformed, "chain-malformed", 6, false},
    {Reason::kChainTooLong, "chain-too-long", 6, false},
    {Reason::kRegionMalformed, "region-malformed", 7, false},
    {Reason::kDomainMalformed, "domain-malformed", 7, false},
    {Reason::kDomainMismatch, "domain-mismatch", 7, false},
    {Reason::kDomainUnknown, "domain-unknown", 7, false},
    {Reason::kSignerNameNotUnique, "signer-name-not-unique", 7, false},
    {Reason::kSignerNameMismatch, "signer-name-mismatch", 7, false},
    {Reason::kSignerIsCa, "signer-is-ca", 7, false},
    {Reason::kSignerKeyUnsuitable, "signer-key-unsuitable", 7, false},
    {Reason::kCaStoreUnusable, "ca-store-unusable", 7, false},
    {Reason::kChainUntrusted, "chain-untrusted", 7, false},
    {Reason::kChainInvalid, "chain-invalid", 7, false},
    {Reason::kCertificateExpired, "certificate-expired", 7, false},
    {Reason::kCertificateNotYetValid, "certificate-not-yet-valid", 7, false},
    {Reason::kCertificateWeak, "certificate-weak", 7, false},
    {Reason::kStapleMissing, "staple-missing", 8, false},
    {Reason::kStapleMalformed, "staple-malformed", 8, false},
    {Reason::kStapleUnsuccessful, "staple-unsuccessful", 8, false},
    {Reason::kStapleOtherCertificate, "staple-other-certificate", 8, false},
    {Reason::kStapleWeakSignature, "staple-weak-signature", 8, false},
    {Reason::kStapleResponderUnauthorized, "staple-responder-unauthorized", 8, false},
    {Reason::kStapleSignatureInvalid, "staple-signature-invalid", 8, false},
    {Reason::kStapleExtensionUnknown, "staple-extension-unknown", 8, false},
    {Reason::kStapleFromFuture, "staple-from-future", 8, false},
    {Reason::kStapleNoNextUpdate, "staple-no-next-update", 8, false},
    {Reason::kStapleStale, "staple-stale", 8, false},
    {Reason::kStapleStatusUnknown, "staple-status-unknown", 8, false},
    {Reason::kCertificateRevoked, "certificate-revoked", 8, false},
    {Reason::kSignatureInvalid, "signature-invalid", 9, false},
    {Reason::kRunsAsRoot, "runs-as-root", kStepOfTheRun, false},
    {Reason::kRunOverran, "run-overran", kStepOfTheRun, false},
    {Reason::kInternalError, "internal-error", kStepOfTheRun, false},
};

// Each enumerator has its row in its place: the last enumerator's row is the last.
constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < std::size(kReasons); ++i) {
    if (static_cast<std::size_t>(kReasons[i].reason) != i) return false;
  }
  return std::size(kReasons) == static_cast<std::size_t>(Reason::kInternalError) + 1;
}
static_assert(IsInOrder());

}  // namespace

const ReasonFacts& FactsOf(Reason reason) {
  const auto at = static_cast<std::size_t>(reason);
  if (at >= std::size(kReasons)) std::abort();  // memory is damaged
  return kReasons[at];
}

std::string_view Slug(Reason reason) { return FactsOf(reason).slug; }

}  // namespace eic
