#include "aws/service_calls.h"

#include <algorithm>
#include <utility>

#include "aws/advice.h"
#include "aws/answers.h"
#include "aws/limits.h"
#include "aws/retry.h"
#include "aws/text.h"
#include "aws/time_text.h"

namespace eic::aws {
namespace {

using std::chrono::milliseconds;

constexpr const char* kFormType = "application/x-www-form-urlencoded; charset=utf-8";
constexpr const char* kJsonType = "application/x-amz-json-1.1";
constexpr int kOk = 200;

bool SpeaksJson(Service service) { return service == Service::kEc2InstanceConnect; }

HttpCall Unsigned(const ServiceCall& call, const Endpoint& endpoint) {
  HttpCall http;
  http.method = "POST";
  http.url = endpoint.scheme + "://" + endpoint.host + endpoint.path;
  http.headers["host"] = endpoint.host;
  http.headers["content-type"] = SpeaksJson(call.service) ? kJsonType : kFormType;
  if (SpeaksJson(call.service)) {
    http.headers["x-amz-target"] = "AWSEC2InstanceConnectService." + call.operation;
  }
  http.body = call.body;
  http.answer_bytes_max = call.service == Service::kEc2 ? kEc2AnswerBytesMax : kAnswerBytesMax;
  http.connect_time_max = kConnectTimeMax;
  http.time_max = kCallTimeMax;
  return http;
}

ErrorWords ErrorOf(Service service, const HttpReply& reply) {
  if (!SpeaksJson(service)) return ParseXmlError(reply.body);
  const auto type = reply.headers.find("x-amzn-errortype");
  return ParseJsonError(reply.body, type == reply.headers.end() ? "" : type->second);
}

// A key becomes part of headers: whatever has a line end or a blank in it is none.
bool IsSendable(const SigningKey& key) {
  for (const std::string* part : {&key.access_key_id, &key.session_token}) {
    for (const char c : *part) {
      if (c <= 0x20 || c >= 0x7F) return false;
    }
  }
  return true;
}

Failure UnusableKey() {
  return {"BadConfiguration",
          "the access key or the session token has a space, a line end or another character that "
          "no key has",
          "Copy the credentials again."};
}

}  // namespace

// One call, from its first attempt to its outcome.
struct ServiceCalls::Attempts {
  const ServiceCall* call = nullptr;
  Endpoint endpoint = {};
  int made = 0;
  bool clock_was_corrected = false;
  bool is_under_way = false;
  HttpDoor::Ticket ticket = 0;
  milliseconds due{0};      // of the next attempt, by World::Elapsed
  milliseconds started{0};  // of this one
  std::optional<Outcome<std::string>> outcome = {};
};

ServiceCalls::ServiceCalls(World& world, const Configuration& configuration, std::string region)
    : world_(world), configuration_(configuration), region_(std::move(region)) {}

void ServiceCalls::Begin(Attempts& attempts) {
  const ServiceCall& call = *attempts.call;
  HttpCall http = Unsigned(call, attempts.endpoint);
  if (call.key) {
    AddSignature({http.method, attempts.endpoint.path, "", http.headers, http.body}, http.headers,
                 *call.key, region_, NameOf(call.service), Now());
  }
  ++attempts.made;
  attempts.started = world_.Elapsed();
  attempts.ticket = world_.http().Start(http);
  attempts.is_under_way = true;
}

// The signature was of another time than the service's: the next one is of its time.
bool ServiceCalls::CorrectsClock(const Attempts& attempts, const HttpReply& reply,
                                 const std::string& code) {
  if (!MayBeClockSkew(code) || attempts.clock_was_corrected || !attempts.call->key) return false;
  const auto date = reply.headers.find("date");
  if (date == reply.headers.end()) return false;
  const auto service_now = ParseHttpDate(date->second);
  if (!service_now || std::abs(*service_now - Now()) <= kClockSkewSeconds) return false;
  clock_offset_s_ = *service_now - world_.Now();
  world_.Tell("this machine's clock is " + std::to_string(-clock_offset_s_) +
              " s ahead of AWS's: signing by AWS's");
  return true;
}

void ServiceCalls::Take(Attempts& attempts, const HttpReply& reply) {
  const ServiceCall& call = *attempts.call;
  attempts.is_under_way = false;
  const milliseconds now = world_.Elapsed();
  const std::string where =
      NameOf(call.service) + " " + call.operation + " at " + attempts.endpoint.host;
  world_.Tell(
      where + ": " +
      (reply.fault == HttpReply::Fault::kNone ? std::to_string(reply.status) : reply.detail) +
      " after " + std::to_string((now - attempts.started).count()) + " ms");
  if (reply.fault == HttpReply::Fault::kNone && reply.status == kOk) {
    attempts.outcome = reply.body;
    return;
  }
  bool is_retried = IsTransientFault(reply.fault);
  milliseconds pause = BackoffBefore(attempts.made, world_.Random());
  std::optional<Failure> failure;
  if (reply.fault != HttpReply::Fault::kNone) {
    failure = ConnectionFailure(reply, call.service, attempts.endpoint.host);
  } else {
    const ErrorWords words = ErrorOf(call.service, reply);
    is_retried = IsRetriedAnswer(reply.status, words.code);
    if (CorrectsClock(attempts, reply, words.code)) {
      attempts.clock_was_corrected = true;
      is_retried = true;
      pause = milliseconds(0);
    }
    failure = ServiceFailure(words, reply.status, call.service, call.operation);
  }
  if (is_retried && attempts.made < configuration_.attempts_max) {
    attempts.due = now + pause;
  } else {
    attempts.outcome = *failure;
  }
}

// Nothing where the call can begin.
std::optional<Outcome<std::string>> ServiceCalls::Prepare(Attempts& attempts) {
  const ServiceCall& call = *attempts.call;
  if (call.key && !IsSendable(*call.key)) return UnusableKey();
  const auto endpoint = FindEndpoint(call.service, region_, configuration_, world_);
  if (!endpoint) return endpoint.error();
  attempts.endpoint = *endpoint;
  return std::nullopt;
}

// Begins what is due; how long until the next one is, or nothing when all are done.
std::optional<milliseconds> ServiceCalls::BeginDue(std::vector<Attempts>& all) {
  std::optional<milliseconds> wait;
  for (Attempts& call : all) {
    if (call.outcome) continue;
    const milliseconds now = world_.Elapsed();
    if (!call.is_under_way && call.due <= now) Begin(call);
    const milliseconds own = call.is_under_way ? kCallTimeMax : call.due - now;
    wait = std::min(wait.value_or(own), own);
  }
  return wait;
}

std::vector<Outcome<std::string>> ServiceCalls::Perform(const std::vector<ServiceCall>& calls) {
  std::vector<Attempts> all(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    all[i].call = &calls[i];
    all[i].outcome = Prepare(all[i]);
  }
  while (const auto wait = BeginDue(all)) {
    const auto finished = world_.http().Wait(*wait);
    if (!finished) continue;
    for (Attempts& call : all) {
      if (call.is_under_way && call.ticket == finished->ticket) Take(call, finished->reply);
    }
  }
  std::vector<Outcome<std::string>> outcomes;
  for (Attempts& call : all) outcomes.push_back(std::move(*call.outcome));
  return outcomes;
}

Outcome<std::string> ServiceCalls::Perform(const ServiceCall& call) {
  return Perform(std::vector<ServiceCall>{call}).front();
}

std::string QueryForm(const std::string& action, const std::string& version,
                      const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string form = "Action=" + action + "&Version=" + version;
  for (const auto& [name, value] : fields) {
    form += "&" + PercentEncode(name) + "=" + PercentEncode(value);
  }
  return form;
}

}  // namespace eic::aws
