// An instance that the emulator stands in for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/image.h"
#include "emulator/server/address.h"

namespace eic::emulator {

struct Instance {
  enum class State { kRunning, kPending, kStopped, kStopping, kShuttingDown, kTerminated };
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

  std::vector<Address> metadata_addresses = {};  // none: it has no metadata
  bool metadata_enabled = true;                  // false: metadata answers 403
  int hop_limit = 0;                             // of the answer to a PUT; 0: the system's
  std::string role_arn = {};                     // of its instance profile; empty: none

  // What DescribeInstances says; an empty one is left out.
  std::string public_ip = "127.0.0.1";
  std::string private_ip = "127.0.0.1";
  std::string ipv6 = {};
  std::string private_dns_name = {};
  std::string public_dns_name = {};
  std::string image_id = DefaultImage().image_id;
  std::string instance_type = {};  // empty: t3.micro, or t2.micro on Xen
  std::string launch_time = {};
  std::string platform = {};  // `windows`, or empty
  std::string platform_details = "Linux/UNIX";
  std::string vpc_id = "vpc-0123456789abcdef0";
  std::string subnet_id = "subnet-0123456789abcdef0";
  std::map<std::string, std::string> tags = {};
};

// "running", "shutting-down" and so on, as the EC2 API has it.
std::string_view NameOf(Instance::State state);

// The names that EC2 gives to the addresses of an instance: `ip-10-0-0-1.ec2.internal` in
// us-east-1, `ip-10-0-0-1.REGION.compute.internal` elsewhere; `ec2-1-2-3-4.compute-1.amazonaws.com`
// and `ec2-1-2-3-4.REGION.compute.DOMAIN`. Empty without the address.
std::string DefaultPrivateDnsName(const Instance& instance);
std::string DefaultPublicDnsName(const Instance& instance);

}  // namespace eic::emulator
