#include "core/staple.h"

#include <openssl/err.h>

#include <algorithm>

#include "core/base64.h"
#include "core/limits.h"

namespace eic {
namespace {

Result<OcspBasicResponsePtr> ParseResponse(const std::string& der) {
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* at = begin;
  const OcspResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  if (!response || at != begin + der.size()) {
    return Error{Reason::kStapleMalformed, "not an OCSP response"};
  }
  const int status = OCSP_response_status(response.get());
  if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return Error{Reason::kStapleUnsuccessful, OCSP_response_status_str(status)};
  }
  OcspBasicResponsePtr basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return Error{Reason::kStapleMalformed, "not a basic OCSP response"};
  if (OCSP_resp_count(basic.get()) > kSingleResponsesMax) {
    return Error{Reason::kStapleMalformed, "too many single responses"};
  }
  return basic;
}

}  // namespace

Result<OcspBasicResponsePtr> ParseStaple(std::string_view base64) {
  std::string text(base64);
  text.erase(
      std::remove_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }),
      text.end());
  const std::optional<std::string> der = DecodeBase64(text);
  if (!der || der->empty()) return Error{Reason::kStapleMalformed, "not base64"};
  Result<OcspBasicResponsePtr> basic = ParseResponse(*der);
  ERR_clear_error();
  return basic;
}

std::vector<StapleWord> WordsOf(const OcspBasicResponsePtr& basic) {
  std::vector<StapleWord> words;
  for (int i = 0; i < OCSP_resp_count(basic.get()); ++i) {
    ASN1_GENERALIZEDTIME* this_update = nullptr;  // borrowed
    ASN1_GENERALIZEDTIME* next_update = nullptr;  // borrowed
    const int status = OCSP_single_get0_status(OCSP_resp_get0(basic.get(), i), nullptr, nullptr,
                                               &this_update, &next_update);
    words.push_back({OCSP_cert_status_str(status), this_update, next_update});
  }
  return words;
}

}  // namespace eic
