#include "chain/member_output.h"

#include "chain/limits.h"

namespace eic::chain {

bool MemberOutput::Void(const char* why) {
  why_void_ = why;
  lines_.clear();
  lines_.shrink_to_fit();
  return false;
}

bool MemberOutput::Take(std::string_view bytes) {
  if (is_void()) return false;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      line_bytes_ = 0;
      continue;
    }
    if (byte == 0) return Void("nul-byte");
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return Void("control-byte");
    if (++line_bytes_ > kOutputLineBytesMax) return Void("line-too-long");
  }
  if (bytes.size() > kOutputBytesMax - lines_.size()) return Void("too-much");
  lines_ += bytes;
  return true;
}

void MemberOutput::End() {
  if (!is_void() && line_bytes_ > 0) Void("line-unended");
}

}  // namespace eic::chain
