// Every maximum of time and connections of a login, in one table. core/limits.h has sizes and
// counts. doc/design.md, "Time", says what they add up to for a login.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic {

// The whole run, unless --timeout says otherwise.
inline constexpr std::chrono::seconds kRunTimeDefault{5};
inline constexpr std::chrono::seconds kRunTimeMax{60};

// Reserved from the run's time for the steps after the network: verification, audit, output.
inline constexpr std::chrono::milliseconds kVerifyTime{200};

// The search for another path from the signer to an anchor, if the first one fails. Part of
// kVerifyTime.
inline constexpr std::chrono::milliseconds kOtherPathsTimeMax{100};

// One request, to the last byte of its answer: waiting for one of kConnectionsMax is part of it.
inline constexpr std::chrono::milliseconds kRequestTimeMax{1000};

// Opening the connection, in two tries of which the first has a third: the kernel repeats a lost
// SYN only after 1 s (RFC 6298 section 2.1), and a request has no more. A silent IPv4 service and
// then a silent IPv6 one together stay within kRequestTimeMax.
inline constexpr std::chrono::milliseconds kConnectTimeMax{700};
inline constexpr std::chrono::milliseconds kFallbackConnectTimeMax{300};

// Before the one retry of a request that got 429 or an error of the service.
inline constexpr std::chrono::milliseconds kRetryPause{100};

// The metadata service limits simultaneous connections.
inline constexpr long kConnectionsMax = 4;

// The total wait for a full syslog socket in one run.
inline constexpr std::chrono::milliseconds kLogWaitMax{150};

}  // namespace eic
