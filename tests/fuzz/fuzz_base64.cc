// One byte string, one text: core/base64.
#include "core/base64.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {

void Base64(std::string_view input) {
  const std::optional<std::string> bytes = DecodeBase64(input);
  if (bytes) Hold(EncodeBase64(*bytes) == input, "what decodes is the only encoding of its bytes");
  const std::string text = EncodeBase64(input);
  Hold(text.size() == (input.size() + 2) / 3 * 4, "an encoding is padded, on one line");
  Hold(DecodeBase64(text) == input, "what was encoded decodes to itself");
}

}  // namespace eic::fuzz
