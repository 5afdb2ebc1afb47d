// HttpTransport on libcurl's multi interface: one thread, no signals, no environment.
#pragma once

#include <memory>

#include "host/http.h"

namespace eic {

// PerformAll throws std::runtime_error if libcurl itself fails: that says nothing about the
// service.
class CurlHttp : public HttpTransport {
 public:
  CurlHttp();
  ~CurlHttp() override;
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  std::shared_ptr<PendingConnection> Dial(const std::string& endpoint) override;
  std::vector<HttpOutcome> PerformAll(const Confined& confined,
                                      const std::vector<HttpRequest>& requests) override;

 private:
  struct Multi;
  std::unique_ptr<Multi> multi_;  // opened with the first request
};

}  // namespace eic
