#include "console/front/admission.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "console/front/secrets.h"

namespace eic::console {
namespace {

constexpr std::string_view kCookieName = "eic=";

std::optional<std::string> Header(const HttpRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  const auto& repeated = request.repeated;
  const bool is_twice = std::find(repeated.begin(), repeated.end(), name) != repeated.end();
  if (found == request.headers.end() || is_twice) return std::nullopt;
  return found->second;
}

}  // namespace

Admission::Admission(std::uint16_t port)
    : authority_(RandomName() + ".localhost:" + std::to_string(port)),
      origin_("http://" + authority_),
      token_(RandomSecret()),
      cookie_(RandomSecret()) {}

std::string Admission::TakeToken(const std::string& token) {
  if (token_.empty() || !IsSameSecret(token, token_)) return {};
  token_.clear();
  return std::string(kCookieName) + cookie_ + "; Path=/; HttpOnly; SameSite=Strict";
}

bool Admission::IsOurHost(const HttpRequest& request) const {
  return Header(request, "host") == authority_;
}

bool Admission::HasCookie(const HttpRequest& request) const {
  const std::optional<std::string> header = Header(request, "cookie");
  if (!header) return false;
  std::string_view rest = *header;
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    if (pair.substr(0, kCookieName.size()) != kCookieName) continue;
    if (IsSameSecret(pair.substr(kCookieName.size()), cookie_)) return true;
  }
  return false;
}

bool Admission::IsOurOrigin(const HttpRequest& request) const {
  return Header(request, "origin") == origin_;
}

bool Admission::IsSameSite(const HttpRequest& request) {
  if (request.headers.count("sec-fetch-site") == 0) return true;
  const std::optional<std::string> site = Header(request, "sec-fetch-site");
  return site == "same-origin" || site == "none";
}

}  // namespace eic::console
