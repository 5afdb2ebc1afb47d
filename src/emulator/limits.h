// Every maximum of the emulator, in one table.
#pragma once

#include <cstddef>
#include <cstdint>

namespace eic::emulator {

// Requests. Anything beyond is answered with 413 or 414.
inline constexpr std::size_t kTargetBytesMax = 2048;
inline constexpr std::size_t kBodyBytesMax = 1024 * 1024;   // of a hand-made blob
inline constexpr std::size_t kApiBodyBytesMax = 64 * 1024;  // of an API call
// Connections that wait to be taken; net.core.somaxconn is the other bound. One beyond is dropped,
// which its client notices after 1 s (RFC 6298 section 2.1): for an agent that is too late.
inline constexpr int kListenBacklog = 4096;
inline constexpr int kIdleSecondsMax = 2;     // for a connection that asks nothing
inline constexpr int kApiIdleSecondsMax = 5;  // for one of the API, between two requests
inline constexpr int kApiRequestsMax = 100;   // of one connection; metadata takes one
inline constexpr int kReadSecondsMax = 5;
inline constexpr int kConnectionsMax = 512;       // of one listener; further ones wait
inline constexpr int kConnectionSecondsMax = 15;  // a fault lasts shorter
inline constexpr std::uint64_t kConnectionBytesMax = kBodyBytesMax + 64 * 1024;

// Faults.
inline constexpr std::size_t kFaultsMax = 64;
inline constexpr std::size_t kFaultPathsMax = 1024;  // of one that passes once for each
inline constexpr int kFaultSecondsMax = 10;
inline constexpr std::size_t kFaultBytesMax = 64 * 1024 * 1024;

// What is kept in memory.
inline constexpr std::size_t kUsersMax = 256;
inline constexpr std::size_t kKeysPerUserMax = 64;
inline constexpr std::size_t kHandMadeBlobsMax = 16;
inline constexpr std::size_t kEventsMax = 1000;
inline constexpr std::size_t kEventTextBytesMax = 256;

// Session tokens of the metadata service.
inline constexpr std::int64_t kTokenSecondsMin = 1;
inline constexpr std::int64_t kTokenSecondsMax = 21600;

// The fields of SendSSHPublicKey, in characters, as the service's model has them.
inline constexpr std::size_t kInstanceIdCharsMin = 10;
inline constexpr std::size_t kInstanceIdCharsMax = 32;
inline constexpr std::size_t kOsUserCharsMax = 32;
inline constexpr std::size_t kPublicKeyCharsMin = 80;
inline constexpr std::size_t kPublicKeyCharsMax = 4096;
inline constexpr std::size_t kZoneCharsMin = 6;
inline constexpr std::size_t kZoneCharsMax = 32;

// Calls of the API.
inline constexpr std::int64_t kSignatureSkewSecondsMax = 300;
inline constexpr std::size_t kFormParametersMax = 2048;
inline constexpr std::size_t kFormListMax = 1000;     // values of one name
inline constexpr std::size_t kFilterValuesMax = 200;  // of all filters of a call
inline constexpr std::int64_t kMaxResultsMin = 5;     // of DescribeInstances; more than the
inline constexpr std::int64_t kMaxResultsMax = 1000;  // largest is the largest

// Temporary credentials, as the model of STS has them.
inline constexpr std::size_t kTemporaryCredentialsMax = 4096;  // in memory
inline constexpr std::int64_t kSessionSecondsMin = 900;
inline constexpr std::int64_t kSessionSecondsMax = 43200;
inline constexpr std::int64_t kChainedSessionSecondsMax = 3600;
inline constexpr std::int64_t kDefaultSessionSeconds = 3600;
inline constexpr std::size_t kArnCharsMin = 20;
inline constexpr std::size_t kArnCharsMax = 2048;
inline constexpr std::size_t kSessionNameCharsMin = 2;
inline constexpr std::size_t kSessionNameCharsMax = 64;
inline constexpr std::size_t kExternalIdCharsMin = 2;
inline constexpr std::size_t kExternalIdCharsMax = 1224;
inline constexpr std::size_t kMfaSerialCharsMin = 9;
inline constexpr std::size_t kMfaSerialCharsMax = 256;
inline constexpr std::size_t kMfaCodeChars = 6;
inline constexpr std::size_t kWebTokenCharsMin = 4;
inline constexpr std::size_t kWebTokenCharsMax = 20000;
inline constexpr std::int64_t kRoleCredentialSeconds = 21600;  // of instances and containers

// The configuration.
inline constexpr std::size_t kInstancesMax = 64;
inline constexpr std::size_t kCredentialsMax = 64;
inline constexpr std::size_t kRolesMax = 64;
inline constexpr std::size_t kWebIdentityTokensMax = 64;
inline constexpr std::size_t kImagesMax = 256;
inline constexpr std::size_t kTagsMax = 50;  // as EC2 has it, and so are the next two
inline constexpr std::size_t kTagKeyCharsMax = 128;
inline constexpr std::size_t kTagValueCharsMax = 256;
inline constexpr std::size_t kConfiguredListMax = 256;  // of users, addresses, presets
inline constexpr int kHopLimitMax = 64;
inline constexpr std::int64_t kThrottleMax = 1000000;
inline constexpr std::int64_t kClockOffsetSecondsMax = 315360000;  // ten years, either way

// How long a pushed key may be set to live.
inline constexpr std::int64_t kKeySecondsMax = 86400;

}  // namespace eic::emulator
