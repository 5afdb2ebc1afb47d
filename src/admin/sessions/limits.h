// Every maximum of `sessions`, in one table.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::admin {

// A line of journalctl's output; an entry that is larger is none of ours, sshd's or logind's.
inline constexpr std::size_t kEntryBytesMax = 64 * 1024;

// What is kept of the journal: more lines of logins and keys than that, and --since has to be
// later.
inline constexpr std::size_t kEvidenceMax = 100'000;

// A journal of years on a slow disk.
inline constexpr std::chrono::seconds kJournalTimeMax{300};

// systemd-logind is asked again where a session ended between two questions; then for each alone.
inline constexpr int kListAttemptsMax = 3;

}  // namespace eic::admin
