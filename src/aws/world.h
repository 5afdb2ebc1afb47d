// The doors to the outside: environment, files, clock, programs, HTTP. Each has a fake in
// tests/aws.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/failure.h"
#include "aws/system/run_program.h"
#include "core/instant.h"

namespace eic::aws {

struct HttpCall {
  std::string method;
  std::string url;
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};
  std::size_t answer_bytes_max = 0;
  std::chrono::milliseconds connect_time_max{0};
  std::chrono::milliseconds time_max{0};  // connecting included
  bool may_use_proxy = true;              // the environment's, as curl reads it
};

// What came of a call. `fault` is kNone for every answer that is HTTP, whatever its status.
struct HttpReply {
  enum class Fault {
    kNone,
    kNotConnected,    // name unknown, refused, no route, no answer to the connect
    kTls,             // certificate, or no TLS that both sides speak
    kTimeout,         // connected, and not done in time
    kConnectionLost,  // reset, or closed before the answer was whole
    kTooLarge,        // body or headers
    kMalformed,       // not HTTP, or a URL that is none
  };
  Fault fault = Fault::kNone;
  std::string detail = {};  // of a fault, for people
  int status = 0;
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};
};

// Calls that run side by side in one thread. Follows no redirect, verifies TLS, never retries.
class HttpDoor {
 public:
  using Ticket = int;
  struct Finished {
    Ticket ticket;
    HttpReply reply;
  };

  virtual ~HttpDoor() = default;

  // A PEM file or a hashed folder to verify servers by; empty: the host's store.
  virtual void Trust(const std::string& ca) = 0;

  virtual Ticket Start(const HttpCall& call) = 0;

  // The next call that is done; nothing once `time_max` has passed. With no call under way it waits
  // all that time.
  virtual std::optional<Finished> Wait(std::chrono::milliseconds time_max) = 0;
};

// One call and its reply; no other call of the door may be under way.
HttpReply Perform(HttpDoor& http, const HttpCall& call);

// Held until it is destroyed, or its process ends.
class Lock {
 public:
  virtual ~Lock() = default;
};

class World {
 public:
  virtual ~World() = default;

  // Unset: nothing.
  virtual std::optional<std::string> Env(const std::string& name) = 0;
  // The person's home folder: $HOME, else the user database's.
  virtual std::string Home() = 0;

  // Nothing: no such file. Fails where it cannot be read or is larger than `bytes_max`.
  virtual Outcome<std::optional<std::string>> ReadFile(const std::string& path,
                                                       std::size_t bytes_max) = 0;
  // Mode 0600, by a temporary name, with folders of mode 0700 above it. False where that fails.
  virtual bool WriteSecretFile(const std::string& path, const std::string& text) = 0;
  // Nothing where the lock is not to be had within `time_max`.
  virtual std::unique_ptr<Lock> TakeLock(const std::string& path,
                                         std::chrono::milliseconds time_max) = 0;

  virtual Instant Now() = 0;
  virtual std::chrono::milliseconds Elapsed() = 0;  // of a clock that nobody sets
  virtual double Random() = 0;                      // 0 <= r < 1

  virtual ProgramEnd Run(const ProgramRun& run) = 0;
  virtual HttpDoor& http() = 0;
  // A line for a person who asked for details; never a secret.
  virtual void Tell(const std::string& line) = 0;
};

// The real one. `is_verbose`: Tell writes to stderr.
std::unique_ptr<World> OpenWorld(bool is_verbose);

}  // namespace eic::aws
