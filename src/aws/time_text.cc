#include "aws/time_text.h"

#include <ctime>

namespace eic::aws {
namespace {

constexpr Instant kLatest(253402300799);  // 9999-12-31T23:59:59Z: what four digits can write

// Reads fixed parts of a text from its front.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // `digits` decimal digits.
  std::optional<int> Number(std::size_t digits) {
    if (text_.size() < digits) return std::nullopt;
    int number = 0;
    for (const char c : text_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      number = number * 10 + (c - '0');
    }
    text_.remove_prefix(digits);
    return number;
  }
  bool Word(std::string_view word) {
    if (text_.substr(0, word.size()) != word) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  void SkipDigits() {
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') text_.remove_prefix(1);
  }
  bool AtEnd() const { return text_.empty(); }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

// Nothing for a date that timegm would move elsewhere, such as February 30.
std::optional<Instant> ToInstant(int year, int month, int day, int hour, int minute, int second) {
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_hour = hour;
  parts.tm_min = minute;
  parts.tm_sec = second;
  const bool is_time = hour <= 23 && minute <= 59 && second <= 60;
  const std::time_t time = ::timegm(&parts);
  const bool moved = second < 60 && (parts.tm_mon != month - 1 || parts.tm_mday != day);
  if (!is_time || moved || year < 1970) return std::nullopt;
  return Instant(time);
}

// The seconds that a zone is ahead of UTC.
std::optional<int> ParseZone(Reader& reader) {
  if (reader.Word("Z") || reader.Word("UTC") || reader.Word("GMT")) return 0;
  const int sign = reader.Word("-") ? -1 : 1;
  if (sign == 1 && !reader.Word("+")) return std::nullopt;
  const auto hours = reader.Number(2);
  (void)reader.Word(":");
  const auto minutes = reader.Number(2);
  if (!hours || !minutes || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

int MonthOf(std::string_view name) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t at = name.size() == 3 ? kMonths.find(name) : std::string_view::npos;
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

}  // namespace

std::optional<Instant> ParseIsoTime(std::string_view text) {
  Reader reader(text);
  const auto year = reader.Number(4);
  if (!year || !reader.Word("-")) return std::nullopt;
  const auto month = reader.Number(2);
  if (!month || !reader.Word("-")) return std::nullopt;
  const auto day = reader.Number(2);
  if (!day || !(reader.Word("T") || reader.Word(" "))) return std::nullopt;
  const auto hour = reader.Number(2);
  if (!hour || !reader.Word(":")) return std::nullopt;
  const auto minute = reader.Number(2);
  if (!minute || !reader.Word(":")) return std::nullopt;
  const auto second = reader.Number(2);
  if (!second) return std::nullopt;
  if (reader.Word(".")) reader.SkipDigits();
  const auto zone = ParseZone(reader);
  if (!zone || !reader.AtEnd()) return std::nullopt;
  const auto instant = ToInstant(*year, *month, *day, *hour, *minute, *second);
  if (!instant || *instant - *zone > kLatest) return std::nullopt;
  return *instant - *zone;
}

std::string IsoTime(Instant instant) {
  const auto time = static_cast<std::time_t>(instant.unix_seconds());
  std::tm parts{};
  char text[32];
  if (::gmtime_r(&time, &parts) == nullptr) return "";
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::optional<Instant> ParseHttpDate(std::string_view text) {
  if (text.size() != 29 || text.substr(3, 2) != ", ") return std::nullopt;
  Reader reader(text.substr(5));
  const auto day = reader.Number(2);
  if (!day || !reader.Word(" ")) return std::nullopt;
  const std::string_view month_name = reader.rest().substr(0, 3);
  const int month = MonthOf(month_name);
  if (month == 0 || !reader.Word(month_name) || !reader.Word(" ")) return std::nullopt;
  const auto year = reader.Number(4);
  if (!year || !reader.Word(" ")) return std::nullopt;
  const auto hour = reader.Number(2);
  if (!hour || !reader.Word(":")) return std::nullopt;
  const auto minute = reader.Number(2);
  if (!minute || !reader.Word(":")) return std::nullopt;
  const auto second = reader.Number(2);
  if (!second || !reader.Word(" GMT") || !reader.AtEnd()) return std::nullopt;
  return ToInstant(*year, month, *day, *hour, *minute, *second);
}

}  // namespace eic::aws
