// Every maximum of `sessions`, in one table.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::admin {

// A line of journalctl's output; an entry that is larger is none of ours, sshd's or logind's.
inline constexpr std::size_t kEntryBytesMax = 64 * 1024;

// What is kept of the journal for one question. Of more, the newest are kept, some three quarters,
// and what says nothing about a login goes first: who may log in can write as much as they like.
inline constexpr std::size_t kEvidenceMax = 100'000;

// Open sessions from before --since whose beginning is looked for in the journal; the newest.
inline constexpr std::size_t kOlderMax = 200;

// A journal of years on a slow disk.
inline constexpr std::chrono::seconds kJournalTimeMax{300};

// systemd-logind is asked again where a session ended between two questions; then for each alone.
inline constexpr int kListAttemptsMax = 3;

}  // namespace eic::admin
