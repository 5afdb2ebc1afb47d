// What a member prints: chain/member_output. The first byte of the input is the size of the pieces
// that the rest comes in.
#include <algorithm>
#include <cstddef>

#include "chain/limits.h"
#include "chain/member_output.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

chain::MemberOutput Taken(std::string_view bytes, std::size_t size) {
  chain::MemberOutput output;
  for (std::size_t at = 0; at < bytes.size(); at += size) output.Take(bytes.substr(at, size));
  output.End();
  return output;
}

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || c == '\t' || c == '\n';
}

}  // namespace

void MemberOutput(std::string_view input) {
  if (input.empty()) return;
  const std::size_t size = static_cast<unsigned char>(input.front()) + std::size_t{1};
  input.remove_prefix(1);
  const chain::MemberOutput output = Taken(input, size);
  const chain::MemberOutput whole = Taken(input, std::max<std::size_t>(input.size(), 1));
  Hold(output.is_void() == whole.is_void(), "whether it counts does not depend on the pieces");
  if (output.is_void()) {
    Hold(output.lines().empty() && whole.lines().empty(), "nothing of what is void counts");
    return;
  }
  Hold(output.lines() == input, "what counts is what was printed");
  Hold(input.empty() || input.back() == '\n', "the last line has its end");
  Hold(std::all_of(input.begin(), input.end(), &IsPlain), "there is no control character");
  Hold(input.size() <= chain::kOutputBytesMax, "output has a limit");
  while (!input.empty()) {
    const std::size_t end = input.find('\n');
    Hold(end <= chain::kOutputLineBytesMax, "a line has a limit");
    input.remove_prefix(end + 1);
  }
}

}  // namespace eic::fuzz
