// Every maximum of src/aws, in one table.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace eic::aws {

// AWS's files. A config of 500 profiles has some 100 KB.
inline constexpr std::size_t kConfigFileBytesMax = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t kConfigSectionsMax = 20000;
inline constexpr std::size_t kCacheFileBytesMax = 64 * 1024;
inline constexpr std::size_t kTokenFileBytesMax = 64 * 1024;
inline constexpr int kProfileChainMax = 16;  // profiles that lead to one another by source_profile

// Words of credential_process.
inline constexpr std::size_t kCommandWordsMax = 256;

// Answers. A page of 500 instances with 50 tags each has some 8 MB.
inline constexpr std::size_t kEc2AnswerBytesMax = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kAnswerBytesMax = 256 * 1024;
inline constexpr std::size_t kAnswerHeadersBytesMax = 64 * 1024;
inline constexpr std::size_t kErrorTextBytesMax = 2000;  // of AWS's message that is kept
inline constexpr int kPageSize = 500;
inline constexpr int kPagesMax = 200;

// A call to a service: each attempt, and how many.
inline constexpr std::chrono::milliseconds kConnectTimeMax{10000};
inline constexpr std::chrono::milliseconds kCallTimeMax{60000};
inline constexpr int kAttemptsDefault = 3;
inline constexpr int kAttemptsMax = 100;  // of AWS_MAX_ATTEMPTS
inline constexpr double kBackoffSecondsMax = 20;

// A clock that differs from the service's by more is corrected.
inline constexpr std::int64_t kClockSkewSeconds = 240;

// Instance metadata: one attempt, as AWS's own clients do it. Container credentials: three.
inline constexpr std::chrono::milliseconds kMetadataTimeMax{1000};
inline constexpr std::chrono::milliseconds kContainerTimeMax{2000};
inline constexpr int kContainerAttemptsMax = 3;

// Programs that are run for credentials: credential_process may ask a person, `aws` asks servers.
inline constexpr std::chrono::milliseconds kCredentialProcessTimeMax{120000};
inline constexpr std::chrono::milliseconds kAwsCliTimeMax{60000};
inline constexpr std::size_t kProgramOutputBytesMax = 64 * 1024;

// How long a login waits while another one asks its person for the MFA code.
inline constexpr std::chrono::milliseconds kMfaLockTimeMax{180000};

// Cached role credentials count as expired from then on, as the AWS CLI has it.
inline constexpr std::int64_t kCachedSecondsLeftMin = 15 * 60;
// Credentials of an open Api are resolved again from then on.
inline constexpr std::int64_t kHeldSecondsLeftMin = 60;

}  // namespace eic::aws
