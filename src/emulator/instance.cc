#include "emulator/instance.h"

#include <algorithm>

namespace eic::emulator {
namespace {

constexpr std::string_view kFirstRegion = "us-east-1";  // whose names are older than regions

std::string Dashed(std::string address) {
  std::replace(address.begin(), address.end(), '.', '-');
  return address;
}

}  // namespace

std::string_view NameOf(Instance::State state) {
  switch (state) {
    case Instance::State::kRunning:
      return "running";
    case Instance::State::kPending:
      return "pending";
    case Instance::State::kStopped:
      return "stopped";
    case Instance::State::kStopping:
      return "stopping";
    case Instance::State::kShuttingDown:
      return "shutting-down";
    case Instance::State::kTerminated:
      return "terminated";
  }
  return "";
}

std::string DefaultPrivateDnsName(const Instance& instance) {
  if (instance.private_ip.empty()) return "";
  const std::string host = "ip-" + Dashed(instance.private_ip);
  if (instance.region == kFirstRegion) return host + ".ec2.internal";
  return host + "." + instance.region + ".compute.internal";
}

std::string DefaultPublicDnsName(const Instance& instance) {
  if (instance.public_ip.empty()) return "";
  const std::string host = "ec2-" + Dashed(instance.public_ip);
  if (instance.region == kFirstRegion) return host + ".compute-1." + instance.domain;
  return host + "." + instance.region + ".compute." + instance.domain;
}

}  // namespace eic::emulator
