// Every maximum of the administrator's program, in one table.
#pragma once

#include <chrono>
#include <cstddef>

namespace eic::admin {

// A file that is read: sshd_config, a unit, the journal. A larger one is refused, not cut.
inline constexpr std::size_t kFileBytesMax = 1024 * 1024;

// Include in Include, as sshd itself has it (SERVCONF_MAX_DEPTH).
inline constexpr int kIncludeDepthMax = 16;
// Files that Include lines read, one that is read again included.
inline constexpr std::size_t kConfigFilesMax = 4096;

// What a program may print; the rest is thrown away.
inline constexpr std::size_t kOutputBytesMax = 256 * 1024;

// sshd -t and -T resolve names of users and groups, which a directory service may delay.
inline constexpr std::chrono::seconds kCheckTimeMax{30};

// systemctl waits for the unit; TimeoutStartSec is 90 seconds by default.
inline constexpr std::chrono::seconds kServiceTimeMax{120};

// doctor and explain, what is done as the command's user: longer than the agent itself may take.
inline constexpr std::chrono::seconds kAsUserTimeMax{70};
// A program that such a process runs: it is ended before the process is, which could not do it
// then.
inline constexpr std::chrono::seconds kProgramOfUserTimeMax{kAsUserTimeMax -
                                                            std::chrono::seconds{5}};

// doctor --login: one login, with all that PAM's modules and a shell's start-up files do.
inline constexpr std::chrono::seconds kLoginTimeMax{40};
// The client of it is waited for, and sshd after the client has ended.
inline constexpr std::chrono::seconds kLoginEdgeTimeMax{10};

// doctor --account: what PAM's modules may take, one of which may wait for a directory service.
inline constexpr std::chrono::seconds kPamTimeMax{5};

// One other run of this program is waited for.
inline constexpr std::chrono::seconds kLockTimeMax{60};

// An administrator's edits of our block that are kept beside each other: .saved, .saved.1, ...
inline constexpr int kSavedFilesMax = 100;

// Match blocks with a command or user of their own that sshd is asked about, at some 50 ms each;
// the others are read from the files.
inline constexpr std::size_t kMatchBlocksAskedMax = 16;

// Lines set aside, one after the other, until the wanted command counts.
inline constexpr int kSetAsideRoundsMax = 32;

}  // namespace eic::admin
