// An instance that the emulator stands in for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emulator/server/address.h"

namespace eic::emulator {

struct Instance {
  enum class State { kRunning, kPending, kStopped };
  enum class Hypervisor { kNitro, kXen };

  std::string instance_id = "i-0123456789abcdef0";
  std::string region = "us-west-2";
  std::string availability_zone = "us-west-2a";
  std::string domain = "amazonaws.com";
  std::string account_id = "123456789012";
  State state = State::kRunning;
  Hypervisor hypervisor = Hypervisor::kNitro;
  // Empty: any. The API does not know them; a push for another is noted in the events.
  std::vector<std::string> users = {};

  std::vector<Address> metadata_addresses = {};
  bool metadata_enabled = true;  // false: metadata answers 403
  int hop_limit = 0;             // of the answer to a PUT; 0: the system's

  // What DescribeInstances says; an empty one is left out.
  std::string public_ip = "127.0.0.1";
  std::string private_ip = "127.0.0.1";
  std::string ipv6 = {};
};

// "running", "pending", "stopped", as the EC2 API has it.
std::string_view NameOf(Instance::State state);

}  // namespace eic::emulator
