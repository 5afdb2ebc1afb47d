#include "console/front/answers.h"

#include <string_view>

#include "client/terminal_text.h"
#include "console/front/url.h"
#include "console/limits.h"
#include "console/page/assets.h"

namespace eic::console {
namespace {

constexpr const char* kHtml = "text/html; charset=utf-8";

// For every answer. The page needs no inline script or style and has no form; xterm.js's styles are
// taken into a style sheet that is made by script.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src-elem 'self'; style-src-attr 'none'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

HttpAnswer With(int status, const std::string& type, std::string body, const char* caching) {
  HttpAnswer answer;
  answer.status = status;
  answer.headers = {{"Content-Security-Policy", kPolicy},
                    {"Referrer-Policy", "no-referrer"},
                    {"X-Content-Type-Options", "nosniff"},
                    {"X-Frame-Options", "DENY"},
                    {"Cross-Origin-Opener-Policy", "same-origin"},
                    {"Cross-Origin-Resource-Policy", "same-origin"},
                    {"Cache-Control", caching}};
  if (!type.empty()) answer.headers.emplace_back("Content-Type", type);
  answer.body = std::move(body);
  return answer;
}

std::string Paragraphs(const std::string& title, const std::string& next) {
  return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>eic-console</title><h1>" +
         title + "</h1><p>" + next + "</p></html>\n";
}

std::string HeaderOf(const HttpRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

}  // namespace

HttpAnswer Plain(int status) { return With(status, "", "", "no-store"); }

HttpAnswer JsonAnswer(int status, std::string json) {
  return With(status, "application/json", std::move(json), "no-store");
}

HttpAnswer ErrorPage(int status, const std::string& words, const std::string& next) {
  return With(status, kHtml, Paragraphs(words, next), "no-store");
}

HttpAnswer NoPage() {
  return ErrorPage(404, "Page not found.", "<a href=\"/\">Show the list of instances</a>");
}

HttpAnswer EnterByRedirect(const std::string& cookie) {
  HttpAnswer answer = Plain(303);
  answer.headers.emplace_back("Set-Cookie", cookie);
  answer.headers.emplace_back("Location", "/");
  return answer;
}

HttpAnswer EnterByPage(const std::string& cookie) {
  HttpAnswer answer = ErrorPage(200, "eic-console", "<a href=\"/\">Continue</a>");
  answer.headers.emplace_back("Set-Cookie", cookie);
  answer.headers.emplace_back("Refresh", "0; url=/");
  return answer;
}

HttpAnswer HtmlAsset(const std::string& name) {
  const Asset* asset = FindAsset(name);
  if (asset == nullptr) return NoPage();
  return With(200, kHtml, std::string(asset->bytes), "no-store");
}

HttpAnswer AssetAnswer(const HttpRequest& request, const std::string& name) {
  const Asset* asset = FindAsset(name);
  if (asset == nullptr) return NoPage();
  const std::string tag = "\"" + std::string(asset->hash) + "\"";
  const bool is_known = HeaderOf(request, "if-none-match") == tag;
  const bool is_packed = !asset->gzip_bytes.empty() &&
                         HeaderOf(request, "accept-encoding").find("gzip") != std::string::npos;
  std::string body;
  if (!is_known) body = std::string(is_packed ? asset->gzip_bytes : asset->bytes);
  HttpAnswer answer =
      With(is_known ? 304 : 200, std::string(asset->type), std::move(body), "no-cache");
  answer.headers.emplace_back("ETag", tag);
  answer.headers.emplace_back("Vary", "Accept-Encoding");
  if (is_packed && !is_known) answer.headers.emplace_back("Content-Encoding", "gzip");
  return answer;
}

HttpAnswer DownloadAnswer(const std::string& path) {
  HttpAnswer answer = With(200, "application/octet-stream", "", "no-store");
  const std::string name =
      client::TerminalLine(path.substr(path.rfind('/') + 1), 4 * kNameBytesMax);
  // RFC 6266. Control and direction characters of the name are already hexadecimal digits.
  answer.headers.emplace_back("Content-Disposition",
                              "attachment; filename*=UTF-8''" + EncodePercent(name));
  return answer;
}

}  // namespace eic::console
