#include "emulator/time_text.h"

#include <ctime>

namespace eic::emulator {
namespace {

std::tm PartsOf(Instant instant) {
  const auto time = static_cast<std::time_t>(instant.unix_seconds());
  std::tm parts{};
  // It fails for years beyond an int alone; then the parts are zeros.
  (void)::gmtime_r(&time, &parts);
  return parts;
}

}  // namespace

// The program sets no locale, so days and months have their English names.
std::string HttpDate(Instant instant) {
  const std::tm parts = PartsOf(instant);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

std::string IsoTime(Instant instant) {
  const std::tm parts = PartsOf(instant);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace eic::emulator
