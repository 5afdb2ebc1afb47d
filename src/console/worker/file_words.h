// Translates an instance's answers over SFTP into the terms of the link; for files.cc and
// transfers.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "console/limits.h"
#include "console/link/packet.h"
#include "console/worker/sftp_wire.h"

namespace eic::console {

// Of a mode, as stat(2) has it.
inline constexpr std::uint32_t kTypeBits = 0170000;
inline constexpr std::uint32_t kFolderType = 0040000;
inline constexpr std::uint32_t kFileType = 0100000;
inline constexpr std::uint32_t kLinkType = 0120000;

inline Done::How HowOf(const SftpStatus& status) {
  if (status.code == kSftpNoSuchFile) return Done::How::kNotFound;
  if (status.code == kSftpPermissionDenied) return Done::How::kNotPermitted;
  return Done::How::kFailed;
}

inline Done DoneOf(Done::Of of, Done::How how, std::string_view words) {
  return {of, how, std::string(words.substr(0, kValueBytesMax))};
}

inline Name::Kind KindOf(const SftpAttributes& attributes) {
  switch (attributes.mode.value_or(0) & kTypeBits) {
    case kFolderType:
      return Name::Kind::kFolder;
    case kFileType:
      return Name::Kind::kFile;
    case kLinkType:
      return Name::Kind::kLink;
    default:
      return Name::Kind::kOther;
  }
}

inline bool IsFolder(const SftpAttributes& attributes) {
  return KindOf(attributes) == Name::Kind::kFolder;
}
inline bool IsFile(const SftpAttributes& attributes) {
  return KindOf(attributes) == Name::Kind::kFile;
}

template <typename T>
const T* As(const SftpAnswer& answer) {
  return std::get_if<T>(&answer.body);
}

inline bool IsOk(const SftpAnswer& answer) {
  const auto* status = As<SftpStatus>(answer);
  return status != nullptr && status->code == kSftpOk;
}

// The status of an answer; an error if it is an answer of another kind.
inline SftpStatus StatusOf(const SftpAnswer& answer) {
  const auto* status = As<SftpStatus>(answer);
  return status != nullptr ? *status : SftpStatus{UINT32_MAX, "an answer of another kind"};
}

}  // namespace eic::console
