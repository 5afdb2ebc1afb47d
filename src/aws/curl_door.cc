#include "aws/curl_door.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "aws/limits.h"
#include "aws/text.h"
#include "aws/trust_store.h"

namespace eic::aws {
namespace {

using EasyPtr = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderListPtr = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using Fault = HttpReply::Fault;

// An option that libcurl was built to know cannot fail but for memory.
template <typename T>
void Set(CURL* easy, CURLoption option, T value) {
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) std::abort();
}

long Milliseconds(std::chrono::milliseconds time) { return static_cast<long>(time.count()); }

Fault FaultOf(CURLcode code, bool was_connected) {
  switch (code) {
    case CURLE_OK:
      return Fault::kNone;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return Fault::kNotConnected;
    case CURLE_OPERATION_TIMEDOUT:
      return was_connected ? Fault::kTimeout : Fault::kNotConnected;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
      return Fault::kTls;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return Fault::kConnectionLost;
    default:
      return Fault::kMalformed;
  }
}

}  // namespace

// One call under way. libcurl knows its address, so it does not move.
struct CurlDoor::Transfer {
  HeaderListPtr header_list{nullptr, &curl_slist_free_all};
  EasyPtr easy{curl_easy_init(), &curl_easy_cleanup};  // freed before `header_list`
  Ticket ticket = 0;
  std::string request_body;
  std::size_t answer_bytes_max = 0;
  std::size_t header_bytes = 0;
  bool is_too_large = false;
  HttpReply reply;
  char error_text[CURL_ERROR_SIZE] = {};

  void AddHeader(const std::string& line) {
    curl_slist* longer = curl_slist_append(header_list.get(), line.c_str());
    if (longer == nullptr) std::abort();
    (void)header_list.release();  // is part of `longer`
    header_list.reset(longer);
  }

  // libcurl's write callback. No exception may pass through libcurl: where memory is out the
  // process ends.
  static std::size_t OnBody(char* bytes, std::size_t size, std::size_t count,
                            void* pointer) noexcept {
    auto* transfer = static_cast<Transfer*>(pointer);
    const std::size_t length = size * count;
    if (transfer->answer_bytes_max - transfer->reply.body.size() < length) {
      transfer->is_too_large = true;
      return 0;
    }
    transfer->reply.body.append(bytes, length);
    return length;
  }

  // For every line of every head on the way; those of the last one are kept.
  static std::size_t OnHeader(char* bytes, std::size_t size, std::size_t count,
                              void* pointer) noexcept {
    auto* transfer = static_cast<Transfer*>(pointer);
    const std::string_view line(bytes, size * count);
    transfer->header_bytes += line.size();
    if (transfer->header_bytes > kAnswerHeadersBytesMax) {
      transfer->is_too_large = true;
      return 0;
    }
    if (line.substr(0, 5) == "HTTP/") transfer->reply.headers.clear();
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      transfer->reply.headers[LowerCase(line.substr(0, colon))] = Trimmed(line.substr(colon + 1));
    }
    return line.size();
  }

  void SetProtocols() const {
#if LIBCURL_VERSION_NUM >= 0x075500
    Set(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
#else
    Set(easy.get(), CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
    Set(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
    Set(easy.get(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Set(easy.get(), CURLOPT_HTTP09_ALLOWED, 0L);
  }

  // Where neither is set libcurl takes what it was built with. libcurl without TLS knows no such
  // option; it then fails at https by itself.
  void SetTrust(const std::string& ca) const {
    const TrustStore store = FindTrustStore(ca);
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, 2L);
    if (!store.folder.empty()) {
      curl_easy_setopt(easy.get(), CURLOPT_CAINFO, nullptr);
      curl_easy_setopt(easy.get(), CURLOPT_CAPATH, store.folder.c_str());
    } else if (!store.file.empty()) {
      curl_easy_setopt(easy.get(), CURLOPT_CAPATH, nullptr);
      curl_easy_setopt(easy.get(), CURLOPT_CAINFO, store.file.c_str());
    }
  }

  void SetBody(const HttpCall& call) {
    if (call.method == "GET") return;
    request_body = call.body;
    Set(easy.get(), CURLOPT_POSTFIELDS, request_body.c_str());
    Set(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(request_body.size()));
    Set(easy.get(), CURLOPT_CUSTOMREQUEST, call.method.c_str());
    AddHeader("Expect:");
    if (call.headers.count("content-type") == 0) AddHeader("Content-Type:");
  }

  void SetUp(const HttpCall& call, const std::string& ca) {
    if (easy == nullptr) std::abort();
    SetProtocols();
    if (call.url.compare(0, 8, "https://") == 0) SetTrust(ca);
    Set(easy.get(), CURLOPT_URL, call.url.c_str());
    Set(easy.get(), CURLOPT_PATH_AS_IS, 1L);
    if (!call.may_use_proxy) curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    Set(easy.get(), CURLOPT_NOSIGNAL, 1L);
    Set(easy.get(), CURLOPT_USERAGENT, "ec2-instance-connect-cli/" EIC_VERSION);
    Set(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, Milliseconds(call.connect_time_max));
    Set(easy.get(), CURLOPT_TIMEOUT_MS, Milliseconds(call.time_max));
    Set(easy.get(), CURLOPT_WRITEFUNCTION, &OnBody);
    Set(easy.get(), CURLOPT_WRITEDATA, static_cast<void*>(this));
    Set(easy.get(), CURLOPT_HEADERFUNCTION, &OnHeader);
    Set(easy.get(), CURLOPT_HEADERDATA, static_cast<void*>(this));
    Set(easy.get(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    Set(easy.get(), CURLOPT_ERRORBUFFER, error_text);
    Set(easy.get(), CURLOPT_PRIVATE, static_cast<void*>(this));
    answer_bytes_max = call.answer_bytes_max;
    SetBody(call);
    for (const auto& [name, value] : call.headers)
      AddHeader(std::string(name).append(": ").append(value));
    Set(easy.get(), CURLOPT_HTTPHEADER, header_list.get());
  }

  HttpReply End(CURLcode code) {
    curl_off_t connected_us = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_CONNECT_TIME_T, &connected_us);
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (is_too_large) {
      return {Fault::kTooLarge, "more than " + std::to_string(answer_bytes_max) + " bytes"};
    }
    if (code != CURLE_OK) {
      const char* detail = error_text[0] != '\0' ? error_text : curl_easy_strerror(code);
      return {FaultOf(code, connected_us > 0), detail};
    }
    reply.status = static_cast<int>(status);
    return std::move(reply);
  }
};

struct CurlDoor::Multi {
  CURLM* handle = curl_multi_init();

  Multi() {
    if (handle == nullptr) std::abort();
  }
  ~Multi() { curl_multi_cleanup(handle); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  // Nothing under way is done yet: nothing.
  std::optional<std::pair<Ticket, CURLcode>> NextDone() const {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      char* pointer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &pointer);
      return std::make_pair(reinterpret_cast<Transfer*>(pointer)->ticket, message->data.result);
    }
    return std::nullopt;
  }
};

CurlDoor::CurlDoor() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) std::abort();
}

CurlDoor::~CurlDoor() {
  for (const auto& [ticket, transfer] : under_way_) {
    curl_multi_remove_handle(multi_->handle, transfer->easy.get());
  }
  under_way_.clear();
  multi_.reset();
  curl_global_cleanup();
}

void CurlDoor::Trust(const std::string& ca) { ca_ = ca; }

HttpDoor::Ticket CurlDoor::Start(const HttpCall& call) {
  if (multi_ == nullptr) multi_ = std::make_unique<Multi>();
  auto transfer = std::make_unique<Transfer>();
  transfer->ticket = ++last_ticket_;
  transfer->SetUp(call, ca_);
  int running = 0;
  if (curl_multi_add_handle(multi_->handle, transfer->easy.get()) != CURLM_OK ||
      curl_multi_perform(multi_->handle, &running) != CURLM_OK) {
    std::abort();  // out of memory
  }
  under_way_.emplace(last_ticket_, std::move(transfer));
  return last_ticket_;
}

std::optional<HttpDoor::Finished> CurlDoor::Wait(std::chrono::milliseconds time_max) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + time_max;
  if (under_way_.empty()) {
    std::this_thread::sleep_until(end);
    return std::nullopt;
  }
  for (;;) {
    int running = 0;
    if (curl_multi_perform(multi_->handle, &running) != CURLM_OK) std::abort();
    if (const auto done = multi_->NextDone()) {
      const auto transfer = under_way_.find(done->first);
      curl_multi_remove_handle(multi_->handle, transfer->second->easy.get());
      Finished finished{done->first, transfer->second->End(done->second)};
      under_way_.erase(transfer);
      return finished;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    const int poll_ms = static_cast<int>(std::min<std::int64_t>(left.count(), 1000));
    if (curl_multi_poll(multi_->handle, nullptr, 0, poll_ms, nullptr) != CURLM_OK) std::abort();
  }
}

HttpReply Perform(HttpDoor& http, const HttpCall& call) {
  http.Start(call);
  // The call's own limit ends it; this one only keeps a broken door from holding us for good.
  auto finished = http.Wait(call.time_max + std::chrono::seconds(5));
  if (!finished) return {HttpReply::Fault::kTimeout, "no answer in time"};
  return std::move(finished->reply);
}

}  // namespace eic::aws
