// ssh's ProxyCommand: when it is done, the key that the keeper offers to this ssh opens the
// instance, and ssh has a connection to it.
//
// Order: `ssh -G` is asked, and the remembered address is connected to, beside the calls to AWS.
// The key is made before the first of those; it is pushed by the time that ssh gets the connection.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/api.h"
#include "client/folder.h"
#include "client/keeper/keeper_client.h"
#include "client/target/resolve.h"

namespace eic::client {

struct ProxyOptions {
  std::string host;  // %h
  std::uint16_t port = 22;
  std::string os_user;  // %r
  aws::Settings settings = {};
  AddressKind address = AddressKind::kAuto;
  KeyType key_type = KeyType::kEd25519;
};

// The outside. RealDoors leads to the real one.
struct ProxyDoors {
  pid_t ssh_pid = 0;  // this process's parent
  int input = 0;
  int output = 1;
  std::function<Target(const std::string& word)> parse_target;
  std::function<aws::Outcome<std::unique_ptr<aws::Api>>(const aws::Settings&)> open_api;
  std::function<aws::Outcome<aws::Instance>(aws::Api&, const Target&)> find_instance;
  std::function<aws::Outcome<std::vector<std::string>>(const aws::Instance&, AddressKind)>
      addresses_of;
  std::function<std::optional<Remembered>(const std::string& instance_id)> recall;
  std::function<void(const std::string& instance_id, const Remembered&)> remember;
};

ProxyDoors RealDoors(const Folder& folder);

// Returns when ssh has its socket, or when the last byte was relayed. Fails with `ConnectTimeout`
// where ssh's own limit has passed, with `ConnectionFailed`, and with what keeper and AWS fail
// with; nobody was told of it then, and no key is left. A call to AWS may still be under way in a
// thread: end the process by _exit(2).
aws::Outcome<Nothing> RunProxy(const Folder& folder, const ProxyOptions& options,
                               const ProxyDoors& doors);

// The whole program: RunProxy, and TellFailure where it fails. Does not return; the exit status is
// 0 or 1.
[[noreturn]] void BeProxy(const Folder& folder, const ProxyOptions& options,
                          const ProxyDoors& doors);

}  // namespace eic::client
