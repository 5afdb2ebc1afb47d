#include "console/worker/sftp_wire.h"

#include "client/signing/wire.h"

namespace eic::console {
namespace {

using client::AppendByte;
using client::AppendString;
using client::AppendUint32;
using client::WireReader;

// Types of packets, and the bits of attributes and of an open.
constexpr std::uint8_t kInit = 1;
constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kOpen = 3;
constexpr std::uint8_t kClose = 4;
constexpr std::uint8_t kRead = 5;
constexpr std::uint8_t kWrite = 6;
constexpr std::uint8_t kStatLink = 7;
constexpr std::uint8_t kSetAttributesOfOpen = 10;
constexpr std::uint8_t kOpenFolder = 11;
constexpr std::uint8_t kReadFolder = 12;
constexpr std::uint8_t kRemove = 13;
constexpr std::uint8_t kRealPath = 16;
constexpr std::uint8_t kStat = 17;
constexpr std::uint8_t kRename = 18;
constexpr std::uint8_t kStatus = 101;
constexpr std::uint8_t kHandle = 102;
constexpr std::uint8_t kData = 103;
constexpr std::uint8_t kName = 104;
constexpr std::uint8_t kAttributes = 105;
constexpr std::uint8_t kExtended = 200;
constexpr std::uint32_t kVersionNumber = 3;
constexpr std::uint32_t kHasSize = 1;
constexpr std::uint32_t kHasOwner = 2;
constexpr std::uint32_t kHasMode = 4;
constexpr std::uint32_t kHasTimes = 8;
constexpr std::uint32_t kHasExtended = 0x80000000;
constexpr std::uint32_t kToRead = 1;
constexpr std::uint32_t kToWrite = 2;
constexpr std::uint32_t kToCreate = 8;
constexpr std::uint32_t kToBeNew = 0x20;
constexpr std::string_view kPosixRename = "posix-rename@openssh.com";
constexpr std::size_t kHandleBytesMax = 256;

void AppendUint64(std::string& body, std::uint64_t value) {
  AppendUint32(body, static_cast<std::uint32_t>(value >> 32));
  AppendUint32(body, static_cast<std::uint32_t>(value));
}

std::string Request(std::uint8_t type, std::uint32_t id) {
  std::string body;
  AppendByte(body, type);
  AppendUint32(body, id);
  return body;
}

std::string RequestOf(std::uint8_t type, std::uint32_t id, std::string_view text) {
  std::string body = Request(type, id);
  AppendString(body, text);
  return body;
}

std::optional<SftpAttributes> ReadAttributes(WireReader& reader) {
  SftpAttributes attributes;
  const auto flags = reader.NextUint32();
  if (!flags) return std::nullopt;
  if ((*flags & kHasSize) != 0) {
    const auto high = reader.NextUint32();
    const auto low = reader.NextUint32();
    if (!high || !low) return std::nullopt;
    attributes.size = std::uint64_t{*high} << 32 | *low;
  }
  if ((*flags & kHasOwner) != 0 && (!reader.NextUint32() || !reader.NextUint32())) {
    return std::nullopt;
  }
  if ((*flags & kHasMode) != 0) {
    attributes.mode = reader.NextUint32();
    if (!attributes.mode) return std::nullopt;
  }
  if ((*flags & kHasTimes) != 0) {
    const auto accessed = reader.NextUint32();
    const auto modified = reader.NextUint32();
    if (!accessed || !modified) return std::nullopt;
    attributes.modified = *modified;
  }
  if ((*flags & kHasExtended) == 0) return attributes;
  const auto count = reader.NextUint32();
  if (!count) return std::nullopt;
  // Each takes bytes of the packet: what the count says beyond them ends it.
  for (std::uint32_t i = 0; i < *count; ++i) {
    if (!reader.NextString() || !reader.NextString()) return std::nullopt;
  }
  return attributes;
}

std::optional<SftpNames> ReadNames(WireReader& reader) {
  SftpNames names;
  const auto count = reader.NextUint32();
  if (!count) return std::nullopt;
  for (std::uint32_t i = 0; i < *count; ++i) {
    const auto name = reader.NextString();
    const auto long_name = reader.NextString();
    if (!name || !long_name) return std::nullopt;
    const auto attributes = ReadAttributes(reader);
    if (!attributes) return std::nullopt;
    names.names.push_back({*name, *attributes});
  }
  return names;
}

std::optional<SftpStatus> ReadStatus(WireReader& reader) {
  const auto code = reader.NextUint32();
  if (!code) return std::nullopt;
  SftpStatus status{*code, {}};
  if (reader.AtEnd()) return status;  // as of version 2, which some still send
  const auto words = reader.NextString();
  if (!words) return std::nullopt;
  status.words = *words;
  (void)reader.Rest();  // the language
  return status;
}

}  // namespace

std::optional<SftpVersion> ParseSftpVersion(std::string_view packet) {
  WireReader reader(packet);
  const auto type = reader.NextByte();
  const auto version = reader.NextUint32();
  if (!type || *type != kVersion || !version || *version < kVersionNumber) return std::nullopt;
  SftpVersion parsed;
  while (!reader.AtEnd()) {
    const auto name = reader.NextString();
    const auto data = reader.NextString();
    if (!name || !data) return std::nullopt;
    if (*name == kPosixRename) parsed.renames_over = true;
  }
  return parsed;
}

std::optional<SftpAnswer> ParseSftpAnswer(std::string_view packet) {
  WireReader reader(packet);
  const auto type = reader.NextByte();
  const auto id = reader.NextUint32();
  if (!type || !id) return std::nullopt;
  SftpAnswer answer;
  answer.id = *id;
  const auto take = [&](const auto& body) {
    if (!body || !reader.AtEnd()) return false;
    answer.body = *body;
    return true;
  };
  bool is_whole = false;
  switch (*type) {
    case kStatus:
      is_whole = take(ReadStatus(reader));
      break;
    case kHandle:
      // An empty one is refused: to whoever keeps it, no handle and that one would be the same.
      if (const auto handle = reader.NextString();
          handle && !handle->empty() && handle->size() <= kHandleBytesMax) {
        is_whole = take(std::optional<SftpHandle>(SftpHandle{*handle}));
      }
      break;
    case kData:
      if (const auto bytes = reader.NextString()) {
        is_whole = take(std::optional<SftpData>(SftpData{*bytes}));
      }
      break;
    case kName:
      is_whole = take(ReadNames(reader));
      break;
    case kAttributes:
      is_whole = take(ReadAttributes(reader));
      break;
    default:
      break;
  }
  if (!is_whole) return std::nullopt;
  return answer;
}

std::string SftpInit() {
  std::string body;
  AppendByte(body, kInit);
  AppendUint32(body, kVersionNumber);
  return client::Framed(body);
}

std::string SftpAskPath(std::uint32_t id, SftpPathRequest what, std::string_view path) {
  std::uint8_t type = kStat;
  switch (what) {
    case SftpPathRequest::kOpenFolder:
      type = kOpenFolder;
      break;
    case SftpPathRequest::kRealPath:
      type = kRealPath;
      break;
    case SftpPathRequest::kStat:
      break;
    case SftpPathRequest::kStatLink:
      type = kStatLink;
      break;
    case SftpPathRequest::kRemove:
      type = kRemove;
      break;
  }
  return client::Framed(RequestOf(type, id, path));
}

std::string SftpOpenToRead(std::uint32_t id, std::string_view path) {
  std::string body = RequestOf(kOpen, id, path);
  AppendUint32(body, kToRead);
  AppendUint32(body, 0);
  return client::Framed(body);
}

std::string SftpCreate(std::uint32_t id, std::string_view path, std::optional<std::uint32_t> mode) {
  std::string body = RequestOf(kOpen, id, path);
  AppendUint32(body, kToWrite | kToCreate | kToBeNew);
  AppendUint32(body, mode ? kHasMode : 0);
  if (mode) AppendUint32(body, *mode);
  return client::Framed(body);
}

std::string SftpSetMode(std::uint32_t id, std::string_view handle, std::uint32_t mode) {
  std::string body = RequestOf(kSetAttributesOfOpen, id, handle);
  AppendUint32(body, kHasMode);
  AppendUint32(body, mode);
  return client::Framed(body);
}

std::string SftpReadFolder(std::uint32_t id, std::string_view handle) {
  return client::Framed(RequestOf(kReadFolder, id, handle));
}

std::string SftpClose(std::uint32_t id, std::string_view handle) {
  return client::Framed(RequestOf(kClose, id, handle));
}

std::string SftpRead(std::uint32_t id, std::string_view handle, std::uint64_t offset,
                     std::uint32_t bytes) {
  std::string body = RequestOf(kRead, id, handle);
  AppendUint64(body, offset);
  AppendUint32(body, bytes);
  return client::Framed(body);
}

std::string SftpWrite(std::uint32_t id, std::string_view handle, std::uint64_t offset,
                      std::string_view bytes) {
  std::string body = RequestOf(kWrite, id, handle);
  AppendUint64(body, offset);
  AppendString(body, bytes);
  return client::Framed(body);
}

std::string SftpRename(std::uint32_t id, std::string_view from, std::string_view to,
                       bool replaces) {
  std::string body =
      replaces ? RequestOf(kExtended, id, kPosixRename) : RequestOf(kRename, id, from);
  if (replaces) AppendString(body, from);
  AppendString(body, to);
  return client::Framed(body);
}

}  // namespace eic::console
