// A double of AWS for tests of the client: one instance, and keys that are pushed into a file which
// a test's sshd reads as its AuthorizedKeysFile.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aws/api.h"
#include "client/proxy/proxy.h"

namespace eic::fakes {

struct FakeAws {
  aws::Instance instance;
  std::string keys_file;               // each pushed key is appended, a line each; empty: none is
  std::string log_file;                // each call is appended, a line each; empty: none is
  std::chrono::milliseconds pause{0};  // before each call's answer
  std::string refuses;  // the names of the calls that fail with `UnauthorizedOperation`

  std::unique_ptr<aws::Api> Open() const;
};

// An instance of this id at that address, running.
aws::Instance RunningInstance(const std::string& instance_id, const std::string& address);

// Doors to `aws`, which outlives them: targets are ids, an instance's address is its public one,
// and what is remembered is kept in `memory_file`; without one nothing is.
client::ProxyDoors DoorsTo(const FakeAws& aws, pid_t ssh_pid, const std::string& memory_file);

}  // namespace eic::fakes
