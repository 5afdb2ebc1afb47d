// A value, or why there is none: for the administrator's program, whose failures are read by people
// and by maintainer scripts, and are not the reasons of a login (core/reason.h).
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace eic::admin {

// The exit status: a contract with maintainer scripts, ec2-instance-connect(8).
enum class ExitStatus {
  kDone = 0,       // done, or already so
  kRefused = 1,    // the slot is somebody else's, or masked; nothing was changed
  kUsage = 2,      // wrong usage
  kUnchecked = 3,  // sshd could not be asked; what was changed stays
  kFailed = 4,     // everything is as it was

  // Of doctor, which has a scale of its own.
  kFine = 0,
  kWarnings = 1,
  kBroken = 2,
};

struct Failure {
  ExitStatus status;
  std::string slug;  // for programs: one word a cause
  std::string text;  // for people: what happened, where, what to do
};

struct Nothing {};

// As Result<T> of core/result.h: `if (!x) return x.error();`, and misuse ends the process.
template <typename T>
class [[nodiscard]] Outcome {
 public:
  // Implicit, for `return value;` and `return Failure{...};`.
  Outcome(T value) : state_(std::move(value)) {}
  Outcome(Failure failure) : state_(std::move(failure)) {}

  explicit operator bool() const { return std::holds_alternative<T>(state_); }

  const T& operator*() const& { return Value(); }
  T& operator*() & { return const_cast<T&>(Value()); }
  T&& operator*() && { return std::move(const_cast<T&>(Value())); }
  const T* operator->() const { return &Value(); }
  T* operator->() { return const_cast<T*>(&Value()); }

  const Failure& error() const {
    const Failure* failure = std::get_if<Failure>(&state_);
    if (failure == nullptr) std::abort();
    return *failure;
  }

 private:
  const T& Value() const {
    const T* value = std::get_if<T>(&state_);
    if (value == nullptr) std::abort();
    return *value;
  }

  std::variant<T, Failure> state_;
};

}  // namespace eic::admin
