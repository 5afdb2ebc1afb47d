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

// A number that is all the packet has left, and not 0.
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
                        ReadSize(reader, &begin.columns, &begin.rows) && reader.AtEnd();
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

// The kind, or nothing for a packet of an impossible size.
std::optional<char> KindOf(std::string_view packet) {
  if (packet.empty() || packet.size() > kPacketBytesMax + 1) return std::nullopt;
  return packet[0];
}

}  // namespace

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
    default:
      return std::nullopt;
  }
}

std::string Print(const ToWorker& message) {
  return std::visit(Overloaded{[](const Begin& begin) {
                                 std::string packet = Of('B');
                                 AppendString(packet, begin.user);
                                 AppendString(packet, begin.host_key_types);
                                 AppendString(packet, begin.lang);
                                 AppendUint32(packet, begin.columns);
                                 AppendUint32(packet, begin.rows);
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
                               [](const End&) { return Of('E'); }},
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
                               }},
                    message);
}

}  // namespace eic::console
