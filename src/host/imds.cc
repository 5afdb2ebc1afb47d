#include "host/imds.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <thread>
#include <utility>

#include "core/bytes.h"
#include "core/instance_id.h"
#include "core/limits.h"
#include "host/limits.h"

namespace eic {
namespace {

using Fault = HttpOutcome::Fault;

constexpr int kOk = 200;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kTooManyRequests = 429;
constexpr int kServiceUnavailable = 503;

constexpr std::string_view kTokenPath = "/latest/api/token";
constexpr std::string_view kMetaDataPath = "/latest/meta-data/";
constexpr std::string_view kActiveKeysPath = "managed-ssh-keys/active-keys/";
constexpr std::string_view kStapleListPath = "managed-ssh-keys/signer-ocsp/";

bool IsThrottled(const HttpOutcome& outcome) {
  return outcome.status == kTooManyRequests || outcome.status == kServiceUnavailable;
}

bool IsServiceFault(const HttpOutcome& outcome) {
  return outcome.status == kTooManyRequests || outcome.status / 100 == 5;
}

bool IsWorthRetrying(const HttpOutcome& outcome) {
  return outcome.fault == Fault::kConnectionLost || IsServiceFault(outcome);
}

// Nobody to connect to, as far as this host can know.
bool IsAbsent(const HttpOutcome& outcome) {
  return outcome.fault == Fault::kNoRoute || outcome.fault == Fault::kConnectTimeout;
}

Reason ReasonOf(const HttpOutcome& outcome) {
  switch (outcome.fault) {
    case Fault::kNone:
      break;
    case Fault::kNoRoute:
    case Fault::kConnectFailed:
      return Reason::kImdsUnreachable;
    case Fault::kConnectTimeout:
    case Fault::kTimeout:
      return Reason::kImdsTimeout;
    case Fault::kConnectionLost:
      return Reason::kImdsConnectionLost;
    case Fault::kTooLarge:
      return Reason::kImdsResponseTooLarge;
    case Fault::kMalformed:
      return Reason::kImdsResponseMalformed;
  }
  if (IsThrottled(outcome)) return Reason::kImdsThrottled;
  if (outcome.status == kForbidden) return Reason::kImdsForbidden;
  if (outcome.status == kUnauthorized) return Reason::kImdsTokenRefused;
  return Reason::kImdsStatus;
}

Error ErrorOf(const HttpOutcome& outcome, std::string_view what) {
  std::string detail(what);
  detail += outcome.fault == Fault::kNone ? ": HTTP " + std::to_string(outcome.status)
                                          : ": " + outcome.detail;
  return Error{ReasonOf(outcome), std::move(detail)};
}

// What a header may contain: visible ASCII, so that no token can add a header of its own.
bool IsToken(std::string_view text) {
  return !text.empty() && text.size() <= kTokenBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// A name of the listing in the form in which StapleNames gives it; empty if it cannot be one.
std::string CanonicalStapleName(std::string_view name) {
  std::string canonical;
  for (const char c : name) {
    const bool is_lower_digit = c >= 'a' && c <= 'f';
    canonical += is_lower_digit ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return canonical;
}

}  // namespace

std::vector<std::string> DefaultImdsEndpoints() {
  return {"http://169.254.169.254", "http://[fd00:ec2::254]"};
}

// A resource that is being fetched.
struct Imds::Attempt {
  const Resource* resource;
  // Fails if it was not requested: the run's time was spent, or there was no token.
  Result<HttpOutcome> outcome = HttpOutcome{};
  bool retried = false;
};

Imds::Imds(HttpTransport& transport, std::vector<std::string> endpoints, Deadline deadline)
    : transport_(transport), endpoints_(std::move(endpoints)), deadline_(deadline) {}

void Imds::Dial() { dialed_ = transport_.Dial(endpoints_[endpoint_]); }

Result<std::string> Imds::FetchBlob(const Confined& confined, const UserName& user) {
  return Get(confined, {std::string(kActiveKeysPath) + PathSegment(user.text()), kBlobBytesMax});
}

Result<std::string> Imds::FetchInstanceId(const Confined& confined) {
  const Result<std::string> body = Get(confined, {"instance-id", kShortValueBytesMax});
  if (!body) return body.error();
  const std::string_view id = WithoutLineEnd(*body);
  if (!IsInstanceId(id)) return Error{Reason::kImdsResponseMalformed, "instance-id"};
  return std::string(id);
}

Result<Evidence> Imds::FetchEvidence(const Confined& confined) {
  const std::vector<Result<std::string>> bodies =
      GetAll(confined, {{"placement/region", kShortValueBytesMax},
                        {"services/domain", kShortValueBytesMax},
                        {"managed-ssh-keys/signer-cert", kChainPemBytesMax},
                        {std::string(kStapleListPath), kStapleListBytesMax}});
  for (const Result<std::string>& body : bodies) {
    if (!body) return body.error();
  }
  Evidence evidence;
  evidence.location.region = WithoutLineEnd(*bodies[0]);
  evidence.location.domain = WithoutLineEnd(*bodies[1]);
  Result<ServedChain> chain = ParseServedChain(*bodies[2]);
  if (!chain) return chain.error();
  evidence.chain = *std::move(chain);

  const std::vector<std::string> names = SelectStapleNames(*bodies[3], evidence.chain);
  std::vector<Resource> resources;
  for (const std::string& name : names) {
    resources.push_back({std::string(kStapleListPath) + name, kStapleBase64BytesMax});
  }
  std::vector<Result<std::string>> staples = GetAll(confined, resources);
  for (std::size_t i = 0; i < names.size(); ++i) {
    evidence.staples.push_back({CanonicalStapleName(names[i]), std::move(staples[i])});
  }
  return evidence;
}

Result<std::string> Imds::Get(const Confined& confined, const Resource& resource) {
  std::vector<Result<std::string>> bodies = GetAll(confined, {resource});
  return std::move(bodies.front());
}

std::vector<Result<std::string>> Imds::GetAll(const Confined& confined,
                                              const std::vector<Resource>& resources) {
  std::vector<Attempt> attempts;
  attempts.reserve(resources.size());
  for (const Resource& resource : resources) attempts.push_back({&resource});

  std::vector<std::size_t> pending(attempts.size());
  for (std::size_t i = 0; i < pending.size(); ++i) pending[i] = i;
  while (!pending.empty()) {
    const Result<std::string> token = EnsureToken(confined);
    if (!token) {
      for (const std::size_t i : pending) attempts[i].outcome = token.error();
      break;
    }
    pending = PerformPending(confined, attempts, pending);
  }

  std::vector<Result<std::string>> bodies;
  for (Attempt& attempt : attempts) bodies.push_back(BodyOf(attempt));
  return bodies;
}

std::vector<std::size_t> Imds::PerformPending(const Confined& confined,
                                              std::vector<Attempt>& attempts,
                                              const std::vector<std::size_t>& pending) {
  std::vector<HttpRequest> requests;
  for (const std::size_t i : pending) requests.push_back(GetRequest(*attempts[i].resource));
  std::vector<HttpOutcome> outcomes = Perform(confined, std::move(requests));

  std::vector<std::size_t> again;
  bool pause = false;
  bool unauthorized = false;
  for (std::size_t k = 0; k < pending.size(); ++k) {
    Attempt& attempt = attempts[pending[k]];
    const HttpOutcome& outcome = outcomes[k];
    if (outcome.status == kUnauthorized && !renewed_) {
      unauthorized = true;
      again.push_back(pending[k]);
    } else if (IsWorthRetrying(outcome) && !attempt.retried) {
      attempt.retried = true;
      pause = pause || IsServiceFault(outcome);
      again.push_back(pending[k]);
    }
    attempt.outcome = std::move(outcomes[k]);
  }
  if (unauthorized) {
    renewed_ = true;
    token_.clear();
  }
  if (pause) PauseBeforeRetry();
  return again;
}

Result<std::string> Imds::BodyOf(Attempt& attempt) {
  if (!attempt.outcome) return attempt.outcome.error();
  HttpOutcome& outcome = *attempt.outcome;
  if (outcome.fault == Fault::kNone && outcome.status == kOk) return std::move(outcome.body);
  const std::string& path = attempt.resource->path;
  const bool is_blob = path.compare(0, kActiveKeysPath.size(), kActiveKeysPath) == 0;
  if (is_blob && outcome.status == kNotFound) return Error{Reason::kNoKey, ""};
  return ErrorFor(outcome, "GET " + path);
}

// At the deadline, a time-out says nothing about the service.
Error Imds::ErrorFor(const HttpOutcome& outcome, const std::string& what) const {
  const bool timed_out =
      outcome.fault == Fault::kTimeout || outcome.fault == Fault::kConnectTimeout;
  if (timed_out && deadline_.HasPassed()) return Error{Reason::kTimeBudgetSpent, what};
  return ErrorOf(outcome, what);
}

Result<std::string> Imds::EnsureToken(const Confined& confined) {
  if (deadline_.HasPassed()) return Error{Reason::kTimeBudgetSpent, "metadata"};
  if (!token_.empty()) return token_;
  Result<std::string> token = FetchToken(confined);
  if (token) token_ = *token;
  return token;
}

Result<std::string> Imds::FetchToken(const Confined& confined) {
  HttpOutcome outcome = PutToken(confined);
  if (IsWorthRetrying(outcome)) {
    if (IsServiceFault(outcome)) PauseBeforeRetry();
    if (!deadline_.HasPassed()) outcome = PutToken(confined);
  }
  if (outcome.fault != Fault::kNone || outcome.status != kOk) {
    return ErrorFor(outcome, "PUT " + std::string(kTokenPath));
  }
  const std::string_view token = WithoutLineEnd(outcome.body);
  if (!IsToken(token)) return Error{Reason::kImdsResponseMalformed, "token"};
  return std::string(token);
}

// Before the first token, moves on to the next endpoint if this one cannot be connected to, and
// stays there unless there is no route to it. All endpoints share one request's time, so that
// silence costs no more.
HttpOutcome Imds::PutToken(const Confined& confined) {
  const Deadline shared = Deadline::After(kRequestTimeMax);
  HttpRequest dialed = TokenRequest();
  dialed.dialed = std::exchange(dialed_, nullptr);
  HttpOutcome first = Perform(confined, {std::move(dialed)}).front();
  if (renewed_) return first;
  const std::size_t endpoint = endpoint_;
  while (IsAbsent(first) && endpoint_ + 1 < endpoints_.size() && !deadline_.HasPassed() &&
         !shared.HasPassed()) {
    ++endpoint_;
    HttpRequest request = TokenRequest();
    request.time_max =
        std::min(request.time_max, std::max(shared.TimeLeft(), std::chrono::milliseconds(1)));
    HttpOutcome next = Perform(confined, {request}).front();
    // A missing route over IPv6 says nothing about the service: report the result of IPv4.
    if (next.fault != Fault::kNoRoute) return next;
  }
  endpoint_ = endpoint;
  return first;
}

// A connect that nobody answered is tried once more, in the rest of the request's time. The rest is
// measured, because a request also waits while kConnectionsMax others are in progress.
std::vector<HttpOutcome> Imds::Perform(const Confined& confined,
                                       std::vector<HttpRequest> requests) {
  const Deadline::Clock::time_point start = Deadline::Clock::now();
  std::vector<HttpRequest> first_tries = requests;
  for (HttpRequest& request : first_tries) {
    request.connect_time_max = std::max(request.connect_time_max / 3, std::chrono::milliseconds(1));
  }
  std::vector<HttpOutcome> outcomes = transport_.PerformAll(confined, first_tries);

  const auto waited = std::chrono::ceil<std::chrono::milliseconds>(Deadline::Clock::now() - start);
  std::vector<std::size_t> silent;
  std::vector<HttpRequest> second_tries;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    HttpRequest& request = requests[i];
    request.time_max = std::min(request.time_max - waited, deadline_.TimeLeft());
    request.connect_time_max -= waited;
    const bool has_time = request.time_max.count() > 0 && request.connect_time_max.count() > 0;
    if (outcomes[i].fault != Fault::kConnectTimeout || !has_time) continue;
    silent.push_back(i);
    request.dialed = nullptr;
    second_tries.push_back(std::move(request));
  }
  if (silent.empty()) return outcomes;
  std::vector<HttpOutcome> second_outcomes = transport_.PerformAll(confined, second_tries);
  for (std::size_t k = 0; k < silent.size(); ++k) {
    outcomes[silent[k]] = std::move(second_outcomes[k]);
  }
  return outcomes;
}

HttpRequest Imds::TokenRequest() const {
  HttpRequest request = RequestFor(kTokenPath);
  request.method = HttpRequest::Method::kPut;
  // As long as the longest run, so that no token outlives its session by much.
  request.headers = {"X-aws-ec2-metadata-token-ttl-seconds: " +
                     std::to_string(kRunTimeMax.count())};
  request.body_bytes_max = kTokenBytesMax;
  return request;
}

HttpRequest Imds::GetRequest(const Resource& resource) const {
  HttpRequest request = RequestFor(std::string(kMetaDataPath) + resource.path);
  request.headers = {"X-aws-ec2-metadata-token: " + token_};
  request.body_bytes_max = resource.bytes_max;
  return request;
}

HttpRequest Imds::RequestFor(std::string_view path) const {
  // Zero would mean no limit at all.
  const auto time_left = std::max(deadline_.TimeLeft(), std::chrono::milliseconds(1));
  HttpRequest request;
  request.url = endpoints_[endpoint_] + std::string(path);
  request.time_max = std::min(kRequestTimeMax, time_left);
  request.connect_time_max =
      std::min(endpoint_ == 0 ? kConnectTimeMax : kFallbackConnectTimeMax, time_left);
  return request;
}

void Imds::PauseBeforeRetry() const {
  std::this_thread::sleep_for(std::min(kRetryPause, deadline_.TimeLeft()));
}

std::uint16_t PortOf(std::string_view endpoint) {
  constexpr std::uint16_t kHttpPort = 80;
  const std::size_t colon = endpoint.rfind(':');
  // Not the colon of `http://`, nor one within an IPv6 address.
  if (colon == std::string_view::npos ||
      endpoint.find_first_of("/]", colon) != std::string_view::npos) {
    return kHttpPort;
  }
  std::uint16_t port = kHttpPort;
  (void)std::from_chars(endpoint.data() + colon + 1, endpoint.data() + endpoint.size(), port);
  return port;
}

std::string PathSegment(std::string_view user) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  constexpr std::string_view kAllowed =  // pchar without pct-encoded
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
      "-._~!$&'()*+,;=:@";
  std::string segment;
  for (const char c : user) {
    if (kAllowed.find(c) != std::string_view::npos) {
      segment += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    segment += '%';
    segment += kHexDigits[byte >> 4];
    segment += kHexDigits[byte & 0xfU];
  }
  return segment;
}

std::vector<std::string> SelectStapleNames(std::string_view list, const ServedChain& chain) {
  std::set<std::string> wanted;
  for (const X509Ptr& certificate : chain) {
    for (std::string& name : StapleNames(certificate.get())) wanted.insert(std::move(name));
  }
  std::vector<std::string> selected;
  LineCursor lines(list);
  while (!lines.AtEnd() && selected.size() < kStaplesMax) {
    const std::string_view name = WithoutLineEnd(lines.Next());
    // Removed once found, so that a name that is listed twice is fetched once. A name that matches
    // is hexadecimal, so it cannot be a path.
    if (wanted.erase(CanonicalStapleName(name)) == 1) selected.emplace_back(name);
  }
  return selected;
}

}  // namespace eic
