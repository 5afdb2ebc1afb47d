// Who may use the console: a browser of this user that was given the URL, and only our page in it.
//
// Threats and answers: doc/console.md. The name RANDOM.localhost keeps the cookie from other ports
// and names; the token works once; Host, Origin and cookie are compared as a whole.
#pragma once

#include <cstdint>
#include <string>

#include "console/front/server.h"

namespace eic::console {

class Admission {
 public:
  // With fresh secrets.
  explicit Admission(std::uint16_t port);

  // `http://RANDOM.localhost:PORT`.
  const std::string& origin() const { return origin_; }
  // The URL to open; works once.
  std::string Url() const { return origin_ + "/?token=" + token_; }

  // The Set-Cookie for the right token, which then no longer works; empty for any other token.
  std::string TakeToken(const std::string& token);

  // Checks each header; a missing or repeated one is wrong.
  bool IsOurHost(const HttpRequest& request) const;
  bool HasCookie(const HttpRequest& request) const;
  bool IsOurOrigin(const HttpRequest& request) const;
  // Whether Sec-Fetch-Site does not name another site. A browser that does not send it passes.
  static bool IsSameSite(const HttpRequest& request);

 private:
  std::string authority_;  // RANDOM.localhost:PORT
  std::string origin_;
  std::string token_;  // empty: used up
  std::string cookie_;
};

}  // namespace eic::console
