// A double of the network: each request has its outcomes written down beforehand.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "host/http.h"

namespace eic::fakes {

HttpOutcome Answer(int status, std::string body = "");
HttpOutcome Failure(HttpOutcome::Fault fault);

// `PUT http://...` or `GET http://...`.
std::string RouteOf(const HttpRequest& request);

// A request that nothing was written down for fails the test that makes it.
class ScriptedHttp : public HttpTransport {
 public:
  // The outcomes of `route`, one a request, behind those that it has already.
  void Then(const std::string& route, HttpOutcome outcome);
  // The outcome of `route` whenever nothing else is left for it.
  void Always(const std::string& route, HttpOutcome outcome);

  std::shared_ptr<PendingConnection> Dial(const std::string& endpoint) override;
  std::vector<HttpOutcome> PerformAll(const Confined& confined,
                                      const std::vector<HttpRequest>& requests) override;

  // Where connections were begun beforehand.
  const std::vector<std::string>& dialed() const { return dialed_; }
  // What was asked: the requests of each call. A call is one wait for the network.
  const std::vector<std::vector<HttpRequest>>& waits() const { return waits_; }
  std::vector<HttpRequest> requests() const;
  std::vector<std::string> routes() const;
  std::size_t CountOf(const std::string& route) const;
  // How many outcomes were written down by Then and never asked for.
  std::size_t unused() const;

 private:
  HttpOutcome OutcomeFor(const std::string& route);

  std::map<std::string, std::deque<HttpOutcome>> scripted_;
  std::map<std::string, HttpOutcome> always_;
  std::vector<std::string> dialed_;
  std::vector<std::vector<HttpRequest>> waits_;
};

}  // namespace eic::fakes
