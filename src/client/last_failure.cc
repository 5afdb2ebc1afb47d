#include "client/last_failure.h"

#include <array>
#include <ctime>

#include "aws/system/files.h"

namespace eic::client {
namespace {

constexpr std::size_t kMessageBytesMax = 4096;
constexpr mode_t kPrivateMode = 0600;

// Printable ASCII and line ends as they are, everything else as `?`: a person reads it, and quotes
// stay quotes. A cut text ends in `...`.
std::string Plain(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (plain.size() == kMessageBytesMax) return plain + "...";
    const auto byte = static_cast<unsigned char>(c);
    const bool is_blank = c == '\n' || c == '\t';
    if (is_blank) {
      plain += c == '\t' ? ' ' : '\n';
    } else {
      plain += byte >= 0x20 && byte < 0x7f ? c : '?';
    }
  }
  while (!plain.empty() && (plain.back() == '\n' || plain.back() == ' ')) plain.pop_back();
  return plain;
}

// `2026-11-28 13:47:39 UTC`.
std::string TimeText() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  std::array<char, 32> text{};
  if (gmtime_r(&now, &utc) == nullptr) return "unknown time";
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc);
  return {text.data(), length};
}

}  // namespace

std::string FailureText(const aws::Failure& failure) {
  std::string text = "eic: " + Plain(failure.code) + ": " + Plain(failure.message) + '\n';
  if (!failure.advice.empty()) text += "eic: " + Plain(failure.advice) + '\n';
  return text;
}

void RecordLastFailure(const Folder& folder, const std::string& target,
                       const aws::Failure& failure) {
  (void)StoreFile(folder.LastFailure(),
                  TimeText() + ", " + Plain(target) + '\n' + FailureText(failure), kPrivateMode,
                  Durability::kMayBeLost);
}

}  // namespace eic::client
