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
  // Takes this connection, which goes to where the URL says, in place of one of its own.
  std::shared_ptr<PendingConnection> dialed;
};

// What came of a request. `fault` is kNone for every answer that is HTTP, whatever its status.
struct HttpOutcome {
  enum class Fault {
    kNone,
    kNoRoute,         // ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT
    kConnectFailed,   // refused, or denied by the host
    kConnectTimeout,  // nobody answered the connect
    kTimeout,         // connected, and not done in time
    kConnectionLost,  // reset, closed before the answer was whole, or chunks that are none
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

  // Begins to connect to `endpoint` and does not wait (host/dial.h); null where this transport
  // connects only when it is asked for something.
  virtual std::shared_ptr<PendingConnection> Dial(const std::string& endpoint) = 0;

  // Performs `requests` concurrently and returns when each has its outcome, in the same order.
  // Follows no redirect, knows no proxy, sends no credentials, never retries. What is read is
  // hostile, so the process has confined itself.
  virtual std::vector<HttpOutcome> PerformAll(const Confined& confined,
                                              const std::vector<HttpRequest>& requests) = 0;
};

}  // namespace eic
