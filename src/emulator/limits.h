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
inline constexpr int kIdleSecondsMax = 2;  // for a connection that asks nothing
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
inline constexpr std::size_t kFormListMax = 200;  // values of one name

// The configuration.
inline constexpr std::size_t kInstancesMax = 64;
inline constexpr std::size_t kCredentialsMax = 64;
inline constexpr std::size_t kConfiguredListMax = 256;  // of users, addresses, presets
inline constexpr int kHopLimitMax = 64;
inline constexpr std::int64_t kThrottleMax = 1000000;
inline constexpr std::int64_t kClockOffsetSecondsMax = 315360000;  // ten years, either way

// How long a pushed key may be set to live.
inline constexpr std::int64_t kKeySecondsMax = 86400;

}  // namespace eic::emulator
