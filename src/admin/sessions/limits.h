// Every maximum of `sessions`, in one table.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::admin {

// A line of journalctl's output; an entry that is larger is none of ours, sshd's or logind's.
inline constexpr std::size_t kEntryBytesMax = 64 * 1024;

// What is kept of the journal: more lines of logins and keys than that, and --since has to be
// later.
inline constexpr std::size_t kEvidenceMax = 500'000;

// A journal of years on a slow disk.
inline constexpr std::chrono::seconds kJournalTimeMax{300};

// Sessions of sshd that are open, and for each of which the journal is asked where its login lies
// before --since.
inline constexpr std::size_t kLiveSessionsMax = 1000;

}  // namespace eic::admin
