// Every maximum of the administrator's program, in one table.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::admin {

// A file that is read: sshd_config, a unit, the journal. A larger one is refused, not cut.
inline constexpr std::size_t kFileBytesMax = 1024 * 1024;

// Include in Include, as sshd itself has it (SERVCONF_MAX_DEPTH).
inline constexpr int kIncludeDepthMax = 16;
// Files that Include lines read; a file that is read twice counts twice.
inline constexpr std::size_t kConfigFilesMax = 4096;

// A program's output that is kept; the rest is dropped.
inline constexpr std::size_t kOutputBytesMax = 256 * 1024;

// sshd -t and -T resolve names of users and groups, which a directory service may delay.
inline constexpr std::chrono::seconds kCheckTimeMax{30};

// systemctl waits for the unit; TimeoutStartSec is 90 seconds by default.
inline constexpr std::chrono::seconds kServiceTimeMax{120};

// What doctor and explain do as the command's user: longer than the agent itself may take.
inline constexpr std::chrono::seconds kAsUserTimeMax{70};
// A program that such a process runs. It is killed before the process, which could no longer kill
// it.
inline constexpr std::chrono::seconds kProgramOfUserTimeMax{kAsUserTimeMax -
                                                            std::chrono::seconds{5}};

// doctor --login: one login, with all that PAM's modules and a shell's start-up files do.
inline constexpr std::chrono::seconds kLoginTimeMax{40};
// How long to wait for its client, and for sshd after the client has ended.
inline constexpr std::chrono::seconds kLoginEdgeTimeMax{10};

// doctor --account: what PAM's modules may take, one of which may wait for a directory service.
inline constexpr std::chrono::seconds kPamTimeMax{5};

// How long to wait for another run of this program.
inline constexpr std::chrono::seconds kLockTimeMax{60};

// An administrator's edits of our block that are kept beside each other: .saved, .saved.1, ...
inline constexpr int kSavedFilesMax = 100;

// Match blocks with a command or user of their own that sshd is asked about, at some 50 ms each;
// the others are read from the files.
inline constexpr std::size_t kMatchBlocksAskedMax = 16;

// Lines set aside, one after the other, until the wanted command counts.
inline constexpr int kSetAsideRoundsMax = 32;

}  // namespace eic::admin
