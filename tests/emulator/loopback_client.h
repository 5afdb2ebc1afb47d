// Requests over real sockets, by libcurl: not by the library that the emulator serves with.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eic::emulator {

struct LoopbackAnswer {
  int status = 0;
  std::string headers;  // as they came
  std::string body;
};

inline std::size_t AppendTo(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

// Keeps its connections between requests, where the other end does.
class LoopbackClient {
 public:
  // `ca_file`: the CA of https; empty: there is none.
  explicit LoopbackClient(std::string ca_file = "")
      : curl_(curl_easy_init(), curl_easy_cleanup), ca_file_(std::move(ca_file)) {}

  // `body` null: none, and no Content-Length either.
  LoopbackAnswer Ask(const std::string& method, const std::string& url,
                     const std::vector<std::string>& headers = {},
                     const std::string* body = nullptr) {
    LoopbackAnswer answer;
    CURL* curl = curl_.get();
    curl_easy_reset(curl);
    curl_slist* list = curl_slist_append(nullptr, "Expect:");
    for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(list, curl_slist_free_all);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    if (!ca_file_.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file_.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
    if (method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
    if (body != nullptr) {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body->size()));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->c_str());
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, AppendTo);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, AppendTo);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.headers);
    result_ = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, nullptr);
    if (result_ != CURLE_OK) return answer;
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    return answer;
  }

  // Of the latest request: how it ended, and how many connections it opened.
  CURLcode result() const { return result_; }
  long new_connections() const {
    long count = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_NUM_CONNECTS, &count);
    return count;
  }

 private:
  const std::unique_ptr<CURL, void (*)(CURL*)> curl_;
  const std::string ca_file_;
  CURLcode result_ = CURLE_OK;
};

// One request on a connection of its own.
inline LoopbackAnswer Ask(const std::string& method, const std::string& url,
                          const std::vector<std::string>& headers = {},
                          const std::string* body = nullptr) {
  return LoopbackClient().Ask(method, url, headers, body);
}

}  // namespace eic::emulator
