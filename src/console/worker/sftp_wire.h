// SFTP version 3 (draft-ietf-secsh-filexfer-02), as far as a client needs it: prints requests and
// parses answers.
//
// libssh's own client waits for each answer before it sends the next request: one block per round
// trip, and an instance that does not answer would block the process. So this makes the packets,
// and libssh only carries them.
//
//   packet  := length:uint32 type:byte body
//   version := VERSION version:uint32 (string(extension) string(data))*
//   answer  := type:byte id:uint32 (status | handle | data | names | attributes)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace eic::console {

// Codes of a status.
inline constexpr std::uint32_t kSftpOk = 0;
inline constexpr std::uint32_t kSftpEof = 1;
inline constexpr std::uint32_t kSftpNoSuchFile = 2;
inline constexpr std::uint32_t kSftpPermissionDenied = 3;

// An answer borrows from its packet.
struct SftpStatus {
  std::uint32_t code = 0;
  std::string_view words;
};
struct SftpHandle {
  std::string_view handle;  // not empty
};
struct SftpData {
  std::string_view bytes;
};
struct SftpAttributes {
  std::optional<std::uint64_t> size;
  std::optional<std::uint32_t> mode;  // type and permissions, as in stat(2)
  std::uint32_t modified = 0;
};
struct SftpName {
  std::string_view name;
  SftpAttributes attributes;
};
struct SftpNames {
  std::vector<SftpName> names;
};
struct SftpAnswer {
  std::uint32_t id = 0;
  std::variant<SftpStatus, SftpHandle, SftpData, SftpNames, SftpAttributes> body;
};
struct SftpVersion {
  bool renames_over = false;  // posix-rename@openssh.com
};

// Nothing if the packet does not match the grammar above, or has a version below 3. `packet` is
// without its length.
std::optional<SftpVersion> ParseSftpVersion(std::string_view packet);
std::optional<SftpAnswer> ParseSftpAnswer(std::string_view packet);

// Requests, with their length.
std::string SftpInit();
enum class SftpPathRequest { kOpenFolder, kRealPath, kStat, kStatLink, kRemove };
std::string SftpAskPath(std::uint32_t id, SftpPathRequest what, std::string_view path);
std::string SftpOpenToRead(std::uint32_t id, std::string_view path);
// Makes a file that must not exist; with these permissions, or the instance's default.
std::string SftpCreate(std::uint32_t id, std::string_view path, std::optional<std::uint32_t> mode);
// The permissions of the open file; those of SftpCreate an instance narrows by its umask.
std::string SftpSetMode(std::uint32_t id, std::string_view handle, std::uint32_t mode);
std::string SftpReadFolder(std::uint32_t id, std::string_view handle);
std::string SftpClose(std::uint32_t id, std::string_view handle);
std::string SftpRead(std::uint32_t id, std::string_view handle, std::uint64_t offset,
                     std::uint32_t bytes);
std::string SftpWrite(std::uint32_t id, std::string_view handle, std::uint64_t offset,
                      std::string_view bytes);
// Fails if `to` exists; with `replaces`, which needs renames_over, replaces it.
std::string SftpRename(std::uint32_t id, std::string_view from, std::string_view to, bool replaces);

}  // namespace eic::console
