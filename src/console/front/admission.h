// Who may speak to the console: a browser of this user that was given the URL, and a page of ours
// in it.
//
// Threats and answers: doc/console.md. The name RANDOM.localhost keeps the cookie from other ports
// and names; the token is taken once; Host, Origin and cookie are compared whole.
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

  // The Set-Cookie of a right token, which is used up by that; empty for any other.
  std::string TakeToken(const std::string& token);

  // Header by header; one that is missing or comes twice is wrong.
  bool IsOurHost(const HttpRequest& request) const;
  bool HasCookie(const HttpRequest& request) const;
  bool IsOurOrigin(const HttpRequest& request) const;
  // What browsers say by Sec-Fetch-Site: not of another site. One that says nothing passes.
  static bool IsSameSite(const HttpRequest& request);

 private:
  std::string authority_;  // RANDOM.localhost:PORT
  std::string origin_;
  std::string token_;  // empty: used up
  std::string cookie_;
};

}  // namespace eic::console
