// Every maximum of the agent, in one table. A size or count that has no row here has no limit, and
// that is a defect. doc/design.md, "Limits", says what happens when each limit is reached.
#pragma once

#include <cstddef>
#include <cstdint>

namespace eic {

// The request.
inline constexpr std::size_t kUserNameBytesMax = 255;  // LOGIN_NAME_MAX, sysconf(3) less the NUL

// What the host supplies: an entry of NSS, a file of sysfs.
inline constexpr std::size_t kUserEntryBytesMax = 1024 * 1024;
inline constexpr std::size_t kSysfsAttributeBytesMax = 128;
inline constexpr std::size_t kProcStatusBytesMax =
    1024;  // the lines of /proc/PID/status that are read
inline constexpr std::size_t kBundleBytesMax = 16UL * 1024 * 1024;

// Answers of the metadata service. A larger answer is refused, not cut.
inline constexpr std::size_t kResponseHeadersBytesMax = 16 * 1024;
inline constexpr std::size_t kTokenBytesMax = 1024;
inline constexpr std::size_t kShortValueBytesMax = 256;  // region, domain, instance id
inline constexpr std::size_t kBlobBytesMax = 512 * 1024;
inline constexpr std::size_t kChainPemBytesMax = 64 * 1024;
inline constexpr std::size_t kStapleListBytesMax = 16 * 1024;
inline constexpr std::size_t kStapleBase64BytesMax = 32 * 1024;

// The blob and its records.
inline constexpr std::size_t kRecordsMax = 128;
inline constexpr std::size_t kLineBytesMax = 16 * 1024;
inline constexpr std::size_t kMetadataLinesMax = 32;
inline constexpr std::size_t kSignatureLinesMax = 128;
inline constexpr std::size_t kSignatureBase64BytesMax = 4 * 1024;

// Keys that are printed. 16384 bits is also OpenSSH's maximum.
inline constexpr int kPrintedRsaBitsMin = 2048;
inline constexpr int kPrintedRsaBitsMax = 16384;

// The signer. `kSecurityBitsMin` is what X509_VERIFY_PARAM_set_auth_level(3) calls level 2.
inline constexpr int kSignerRsaBitsMin = 2048;
inline constexpr std::size_t kChainCertificatesMax = 8;
inline constexpr int kAuthLevel = 2;
inline constexpr int kSecurityBitsMin = 112;

// The search for another path where the first one does not hold (core/other_paths.h). A step is a
// certificate looked at as the issuer of another one. Keys beyond kOtherPathKeyBitsMax are left
// out: checking with them is slow.
inline constexpr std::size_t kOtherPathsMax = 32;
inline constexpr int kOtherPathSignaturesMax = 64;
inline constexpr int kOtherPathKeyBitsMax = 8192;
inline constexpr std::size_t kOtherPathStepsMax = 2048;

// Staples.
inline constexpr std::size_t kStaplesMax = 16;
inline constexpr int kSingleResponsesMax = 64;
inline constexpr std::size_t kRespondersMax = 8;  // of the name that one staple gives
inline constexpr std::int64_t kClockSkewMaxSeconds = 300;

// The label of a session (agent/caller_label.h). ARNs of assumed roles have up to 2048 bytes on
// paper, and sshd takes lines of 8 KiB and more.
inline constexpr std::size_t kCallerLabelBytesMax = 2048;

// What is written to the log.
inline constexpr std::size_t kLoggedValueBytesMax = 256;
inline constexpr std::size_t kRefusalLinesMax = 16;

// What the process leaves itself (host/confinement.h).
inline constexpr std::size_t kDescriptorsMax = 64;
inline constexpr std::size_t kDataBytesMax = 512UL * 1024 * 1024;  // beside what it has by then

}  // namespace eic
