// The output of one member, as it arrives: whole lines, or nothing and the reason. Pure.
//
//   output := line*
//   line   := (byte from 0x20 on but 0x7f, or tab)* LF     at most kOutputLineBytesMax bytes
//
// Nothing else in a line is checked: options, comments and blank lines are up to the member.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eic::chain {

class MemberOutput {
 public:
  // More bytes, in pieces as they arrive. False once the output is void: reading can stop.
  bool Take(std::string_view bytes);

  // The member has closed its output: an unfinished line makes it void.
  void End();

  bool is_void() const { return !why_void_.empty(); }
  // A word for the log: nul-byte, control-byte, line-too-long, too-much, line-unended.
  const std::string& why_void() const { return why_void_; }
  // Empty if it is void.
  const std::string& lines() const { return lines_; }

 private:
  bool Void(const char* why);

  std::string lines_;
  std::size_t line_bytes_ = 0;  // of the line that has not ended
  std::string why_void_;
};

}  // namespace eic::chain
