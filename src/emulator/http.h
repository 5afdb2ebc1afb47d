// Requests and answers as plain values, so that routes are functions and their tests need no
// socket.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::emulator {

struct HttpRequest {
  std::string method;
  std::string path;                            // raw: not percent-decoded, without the query
  std::string query;                           // raw: what follows '?', or nothing
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  // The value of `lower_case_name`; nothing when the request has no such header.
  std::optional<std::string> Header(std::string_view lower_case_name) const;
};

class RawPeer;  // server/raw_peer.h

// Writes to a connection what it likes, in place of an answer.
using RawAnswer = std::function<void(RawPeer& peer)>;

struct HttpAnswer {
  int status = 200;  // 0 with `raw`
  std::string body;
  std::string content_type = "text/plain";
  std::map<std::string, std::string> headers = {};
  int hop_limit = 0;        // 0: the system's
  std::string note = "";    // for the event log
  std::string caller = "";  // likewise: whose call of the API it was, an ARN
  RawAnswer raw = nullptr;  // counts for more than all of the above
};

using HttpHandler = std::function<HttpAnswer(const HttpRequest&)>;

// A page that says what `status` means. It is larger than most values of metadata, as web servers'
// pages are: whoever reads those must not take it for one.
HttpAnswer StatusAnswer(int status);

// RFC 3986 section 2.1; nothing when a '%' is not followed by two hexadecimal digits. A '+' stands
// for itself.
std::optional<std::string> PercentDecode(std::string_view text);

// The decoded value of `name` in `query`; nothing when it is missing or malformed.
std::optional<std::string> QueryValue(std::string_view query, std::string_view name);

}  // namespace eic::emulator
