// The door to the network: several HTTP/1.1 requests at once, each answered or failed.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "host/confinement.h"
#include "host/dial.h"

namespace eic {

struct HttpRequest {
  enum class Method { kGet, kPut };

  Method method = Method::kGet;
  std::string url;                   // http, literal address, path sent as it is
  std::vector<std::string> headers;  // `Name: value`
  std::size_t body_bytes_max = 0;    // a larger body of a 200 is a fault
  std::chrono::milliseconds connect_time_max{0};
  std::chrono::milliseconds time_max{0};  // connecting included
  // Uses this connection, which goes to the URL's address, instead of opening one.
  std::shared_ptr<PendingConnection> dialed;
};

// The outcome of a request. `fault` is kNone for every answer that is HTTP, whatever its status.
struct HttpOutcome {
  enum class Fault {
    kNone,
    kNoRoute,         // ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT
    kConnectFailed,   // refused, or denied by the host
    kConnectTimeout,  // nobody answered the connect
    kTimeout,         // connected, and not done in time
    kConnectionLost,  // reset, closed before the answer was complete, or invalid chunks
    kTooLarge,        // body or headers
    kMalformed,       // not HTTP, or in a transfer coding other than chunks
  };

  Fault fault = Fault::kNone;
  int status = 0;      // 200, 404, ...; 0 with a fault
  std::string body;    // of a 200; empty with any other status, and with a fault
  std::string detail;  // of a fault, for people
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;

  // Begins to connect to `endpoint` and does not wait (host/dial.h); null if this transport
  // connects only to perform a request.
  virtual std::shared_ptr<PendingConnection> Dial(const std::string& endpoint) = 0;

  // Performs `requests` concurrently and returns when each has its outcome, in the same order.
  // Follows no redirect, uses no proxy, sends no credentials, never retries. The answers are
  // hostile, so the process must have confined itself.
  virtual std::vector<HttpOutcome> PerformAll(const Confined& confined,
                                              const std::vector<HttpRequest>& requests) = 0;
};

}  // namespace eic
