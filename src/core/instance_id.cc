#include "core/instance_id.h"

namespace eic {

bool IsInstanceId(std::string_view text) {
  constexpr std::string_view kPrefix = "i-";
  if (text.substr(0, kPrefix.size()) != kPrefix) return false;
  const std::string_view digits = text.substr(kPrefix.size());
  return digits.size() >= 8 && digits.size() <= 32 &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace eic
