// Every maximum of eic-chain, in one table. eic-chain(8) says what happens when each is
// reached.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::chain {

// The folder and its files. More members, and a larger file, are refused by name.
inline constexpr std::size_t kMembersMax = 16;
inline constexpr std::size_t kFolderEntriesMax = 256;
inline constexpr std::size_t kMemberFileBytesMax = 16 * 1024;
inline constexpr std::size_t kMemberNameBytesMax = 64;
inline constexpr std::size_t kWordsMax = 64;

// What a member prints. A line for sshd is no longer than its largest key and the options before
// it.
inline constexpr std::size_t kOutputLineBytesMax = 16 * 1024;
inline constexpr std::size_t kOutputBytesMax = 1024 * 1024;

// One member, unless its file says otherwise.
inline constexpr std::chrono::seconds kMemberTimeDefault{10};
inline constexpr std::chrono::seconds kMemberTimeMax{60};

// The whole run, unless --timeout says otherwise. sshd asks twice for a login, and for each key
// that the client offers before the right one, all within LoginGraceTime: 120 seconds by default.
inline constexpr std::chrono::seconds kRunTimeDefault{30};
inline constexpr std::chrono::seconds kRunTimeMax{100};

// How much longer than the run the collector may take to print before the keeper kills it.
inline constexpr std::chrono::seconds kCollectorGrace{5};

}  // namespace eic::chain
