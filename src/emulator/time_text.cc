#include "emulator/time_text.h"

#include <ctime>

namespace eic::emulator {
namespace {

// The program sets no locale, so days and months have their English names.
std::string Formatted(Instant instant, const char* format) {
  const auto time = static_cast<std::time_t>(instant);
  std::tm parts{};
  char text[64];
  if (::gmtime_r(&time, &parts) == nullptr) return "";
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

}  // namespace

std::string HttpDate(Instant instant) { return Formatted(instant, "%a, %d %b %Y %H:%M:%S GMT"); }

std::string IsoTime(Instant instant) { return Formatted(instant, "%Y-%m-%dT%H:%M:%SZ"); }

}  // namespace eic::emulator
