// Every maximum of the keeper, in one table.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::client {

// The service gives a pushed key 60 s (its documentation), and its clock may be a little off.
inline constexpr std::chrono::seconds kPushedKeyTimeMax{65};

// A key that nobody has pushed yet: a person may be typing an MFA code, or logging in to SSO.
inline constexpr std::chrono::seconds kUnpushedKeyTimeMax{600};

// After its start the keeper waits so long for its first request.
inline constexpr std::chrono::seconds kFirstRequestTimeMax{5};

// One request at the keeper's door and its answer.
inline constexpr std::chrono::seconds kControlTimeMax{5};

// A client's whole call: starting the keeper, starting over, waiting for 60 RSA keys before its
// own.
inline constexpr std::chrono::seconds kCallTimeMax{20};
inline constexpr std::chrono::seconds kStartTimeMax{5};
inline constexpr std::chrono::milliseconds kRetryPause{5};
inline constexpr std::chrono::milliseconds kBusyPause{50};

// How often what the kernel does not report is looked at: processes without pidfd.
inline constexpr std::chrono::milliseconds kLookPeriod{500};
// Before connections are accepted again, when descriptors have run out.
inline constexpr std::chrono::milliseconds kAcceptPause{100};

inline constexpr std::size_t kLoginsMax = 256;
inline constexpr std::size_t kConnectionsMax = 512;
inline constexpr std::size_t kProcessesOfLoginMax = 8;

inline constexpr std::size_t kControlMessageBytesMax = std::size_t{16} * 1024;
inline constexpr std::size_t kAgentMessageBytesMax = std::size_t{64} * 1024;
inline constexpr std::size_t kHostNamesMax = 16;
inline constexpr std::size_t kNameBytesMax = 1024;
inline constexpr std::size_t kOneWayBytesMax = std::size_t{64} * 1024;

}  // namespace eic::client
