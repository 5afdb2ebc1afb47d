#include "agent/caller_label.h"

#include <algorithm>
#include <string_view>

#include "core/limits.h"

namespace eic {
namespace {

bool MayStand(char byte) {
  constexpr std::string_view kOthers = "+=,.@_:/-";
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         (byte >= '0' && byte <= '9') || kOthers.find(byte) != std::string_view::npos;
}

bool IsPlain(const std::string& value) {
  return !value.empty() && value.size() <= kCallerLabelBytesMax &&
         std::all_of(value.begin(), value.end(), MayStand);
}

}  // namespace

std::optional<std::string> CallerLabel(const VerifiedKey& key) {
  if (!IsPlain(key.caller()) || !IsPlain(key.request_id())) return std::nullopt;
  return "environment=\"EIC_CALLER=" + key.caller() +
         "\",environment=\"EIC_REQUEST=" + key.request_id() + "\" ";
}

}  // namespace eic
