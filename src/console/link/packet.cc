#include "console/link/packet.h"

#include "client/signing/wire.h"
#include "console/limits.h"

namespace eic::console {
namespace {

using client::AppendByte;
using client::AppendString;
using client::AppendUint32;
using client::WireReader;

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

std::string Of(char kind) { return std::string(1, kind); }

std::string Bytes(char kind, std::string_view bytes) {
  std::string packet = Of(kind);
  packet.append(bytes);
  return packet;
}

std::string Number(char kind, std::uint32_t value) {
  std::string packet = Of(kind);
  AppendUint32(packet, value);
  return packet;
}

bool ReadText(WireReader& reader, std::size_t bytes_max, std::string* text) {
  const auto value = reader.NextString();
  if (!value || value->size() > bytes_max) return false;
  *text = std::string(*value);
  return true;
}

bool ReadSize(WireReader& reader, std::uint32_t* columns, std::uint32_t* rows) {
  const auto width = reader.NextUint32();
  const auto height = reader.NextUint32();
  if (!width || !height || *width == 0 || *height == 0) return false;
  if (*width > kColumnsMax || *height > kRowsMax) return false;
  *columns = *width;
  *rows = *height;
  return true;
}

bool ReadFlag(WireReader& reader, bool* flag) {
  const auto value = reader.NextByte();
  if (!value || *value > 1) return false;
  *flag = *value == 1;
  return true;
}

bool ReadUint64(WireReader& reader, std::uint64_t* number) {
  const auto high = reader.NextUint32();
  const auto low = reader.NextUint32();
  if (!high || !low) return false;
  *number = std::uint64_t{*high} << 32 | *low;
  return true;
}

void AppendUint64(std::string& packet, std::uint64_t value) {
  AppendUint32(packet, static_cast<std::uint32_t>(value >> 32));
  AppendUint32(packet, static_cast<std::uint32_t>(value));
}

// A path that fills the rest of the packet.
bool ReadPath(WireReader& reader, std::string* path) {
  return ReadText(reader, kPathBytesMax, path) && reader.AtEnd() && IsPath(*path);
}

// A number, not 0, that fills the rest of the packet.
std::optional<std::uint32_t> LastNumber(WireReader& reader) {
  const auto value = reader.NextUint32();
  if (!value || *value == 0 || !reader.AtEnd()) return std::nullopt;
  return value;
}

std::optional<ToWorker> ParseBegin(WireReader& reader) {
  Begin begin;
  const bool is_whole = ReadText(reader, kValueBytesMax, &begin.user) &&
                        ReadText(reader, kValueBytesMax, &begin.host_key_types) &&
                        ReadText(reader, kValueBytesMax, &begin.lang) &&
                        ReadSize(reader, &begin.columns, &begin.rows) &&
                        ReadFlag(reader, &begin.wants_files) && reader.AtEnd();
  if (!is_whole) return std::nullopt;
  return begin;
}

std::optional<ToFront> ParseExit(WireReader& reader) {
  const auto how = reader.NextByte();
  const auto status = reader.NextUint32();
  if (!how || !status || *how > static_cast<std::uint8_t>(Exit::How::kPartial)) return std::nullopt;
  Exit exit{static_cast<Exit::How>(*how), *status, {}};
  if (!ReadText(reader, kWordsBytesMax, &exit.words) || !reader.AtEnd()) return std::nullopt;
  return exit;
}

std::optional<ToWorker> ParsePut(WireReader& reader) {
  Put put;
  if (ReadFlag(reader, &put.replaces) && ReadPath(reader, &put.path)) return put;
  return std::nullopt;
}

std::optional<ToFront> ParseNames(WireReader& reader) {
  Names names;
  while (!reader.AtEnd()) {
    Name name;
    const auto kind = reader.NextByte();
    if (!kind || *kind > static_cast<std::uint8_t>(Name::Kind::kOther)) return std::nullopt;
    name.kind = static_cast<Name::Kind>(*kind);
    if (!ReadUint64(reader, &name.size)) return std::nullopt;
    const auto modified = reader.NextUint32();
    if (!modified || !ReadText(reader, kNameBytesMax, &name.name) || !IsName(name.name)) {
      return std::nullopt;
    }
    name.modified = *modified;
    names.names.push_back(std::move(name));
  }
  if (names.names.empty()) return std::nullopt;
  return names;
}

std::optional<ToFront> ParseOpened(WireReader& reader) {
  bool has_size = false;
  std::uint64_t size = 0;
  if (!ReadFlag(reader, &has_size) || !ReadUint64(reader, &size) || !reader.AtEnd()) {
    return std::nullopt;
  }
  if (has_size) return Opened{size};
  if (size == 0) return Opened{};
  return std::nullopt;
}

std::optional<ToFront> ParseDone(WireReader& reader) {
  const auto of = reader.NextByte();
  const auto how = reader.NextByte();
  if (!of || *of > static_cast<std::uint8_t>(Done::Of::kTransfer)) return std::nullopt;
  if (!how || *how > static_cast<std::uint8_t>(Done::How::kNotRenamed)) return std::nullopt;
  Done done{static_cast<Done::Of>(*of), static_cast<Done::How>(*how), {}};
  if (!ReadText(reader, kValueBytesMax, &done.words) || !reader.AtEnd()) return std::nullopt;
  return done;
}

// The kind, or nothing for a packet of an impossible size.
std::optional<char> KindOf(std::string_view packet) {
  if (packet.empty() || packet.size() > kPacketBytesMax + 1) return std::nullopt;
  return packet[0];
}

}  // namespace

bool IsName(std::string_view name) {
  const bool has_size = !name.empty() && name.size() <= kNameBytesMax;
  return has_size && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

bool IsPath(std::string_view path) {
  const bool has_size = !path.empty() && path.size() <= kPathBytesMax;
  return has_size && path[0] == '/' && path.find('\0') == std::string_view::npos;
}

std::size_t PrintedBytes(const Name& name) { return 1 + 8 + 4 + 4 + name.name.size(); }

std::optional<ToWorker> ParseToWorker(std::string_view packet) {
  const std::optional<char> kind = KindOf(packet);
  if (!kind) return std::nullopt;
  packet.remove_prefix(1);
  WireReader reader(packet);
  switch (*kind) {
    case 'B':
      return ParseBegin(reader);
    case 'L':
      if (packet.empty()) return LogIn{};
      return std::nullopt;
    case 'I':
      if (!packet.empty()) return Input{packet};
      return std::nullopt;
    case 'S': {
      Size size;
      if (ReadSize(reader, &size.columns, &size.rows) && reader.AtEnd()) return size;
      return std::nullopt;
    }
    case 'O':
      if (const auto bytes = LastNumber(reader)) return MoreOutput{*bytes};
      return std::nullopt;
    case 'E':
      if (packet.empty()) return End{};
      return std::nullopt;
    case 'l': {
      List list;
      const bool is_first = packet == std::string_view("\0\0\0\0", 4);
      if (is_first || ReadPath(reader, &list.path)) return list;
      return std::nullopt;
    }
    case 'g': {
      Get get;
      if (ReadPath(reader, &get.path)) return get;
      return std::nullopt;
    }
    case 'p':
      return ParsePut(reader);
    case 'z':
      if (packet.empty()) return PutEnd{};
      return std::nullopt;
    case 'c':
      if (packet.empty()) return Cancel{};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<ToFront> ParseToFront(std::string_view packet) {
  const std::optional<char> kind = KindOf(packet);
  if (!kind) return std::nullopt;
  packet.remove_prefix(1);
  WireReader reader(packet);
  switch (*kind) {
    case 'K': {
      PublicKey key;
      if (ReadText(reader, kWordsBytesMax, &key.line) && reader.AtEnd()) return key;
      return std::nullopt;
    }
    case 'H': {
      HostKeyShown key;
      if (ReadText(reader, kWordsBytesMax, &key.blob) && reader.AtEnd()) return key;
      return std::nullopt;
    }
    case 'R':
      if (packet.empty()) return Shell{};
      return std::nullopt;
    case 'D':
      if (!packet.empty()) return Output{packet};
      return std::nullopt;
    case 'M':
      if (const auto bytes = LastNumber(reader)) return MoreInput{*bytes};
      return std::nullopt;
    case 'X':
      return ParseExit(reader);
    case 'f': {
      Folder folder;
      if (ReadPath(reader, &folder.path)) return folder;
      return std::nullopt;
    }
    case 'n':
      return ParseNames(reader);
    case 'o':
      return ParseOpened(reader);
    case 'd':
      return ParseDone(reader);
    default:
      return std::nullopt;
  }
}

std::string Print(const ToWorker& message) {
  const auto text = [](char kind, const std::string& value) {
    std::string packet = Of(kind);
    AppendString(packet, value);
    return packet;
  };
  return std::visit(
      Overloaded{[](const Begin& begin) {
                   std::string packet = Of('B');
                   AppendString(packet, begin.user);
                   AppendString(packet, begin.host_key_types);
                   AppendString(packet, begin.lang);
                   AppendUint32(packet, begin.columns);
                   AppendUint32(packet, begin.rows);
                   AppendByte(packet, begin.wants_files ? 1 : 0);
                   return packet;
                 },
                 [](const LogIn&) { return Of('L'); },
                 [](const Input& input) { return Bytes('I', input.bytes); },
                 [](const Size& size) {
                   std::string packet = Number('S', size.columns);
                   AppendUint32(packet, size.rows);
                   return packet;
                 },
                 [](const MoreOutput& more) { return Number('O', more.bytes); },
                 [](const End&) { return Of('E'); },
                 [&](const List& list) { return text('l', list.path); },
                 [&](const Get& get) { return text('g', get.path); },
                 [](const Put& put) {
                   std::string packet = Of('p');
                   AppendByte(packet, put.replaces ? 1 : 0);
                   AppendString(packet, put.path);
                   return packet;
                 },
                 [](const PutEnd&) { return Of('z'); }, [](const Cancel&) { return Of('c'); }},
      message);
}

std::string Print(const ToFront& message) {
  const auto text = [](char kind, const std::string& value) {
    std::string packet = Of(kind);
    AppendString(packet, value);
    return packet;
  };
  return std::visit(Overloaded{[&](const PublicKey& key) { return text('K', key.line); },
                               [&](const HostKeyShown& key) { return text('H', key.blob); },
                               [](const Shell&) { return Of('R'); },
                               [](const Output& output) { return Bytes('D', output.bytes); },
                               [](const MoreInput& more) { return Number('M', more.bytes); },
                               [](const Exit& exit) {
                                 std::string packet = Of('X');
                                 AppendByte(packet, static_cast<std::uint8_t>(exit.how));
                                 AppendUint32(packet, exit.status);
                                 AppendString(packet, exit.words.substr(0, kWordsBytesMax));
                                 return packet;
                               },
                               [&](const Folder& folder) { return text('f', folder.path); },
                               [](const Names& names) {
                                 std::string packet = Of('n');
                                 for (const Name& name : names.names) {
                                   AppendByte(packet, static_cast<std::uint8_t>(name.kind));
                                   AppendUint64(packet, name.size);
                                   AppendUint32(packet, name.modified);
                                   AppendString(packet, name.name);
                                 }
                                 return packet;
                               },
                               [](const Opened& opened) {
                                 std::string packet = Of('o');
                                 AppendByte(packet, opened.size ? 1 : 0);
                                 AppendUint64(packet, opened.size.value_or(0));
                                 return packet;
                               },
                               [](const Done& done) {
                                 std::string packet = Of('d');
                                 AppendByte(packet, static_cast<std::uint8_t>(done.of));
                                 AppendByte(packet, static_cast<std::uint8_t>(done.how));
                                 AppendString(packet, done.words.substr(0, kValueBytesMax));
                                 return packet;
                               }},
                    message);
}

}  // namespace eic::console
