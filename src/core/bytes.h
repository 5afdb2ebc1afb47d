// Cursors over borrowed bytes. They never copy, never read past the end, and what they return lives
// as long as the bytes they were made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace eic {

// Walks over lines that end in LF; the last one may end with the input instead.
class LineCursor {
 public:
  explicit LineCursor(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ == text_.size(); }

  // How many bytes lie before the next line.
  std::size_t position() const { return at_; }

  // The next line without its LF. Not to be called at the end.
  std::string_view Peek() const { return text_.substr(at_, LineLength()); }

  std::string_view Next() {
    const std::string_view line = Peek();
    at_ += line.size();
    if (at_ < text_.size()) ++at_;  // the LF
    return line;
  }

 private:
  std::size_t LineLength() const {
    const std::size_t end = text_.find('\n', at_);
    return (end == std::string_view::npos ? text_.size() : end) - at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Reads the SSH wire format (RFC 4251 section 5): a uint32 length in network order, then the bytes.
class SshWireCursor {
 public:
  explicit SshWireCursor(std::string_view wire) : wire_(wire) {}

  bool AtEnd() const { return wire_.empty(); }

  // The next `string`; nothing if the input is shorter than its length says.
  std::optional<std::string_view> NextString() {
    if (wire_.size() < kLengthBytes) return std::nullopt;
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
      length = length << 8 | static_cast<unsigned char>(wire_[i]);
    }
    if (wire_.size() - kLengthBytes < length) return std::nullopt;
    const std::string_view value = wire_.substr(kLengthBytes, length);
    wire_.remove_prefix(kLengthBytes + length);
    return value;
  }

 private:
  static constexpr std::size_t kLengthBytes = 4;
  std::string_view wire_;
};

// `text` without LF and CR at its end, as short values and listings may carry them.
inline std::string_view WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// True for a line that ends a record: nothing in it, or nothing but blanks.
inline bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace eic
