#include "host/curl_http.h"

#include <curl/curl.h>
#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "core/limits.h"
#include "host/limits.h"

namespace eic {
namespace {

using EasyPtr = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderListPtr = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using Fault = HttpOutcome::Fault;

constexpr int kPollMs = 200;  // an upper bound only: curl wakes for its own timers
constexpr long kOk = 200;

// One request under way. Its address is known to libcurl, so it does not move.
struct Transfer {
  explicit Transfer(const HttpRequest& of) : request(&of) {}

  const HttpRequest* request;
  HeaderListPtr headers{nullptr, &curl_slist_free_all};
  EasyPtr easy{curl_easy_init(), &curl_easy_cleanup};  // freed before `headers`, which it borrows
  std::size_t header_bytes = 0;
  bool head_is_whole = false;
  bool needs_no_body = false;    // the head has decided the outcome
  Fault refusal = Fault::kNone;  // of what arrived, by a callback
  std::string refusal_detail;
  std::string body;
  bool was_dialed = false;
  int dialed = -1;                         // a connected socket; libcurl closes it
  std::optional<HttpOutcome> unconnected;  // in place of a transfer
  CURLcode result = CURLE_OK;
};

long InfoOf(CURL* easy, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

// What a callback returns to end the transfer.
std::size_t Refuse(Transfer& transfer, Fault fault, std::string detail) {
  transfer.refusal = fault;
  transfer.refusal_detail = std::move(detail);
  return 0;
}

// libcurl's write callback: keeps the body while it is within its limit. No exception may pass
// through libcurl: if memory runs out, the process ends.
std::size_t OnBody(char* bytes, std::size_t size, std::size_t count,
                   void* transfer_pointer) noexcept {
  auto* transfer = static_cast<Transfer*>(transfer_pointer);
  const std::size_t length = size * count;
  const std::size_t bytes_max = transfer->request->body_bytes_max;
  if (bytes_max - transfer->body.size() < length) {
    return Refuse(*transfer, Fault::kTooLarge, "more than " + std::to_string(bytes_max) + " bytes");
  }
  transfer->body.append(bytes, length);
  return length;
}

bool IsSameWord(std::string_view one, std::string_view other) {
  return one.size() == other.size() && strncasecmp(one.data(), other.data(), one.size()) == 0;
}

// A transfer coding other than chunks (RFC 7230 section 4). The agent asks for none, but a libcurl
// that knows one would decode it, without a limit on the result.
bool IsOtherCoding(std::string_view line) {
  constexpr std::string_view kName = "transfer-encoding:";
  constexpr std::string_view kBlanks = " \t";
  if (!IsSameWord(line.substr(0, kName.size()), kName)) return false;
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks, kName.size()), line.size()));
  return !IsSameWord(line.substr(0, line.find_last_not_of(kBlanks) + 1), "chunked");
}

// libcurl's header callback, for every header line of every answer, including 1xx and trailers. It
// counts the bytes, and looks for the empty line that ends a head and for a transfer coding.
std::size_t OnHeader(char* bytes, std::size_t size, std::size_t count,
                     void* transfer_pointer) noexcept {
  auto* transfer = static_cast<Transfer*>(transfer_pointer);
  const std::string_view line = WithoutLineEnd({bytes, size * count});
  if (line.empty()) transfer->head_is_whole = true;
  if (line.substr(0, 5) == "HTTP/") transfer->head_is_whole = false;  // the head of another answer
  transfer->header_bytes += size * count;
  if (transfer->header_bytes > kResponseHeadersBytesMax) {
    return Refuse(*transfer, Fault::kTooLarge, "headers over their limit");
  }
  if (IsOtherCoding(line)) return Refuse(*transfer, Fault::kMalformed, "Transfer-Encoding");
  // The body of an error is of no use, and neither its size nor its arrival means anything.
  const bool is_final_error = InfoOf(transfer->easy.get(), CURLINFO_RESPONSE_CODE) > kOk;
  if (line.empty() && is_final_error) transfer->needs_no_body = true;
  return transfer->needs_no_body ? 0 : size * count;
}

// An option that libcurl was built with can fail only if memory runs out.
template <typename T>
void Set(CURL* easy, CURLoption option, T value) {
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) std::abort();
}

void AddHeader(Transfer& transfer, const char* line) {
  curl_slist* longer = curl_slist_append(transfer.headers.get(), line);
  if (longer == nullptr) std::abort();
  (void)transfer.headers.release();  // is part of `longer`
  transfer.headers.reset(longer);
}

// Only HTTP: whatever a redirect or a URL says, libcurl speaks no other protocol.
void AllowHttpOnly(CURL* easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
  Set(easy, CURLOPT_PROTOCOLS_STR, "http");
#else
  Set(easy, CURLOPT_PROTOCOLS, CURLPROTO_HTTP);
#endif
  Set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  Set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(easy, CURLOPT_HTTP09_ALLOWED, 0L);
}

// No proxy, whatever the environment says. A libcurl that was built without proxies does not know
// the option.
void UseNoProxy(CURL* easy) {
  const CURLcode result = curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (result != CURLE_OK && result != CURLE_UNKNOWN_OPTION) std::abort();
}

bool IsNoRoute(long error_number) {
  return error_number == ENETUNREACH || error_number == EHOSTUNREACH ||
         error_number == EADDRNOTAVAIL || error_number == EAFNOSUPPORT;
}

// The outcome that libcurl would have reported for the same error of connect(2).
HttpOutcome Unconnected(int error_number) {
  HttpOutcome outcome;
  outcome.detail = std::strerror(error_number);
  if (error_number == ETIMEDOUT) {
    outcome.fault = Fault::kConnectTimeout;
  } else {
    outcome.fault = IsNoRoute(error_number) ? Fault::kNoRoute : Fault::kConnectFailed;
  }
  return outcome;
}

// libcurl's callbacks for a socket that is connected already, CURLOPT_OPENSOCKETFUNCTION(3).
curl_socket_t OnOpenSocket(void* transfer_pointer, curlsocktype, curl_sockaddr*) noexcept {
  auto* transfer = static_cast<Transfer*>(transfer_pointer);
  return std::exchange(transfer->dialed, -1);
}

int OnSocket(void*, curl_socket_t, curlsocktype) noexcept { return CURL_SOCKOPT_ALREADY_CONNECTED; }

// Waits for the connection that was dialed; nothing else can be done at this moment without it.
void TakeDialed(const Confined& confined, Transfer& transfer, PendingConnection& dialed) {
  const int error_number = dialed.Wait(transfer.request->connect_time_max);
  if (error_number != 0) {
    transfer.unconnected = Unconnected(error_number);
    return;
  }
  transfer.was_dialed = true;
  transfer.dialed = dialed.Release(confined);
  CURL* easy = transfer.easy.get();
  Set(easy, CURLOPT_OPENSOCKETFUNCTION, &OnOpenSocket);
  Set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&transfer));
  Set(easy, CURLOPT_SOCKOPTFUNCTION, &OnSocket);
}

void SetUp(const Confined& confined, Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  if (easy == nullptr) std::abort();
  const HttpRequest& request = *transfer.request;
  AllowHttpOnly(easy);
  Set(easy, CURLOPT_URL, request.url.c_str());
  Set(easy, CURLOPT_PATH_AS_IS, 1L);  // no dot-segment folding
  UseNoProxy(easy);
  // One connection per request, as the real service does it. On an open one, libcurl would retry by
  // itself, and silence would look like a connect that timed out.
  Set(easy, CURLOPT_FRESH_CONNECT, 1L);
  Set(easy, CURLOPT_FORBID_REUSE, 1L);
  Set(easy, CURLOPT_NOSIGNAL, 1L);
  Set(easy, CURLOPT_USERAGENT, "ec2-instance-connect/" EIC_VERSION);
  Set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_time_max.count()));
  Set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.time_max.count()));
  Set(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  Set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  Set(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  Set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  Set(easy, CURLOPT_PRIVATE, static_cast<void*>(&transfer));
  if (request.method == HttpRequest::Method::kPut) {
    // A PUT with an empty body, and without the headers that libcurl would add for a POST.
    Set(easy, CURLOPT_POSTFIELDS, "");
    Set(easy, CURLOPT_POSTFIELDSIZE, 0L);
    Set(easy, CURLOPT_CUSTOMREQUEST, "PUT");
    AddHeader(transfer, "Content-Type:");
    AddHeader(transfer, "Expect:");
  }
  for (const std::string& header : request.headers) AddHeader(transfer, header.c_str());
  Set(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  if (request.dialed) TakeDialed(confined, transfer, *request.dialed);
}

bool WasConnected(CURL* easy) {
  curl_off_t connect_time_us = 0;
  return curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connect_time_us) == CURLE_OK &&
         connect_time_us > 0;
}

Fault FaultOf(const Transfer& transfer) {
  if (transfer.refusal != Fault::kNone) return transfer.refusal;
  if (transfer.needs_no_body) return Fault::kNone;
  switch (transfer.result) {
    case CURLE_OK:
      // libcurl treats an answer that ends within its head as one with an empty body.
      return transfer.head_is_whole ? Fault::kNone : Fault::kConnectionLost;
    case CURLE_COULDNT_CONNECT:
      return IsNoRoute(InfoOf(transfer.easy.get(), CURLINFO_OS_ERRNO)) ? Fault::kNoRoute
                                                                       : Fault::kConnectFailed;
    case CURLE_OPERATION_TIMEDOUT:
      return transfer.was_dialed || WasConnected(transfer.easy.get()) ? Fault::kTimeout
                                                                      : Fault::kConnectTimeout;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return Fault::kConnectionLost;
    case CURLE_OUT_OF_MEMORY:  // also for a header line beyond libcurl's own limit, until 8.6
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
      return Fault::kTooLarge;
    default:
      return Fault::kMalformed;
  }
}

HttpOutcome OutcomeOf(Transfer& transfer) {
  if (transfer.unconnected) return *std::move(transfer.unconnected);
  HttpOutcome outcome;
  outcome.fault = FaultOf(transfer);
  if (outcome.fault == Fault::kNone) {
    outcome.status = static_cast<int>(InfoOf(transfer.easy.get(), CURLINFO_RESPONSE_CODE));
    outcome.body = std::move(transfer.body);
    return outcome;
  }
  if (transfer.refusal != Fault::kNone) {
    outcome.detail = std::move(transfer.refusal_detail);
    return outcome;
  }
  outcome.detail = transfer.result == CURLE_OK ? "the answer ends within its head"
                                               : curl_easy_strerror(transfer.result);
  if (transfer.result == CURLE_COULDNT_CONNECT) {
    const long error_number = InfoOf(transfer.easy.get(), CURLINFO_OS_ERRNO);
    if (error_number != 0) outcome.detail = std::strerror(static_cast<int>(error_number));
  }
  return outcome;
}

}  // namespace

struct CurlHttp::Multi {
  Multi() : handle(curl_multi_init()) {
    if (handle == nullptr) std::abort();
    if (curl_multi_setopt(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, kConnectionsMax) != CURLM_OK) {
      std::abort();
    }
  }
  ~Multi() { curl_multi_cleanup(handle); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  // Records the results of the transfers that have ended.
  void Collect() const {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(handle, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      char* transfer_pointer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer_pointer);
      auto* transfer = reinterpret_cast<Transfer*>(transfer_pointer);
      transfer->result = message->data.result;
    }
  }

  // Ends when all are done: each has its time limit.
  void Run() const {
    for (;;) {
      int running = 0;
      Check(curl_multi_perform(handle, &running));
      Collect();
      if (running == 0) return;
      Check(curl_multi_poll(handle, nullptr, 0, kPollMs, nullptr));
    }
  }

  // Says nothing about the service, so it is no outcome of a request.
  static void Check(CURLMcode code) {
    if (code != CURLM_OK) throw std::runtime_error(curl_multi_strerror(code));
  }

  CURLM* handle;
};

CurlHttp::CurlHttp() {
  // Plain HTTP: no part of TLS is set up.
  if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK) std::abort();
}

CurlHttp::~CurlHttp() {
  multi_.reset();
  curl_global_cleanup();
}

std::shared_ptr<PendingConnection> CurlHttp::Dial(const std::string& endpoint) {
  return eic::Dial(endpoint);
}

std::vector<HttpOutcome> CurlHttp::PerformAll(const Confined& confined,
                                              const std::vector<HttpRequest>& requests) {
  if (multi_ == nullptr) multi_ = std::make_unique<Multi>();
  std::vector<std::unique_ptr<Transfer>> transfers;
  for (const HttpRequest& request : requests) {
    transfers.push_back(std::make_unique<Transfer>(request));
    SetUp(confined, *transfers.back());
    if (transfers.back()->unconnected) continue;
    if (curl_multi_add_handle(multi_->handle, transfers.back()->easy.get()) != CURLM_OK) {
      std::abort();
    }
  }
  multi_->Run();

  std::vector<HttpOutcome> outcomes;
  for (const std::unique_ptr<Transfer>& transfer : transfers) {
    outcomes.push_back(OutcomeOf(*transfer));
    if (transfer->dialed >= 0) close(transfer->dialed);  // libcurl did not get that far
    curl_multi_remove_handle(multi_->handle, transfer->easy.get());
  }
  return outcomes;
}

}  // namespace eic
