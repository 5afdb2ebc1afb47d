// How the issuer fails: by one exception.
//
// Unlike the judge, the issuer reads nothing hostile and decides nothing. If it cannot make
// something (no memory, a full disk, a specification that OpenSSL refuses), no caller has an
// alternative, so the failure goes to the top of the program or test in one step.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace eic::issuer {

class IssuerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws IssuerError with `what` and, if there is one, OpenSSL's latest reason.
[[noreturn]] void Fail(std::string_view what);

// OpenSSL's conventions, met once: a null object and any status but 1 are failures.
template <typename T>
T* Require(T* object, std::string_view what) {
  if (object == nullptr) Fail(what);
  return object;
}

inline void RequireOne(int status, std::string_view what) {
  if (status != 1) Fail(what);
}

}  // namespace eic::issuer
