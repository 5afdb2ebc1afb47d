// Every maximum of time and connections of a login, in one table. Sizes and counts stand in
// core/limits.h. What they add up to for a login stands in doc/design.md, "Time".
#pragma once

#include <chrono>
#include <cstddef>

namespace eic {

// The whole run, unless --timeout says otherwise.
inline constexpr std::chrono::seconds kRunTimeDefault{5};
inline constexpr std::chrono::seconds kRunTimeMax{60};

// Kept back from the run's time for what follows the network: verification, audit, output.
inline constexpr std::chrono::milliseconds kVerifyTime{200};

// Looking for another path from the signer to an anchor, where the first one does not hold. Part of
// kVerifyTime.
inline constexpr std::chrono::milliseconds kOtherPathsTimeMax{100};

// One request, to the last byte of its answer: waiting for one of kConnectionsMax is part of it.
inline constexpr std::chrono::milliseconds kRequestTimeMax{1000};

// Opening the connection, in two tries of which the first has a third: the kernel sends a SYN that
// got lost again after 1 s (RFC 6298 section 2.1), and a request has no more. A silent IPv4 service
// and then a silent IPv6 one together stay within kRequestTimeMax.
inline constexpr std::chrono::milliseconds kConnectTimeMax{700};
inline constexpr std::chrono::milliseconds kFallbackConnectTimeMax{300};

// Before the one retry of a request that was throttled or met an error of the service.
inline constexpr std::chrono::milliseconds kRetryPause{100};

// The metadata service limits simultaneous connections.
inline constexpr long kConnectionsMax = 4;

// All waiting for a syslog socket that is full, in one run.
inline constexpr std::chrono::milliseconds kLogWaitMax{150};

}  // namespace eic
