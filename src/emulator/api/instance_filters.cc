// The filters of DescribeInstances: which instances match them.
#include <map>

#include "emulator/api/describe_instances.h"
#include "emulator/api/instance_xml.h"

namespace eic::emulator {
namespace {

using Member = std::string Instance::*;

constexpr std::string_view kTagPrefix = "tag:";

const std::map<std::string, Member>& MemberFilters() {
  static const std::map<std::string, Member> kFilters = {
      {"availability-zone", &Instance::availability_zone},
      {"dns-name", &Instance::public_dns_name},
      {"image-id", &Instance::image_id},
      {"instance-id", &Instance::instance_id},
      {"ip-address", &Instance::public_ip},
      {"ipv6-address", &Instance::ipv6},
      {"network-interface.addresses.association.public-ip", &Instance::public_ip},
      {"network-interface.addresses.private-ip-address", &Instance::private_ip},
      {"network-interface.ipv6-addresses.ipv6-address", &Instance::ipv6},
      {"network-interface.private-dns-name", &Instance::private_dns_name},
      {"owner-id", &Instance::account_id},
      {"platform", &Instance::platform},
      {"platform-details", &Instance::platform_details},
      {"private-dns-name", &Instance::private_dns_name},
      {"private-ip-address", &Instance::private_ip},
      {"subnet-id", &Instance::subnet_id},
      {"vpc-id", &Instance::vpc_id},
  };
  return kFilters;
}

std::vector<std::string> UnlessEmpty(const std::string& value) {
  if (value.empty()) return {};
  return {value};
}

}  // namespace

FilterValues InstanceFilterValues(const Instance& instance, const std::string& name) {
  if (name == "instance-state-name") return {{std::string(NameOf(instance.state))}};
  if (name == "instance-state-code") return {{StateCode(instance.state)}};
  if (name == "instance-type") return {{InstanceType(instance)}};
  if (name == "tag-key") {
    std::vector<std::string> keys;
    for (const auto& [key, value] : instance.tags) keys.push_back(key);
    return keys;
  }
  if (name.size() > kTagPrefix.size() && name.compare(0, kTagPrefix.size(), kTagPrefix) == 0) {
    const auto tag = instance.tags.find(name.substr(kTagPrefix.size()));
    if (tag == instance.tags.end()) return std::vector<std::string>();
    return {{tag->second}};
  }
  const auto found = MemberFilters().find(name);
  if (found == MemberFilters().end()) return std::nullopt;
  // Where an instance has none, no pattern matches, `*` neither.
  return UnlessEmpty(instance.*(found->second));
}

}  // namespace eic::emulator
