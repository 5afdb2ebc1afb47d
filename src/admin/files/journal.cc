#include "admin/files/journal.h"

#include <cstddef>
#include <nlohmann/json.hpp>

namespace eic::admin {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;
constexpr std::string_view kHexDigits = "0123456789abcdef";

Json ToHex(const Contents& contents) {
  if (!contents) return nullptr;
  std::string hex;
  for (const char c : *contents) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 0xfU];
  }
  return hex;
}

bool FromHex(const Json& value, Contents* contents) {
  if (value.is_null()) return true;
  if (!value.is_string()) return false;
  const std::string hex = value.get<std::string>();
  if (hex.size() % 2 != 0) return false;
  contents->emplace();
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const std::size_t high = kHexDigits.find(hex[i]);
    const std::size_t low = kHexDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    (*contents)->push_back(static_cast<char>(high * 16 + low));
  }
  return true;
}

}  // namespace

std::string JournalPath(const Layout& layout) {
  return layout.Real(std::string(kStateFolder) + "/journal.json");
}

std::string FormatJournal(const std::vector<Change>& changes) {
  Json list = Json::array();
  for (const Change& change : changes) {
    // A path is bytes too.
    list.push_back({{"path", ToHex(change.path)},
                    {"before", ToHex(change.before)},
                    {"after", ToHex(change.after)}});
  }
  return Json({{"version", kVersion}, {"changes", list}}).dump() + "\n";
}

std::optional<std::vector<Change>> ParseJournal(std::string_view text) {
  const Json journal = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!journal.is_object() || journal.value("version", Json()) != kVersion) return std::nullopt;
  const Json list = journal.value("changes", Json());
  if (!list.is_array()) return std::nullopt;
  std::vector<Change> changes;
  for (const Json& entry : list) {
    if (!entry.is_object()) return std::nullopt;
    Change change;
    Contents path;
    if (!FromHex(entry.value("path", Json()), &path) || !path ||
        !FromHex(entry.value("before", Json()), &change.before) ||
        !FromHex(entry.value("after", Json()), &change.after)) {
      return std::nullopt;
    }
    change.path = *path;
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace eic::admin
