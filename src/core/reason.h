// Why a key was not accepted: one name per cause, and one slug for each.
//
// The slug is a contract: syslog has it as `reason=SLUG`, test vectors in their `expect:` line, and
// doc/design.md in its table of reasons. Operators count refusals by it. tests/tidy checks that the
// three agree.
#pragma once

#include <string_view>

namespace eic {

enum class Reason {
  // The request, before any network use (doc/design.md steps 1 to 3).
  kUserNameInvalid,
  kUserNameNeverPushed,
  kFingerprintInvalid,
  kKeyTypeNeverPushed,
  kUserUnknown,
  kUserLookupFailed,
  kNotAnInstance,

  // The metadata service (steps 3, 4 and 6).
  kNoKey,
  kImdsUnreachable,
  kImdsTimeout,
  kImdsConnectionLost,
  kImdsThrottled,
  kImdsForbidden,
  kImdsTokenRefused,
  kImdsStatus,
  kImdsResponseTooLarge,
  kImdsResponseMalformed,
  kTimeBudgetSpent,

  // A record of the blob (step 5).
  kTooManyRecords,
  kRecordMalformed,
  kRecordIncomplete,
  kFieldRepeated,
  kTimestampMissing,
  kTimestampMalformed,
  kInstanceMissing,
  kInstanceMismatch,
  kKeyExpired,
  kKeyMalformed,
  kKeyTypeUnsupported,
  kKeyTypeMismatch,
  kKeyTooSmall,
  kSignatureMalformed,
  kFingerprintUnavailable,

  // What is served as the chain (step 6).
  kChainMalformed,
  kChainTooLong,

  // The signer and its chain (step 7).
  kRegionMalformed,
  kDomainMalformed,
  kDomainMismatch,
  kDomainUnknown,
  kSignerNameNotUnique,
  kSignerNameMismatch,
  kSignerIsCa,
  kSignerKeyUnsuitable,
  kCaStoreUnusable,
  kChainUntrusted,
  kChainInvalid,
  kCertificateExpired,
  kCertificateNotYetValid,
  kCertificateWeak,

  // Revocation (step 8).
  kStapleMissing,
  kStapleMalformed,
  kStapleUnsuccessful,
  kStapleOtherCertificate,
  kStapleWeakSignature,
  kStapleResponderUnauthorized,
  kStapleSignatureInvalid,
  kStapleExtensionUnknown,
  kStapleFromFuture,
  kStapleNoNextUpdate,
  kStapleStale,
  kStapleStatusUnknown,
  kCertificateRevoked,

  // The record's signature (step 9).
  kSignatureInvalid,

  // The run as a whole.
  kRunsAsRoot,
  kRunOverran,
  kInternalError,
};

// The step of a reason that can occur at several steps: 3, 4 and 6, which ask metadata; or at any
// of them.
inline constexpr int kStepsOfMetadata = 0;
inline constexpr int kStepOfTheRun = -1;

// A row of the table of reasons (reason.cc).
struct ReasonFacts {
  Reason reason;
  std::string_view slug;  // lower-case words joined by hyphens
  int step;               // of doc/design.md, or one of the two above
  // An outcome of an ordinary login for which no key was pushed. A stranger can cause it at will,
  // so it is not logged.
  bool is_ordinary;
};

const ReasonFacts& FactsOf(Reason reason);

// The slug of `reason`; a literal, never null.
std::string_view Slug(Reason reason);

}  // namespace eic
