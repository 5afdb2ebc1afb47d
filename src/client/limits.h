// Every maximum of what the client reads, writes and waits for. The keeper and the proxy have
// theirs beside them.
#pragma once

#include <cstddef>

namespace eic::client {

// The file that the person writes, ~/.config/eic/config.
inline constexpr std::size_t kSettingsBytesMax = 64 * 1024;

// remembered.json: instances, the newest kept; and the file itself.
inline constexpr std::size_t kRememberedMax = 1000;
inline constexpr std::size_t kRememberedBytesMax = 1024 * 1024;
// How long one process waits for another that is just writing it.
inline constexpr int kRememberedWaitMs = 1000;

// ~/.ssh/config, where the block is installed.
inline constexpr std::size_t kSshConfigBytesMax = 1024 * 1024;
// Generated -F files in run/, the newest kept.
inline constexpr std::size_t kRunFilesMax = 256;

// What `ssh -G`, `ssh -V`, `ssh -O check` and ssh-keygen may take and say. A Match exec of the
// person's own configuration may ask a slow service.
inline constexpr int kSshAnswerMs = 15000;
inline constexpr std::size_t kSshAnswerBytesMax = 256 * 1024;

// A public key for `eic push`; SendSSHPublicKey takes 4096 bytes.
inline constexpr std::size_t kPublicKeyBytesMax = 16 * 1024;

// last-failure, as `eic why --last` prints it.
inline constexpr std::size_t kLastFailureBytesMax = 64 * 1024;
// known_hosts, as `eic forget` looks through it.
inline constexpr std::size_t kKnownHostsBytesMax = 4 * 1024 * 1024;

// Instances that a SeveralInstances failure lists.
inline constexpr std::size_t kListedInstancesMax = 20;
// One value of AWS's in a message or in a table.
inline constexpr std::size_t kShownValueBytesMax = 256;
// A whole message.
inline constexpr std::size_t kShownMessageBytesMax = 8 * 1024;

}  // namespace eic::client
