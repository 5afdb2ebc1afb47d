// The SSH wire format (RFC 4251 section 5), and the frames that an agent's messages come in
// (draft-miller-ssh-agent section 3): a uint32 length, then that many bytes.
//
// Readers borrow: what they return lives as long as the bytes they were made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eic::client {

class WireReader {
 public:
  explicit WireReader(std::string_view wire) : wire_(wire) {}

  bool AtEnd() const { return wire_.empty(); }

  std::optional<std::uint8_t> NextByte() {
    if (wire_.empty()) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(wire_[0]);
    wire_.remove_prefix(1);
    return byte;
  }

  std::optional<std::uint32_t> NextUint32() {
    if (wire_.size() < 4) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | *NextByte();
    return value;
  }

  // Takes nothing where the input is shorter than the length says.
  std::optional<std::string_view> NextString() {
    const std::string_view before = wire_;
    const std::optional<std::uint32_t> length = NextUint32();
    if (!length || wire_.size() < *length) {
      wire_ = before;
      return std::nullopt;
    }
    const std::string_view value = wire_.substr(0, *length);
    wire_.remove_prefix(*length);
    return value;
  }

  // Takes what is left.
  std::string_view Rest() {
    const std::string_view rest = wire_;
    wire_ = {};
    return rest;
  }

 private:
  std::string_view wire_;
};

inline void AppendByte(std::string& wire, std::uint8_t value) { wire += static_cast<char>(value); }

inline void AppendUint32(std::string& wire, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) AppendByte(wire, value >> shift & 0xffU);
}

inline void AppendString(std::string& wire, std::string_view value) {
  AppendUint32(wire, static_cast<std::uint32_t>(value.size()));
  wire.append(value);
}

inline std::string Framed(std::string_view message) {
  std::string frame;
  AppendString(frame, message);
  return frame;
}

// The first frame of what has arrived.
struct Frame {
  enum class State { kPartial, kWhole, kTooLong };
  State state = State::kPartial;
  std::string_view message = {};  // of a whole one
  std::size_t bytes = 0;          // of the frame in the buffer, its length included
};

// A frame of no bytes is as wrong as one of more than `bytes_max`: both are kTooLong.
inline Frame PeekFrame(std::string_view buffer, std::size_t bytes_max) {
  WireReader reader(buffer);
  const std::optional<std::uint32_t> length = reader.NextUint32();
  if (!length) return Frame{};
  if (*length == 0 || *length > bytes_max) return Frame{Frame::State::kTooLong};
  if (buffer.size() - 4 < *length) return Frame{};
  return Frame{Frame::State::kWhole, buffer.substr(4, *length), std::size_t{4} + *length};
}

}  // namespace eic::client
