// Every maximum of the proxy, in one table.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::client {

// Without ConnectTimeout of ssh: from the first address's try to the end of the last one's.
inline constexpr std::chrono::seconds kConnectTimeMax{20};
// Before the next address is tried beside one that has not answered yet.
inline constexpr std::chrono::seconds kNextAddressAfter{2};
inline constexpr std::size_t kAddressesMax = 8;

// The service gives a pushed key 60 s. One older than this is pushed again before ssh uses it.
inline constexpr std::chrono::seconds kPushAgainAfter{45};
// New keys, where the keeper that had one was killed.
inline constexpr int kKeysMax = 3;

// `ssh -G` reads files; what takes longer hangs at somebody's `Match exec`.
inline constexpr std::chrono::seconds kSshAnswersTimeMax{3};
inline constexpr std::size_t kSshAnswersBytesMax = std::size_t{256} * 1024;

// A person looks for the device and types.
inline constexpr std::chrono::seconds kMfaTimeMax{300};
inline constexpr int kMfaTriesMax = 3;

}  // namespace eic::client
