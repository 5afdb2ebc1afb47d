// A value, or the reason why there is none.
//
// Propagation is always the same words: `if (!x) return x.error();`. Asking a failed Result for its
// value, or a good one for its error, ends the process: that can deny a login, never grant one.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

#include "core/reason.h"

namespace eic {

struct Error {
  Reason reason;
  // What an operator would ask for next. Untrusted: may contain bytes from the network; whoever
  // prints it escapes and cuts it (core/printable.h).
  std::string detail;
};

// `E` says why there is no value: the decision's Error, or another part's own type of failure.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  // Implicit, for `return value;` and `return Error{...};`.
  Result(T value) : state_(std::move(value)) {}
  Result(E error) : state_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  const T& operator*() const& { return Value(); }
  T& operator*() & { return const_cast<T&>(Value()); }
  T&& operator*() && { return std::move(const_cast<T&>(Value())); }
  const T* operator->() const { return &Value(); }
  T* operator->() { return const_cast<T*>(&Value()); }

  const E& error() const {
    const E* error = std::get_if<E>(&state_);
    if (error == nullptr) std::abort();
    return *error;
  }

 private:
  const T& Value() const {
    const T* value = std::get_if<T>(&state_);
    if (value == nullptr) std::abort();
    return *value;
  }

  std::variant<T, E> state_;
};

// The value of a Result that only reports success.
struct Nothing {};

}  // namespace eic
