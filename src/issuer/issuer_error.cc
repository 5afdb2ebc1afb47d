#include "issuer/issuer_error.h"

#include <openssl/err.h>

namespace eic::issuer {

void Fail(std::string_view what) {
  std::string message(what);
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  if (reason != nullptr) message.append(": ").append(reason);
  ERR_clear_error();
  throw IssuerError(message);
}

}  // namespace eic::issuer
