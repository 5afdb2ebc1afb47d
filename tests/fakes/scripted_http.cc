#include "tests/fakes/scripted_http.h"

#include <gtest/gtest.h>

#include <utility>

namespace eic::fakes {

HttpOutcome Answer(int status, std::string body) {
  HttpOutcome outcome;
  outcome.status = status;
  outcome.body = std::move(body);
  return outcome;
}

HttpOutcome Failure(HttpOutcome::Fault fault) {
  HttpOutcome outcome;
  outcome.fault = fault;
  outcome.detail = "scripted";
  return outcome;
}

std::string RouteOf(const HttpRequest& request) {
  return (request.method == HttpRequest::Method::kPut ? "PUT " : "GET ") + request.url;
}

void ScriptedHttp::Then(const std::string& route, HttpOutcome outcome) {
  scripted_[route].push_back(std::move(outcome));
}

void ScriptedHttp::Always(const std::string& route, HttpOutcome outcome) {
  always_[route] = std::move(outcome);
}

std::shared_ptr<PendingConnection> ScriptedHttp::Dial(const std::string& endpoint) {
  dialed_.push_back(endpoint);
  return nullptr;
}

std::vector<HttpOutcome> ScriptedHttp::PerformAll(const Confined&,
                                                  const std::vector<HttpRequest>& requests) {
  EXPECT_FALSE(requests.empty()) << "a wait for nothing";
  waits_.push_back(requests);
  std::vector<HttpOutcome> outcomes;
  for (const HttpRequest& request : requests) outcomes.push_back(OutcomeFor(RouteOf(request)));
  return outcomes;
}

HttpOutcome ScriptedHttp::OutcomeFor(const std::string& route) {
  std::deque<HttpOutcome>& left = scripted_[route];
  if (!left.empty()) {
    HttpOutcome outcome = std::move(left.front());
    left.pop_front();
    return outcome;
  }
  const auto always = always_.find(route);
  if (always != always_.end()) return always->second;
  ADD_FAILURE() << "nobody expected " << route;
  return Failure(HttpOutcome::Fault::kConnectFailed);
}

std::vector<HttpRequest> ScriptedHttp::requests() const {
  std::vector<HttpRequest> all;
  for (const auto& wait : waits_) all.insert(all.end(), wait.begin(), wait.end());
  return all;
}

std::vector<std::string> ScriptedHttp::routes() const {
  std::vector<std::string> all;
  for (const HttpRequest& request : requests()) all.push_back(RouteOf(request));
  return all;
}

std::size_t ScriptedHttp::CountOf(const std::string& route) const {
  std::size_t count = 0;
  for (const std::string& asked : routes()) count += asked == route ? 1U : 0U;
  return count;
}

std::size_t ScriptedHttp::unused() const {
  std::size_t count = 0;
  for (const auto& [route, outcomes] : scripted_) count += outcomes.size();
  return count;
}

}  // namespace eic::fakes
