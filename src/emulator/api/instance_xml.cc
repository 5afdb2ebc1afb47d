#include "emulator/api/instance_xml.h"

#include "emulator/api/xml.h"

namespace eic::emulator {
namespace {

std::string NetworkInterfaces(const Instance& instance) {
  std::string interface = OptionalElement("subnetId", instance.subnet_id) +
                          OptionalElement("vpcId", instance.vpc_id) +
                          OptionalElement("privateIpAddress", instance.private_ip) +
                          OptionalElement("privateDnsName", instance.private_dns_name);
  if (!instance.ipv6.empty()) {
    interface +=
        Nested("ipv6AddressesSet", Nested("item", Element("ipv6Address", instance.ipv6) +
                                                      "<isPrimaryIpv6>true</isPrimaryIpv6>"));
  }
  if (interface.empty()) return "<networkInterfaceSet/>";
  return Nested("networkInterfaceSet", Nested("item", interface));
}

std::string TagSet(const Instance& instance) {
  std::string items;
  for (const auto& [key, value] : instance.tags) {
    items += Nested("item", Element("key", key) + Element("value", value));
  }
  return items.empty() ? "" : Nested("tagSet", items);
}

std::string Profile(const Instance& instance) {
  if (instance.role_arn.empty()) return "";
  std::string arn = instance.role_arn;
  const std::size_t role = arn.find(":role/");
  if (role != std::string::npos) arn.replace(role, 6, ":instance-profile/");
  return Nested("iamInstanceProfile", Element("arn", arn));
}

std::string Names(const Instance& instance) {
  // EC2 sends both, empty where there is none.
  return Element("privateDnsName", instance.private_dns_name) +
         Element("dnsName", instance.public_dns_name) +
         OptionalElement("privateIpAddress", instance.private_ip) +
         OptionalElement("ipAddress", instance.public_ip) +
         OptionalElement("ipv6Address", instance.ipv6);
}

}  // namespace

std::string StateCode(Instance::State state) {
  switch (state) {
    case Instance::State::kPending:
      return "0";
    case Instance::State::kRunning:
      return "16";
    case Instance::State::kShuttingDown:
      return "32";
    case Instance::State::kTerminated:
      return "48";
    case Instance::State::kStopping:
      return "64";
    case Instance::State::kStopped:
      return "80";
  }
  return "";
}

std::string InstanceType(const Instance& instance) {
  if (!instance.instance_type.empty()) return instance.instance_type;
  return instance.hypervisor == Instance::Hypervisor::kNitro ? "t3.micro" : "t2.micro";
}

std::string ReservationItem(const Instance& instance) {
  const std::string state =
      Element("code", StateCode(instance.state)) + Element("name", NameOf(instance.state));
  const std::string item =
      Element("instanceId", instance.instance_id) + OptionalElement("imageId", instance.image_id) +
      Nested("instanceState", state) + Names(instance) +
      Element("instanceType", InstanceType(instance)) +
      OptionalElement("launchTime", instance.launch_time) +
      Nested("placement", Element("availabilityZone", instance.availability_zone)) +
      OptionalElement("platform", instance.platform) +
      OptionalElement("platformDetails", instance.platform_details) +
      OptionalElement("subnetId", instance.subnet_id) + OptionalElement("vpcId", instance.vpc_id) +
      // What the EC2 API says of Nitro instances, too.
      Element("hypervisor", "xen") + Profile(instance) + NetworkInterfaces(instance) +
      TagSet(instance);
  return Nested("item", Element("reservationId", "r-" + instance.instance_id.substr(2)) +
                            Element("ownerId", instance.account_id) + "<groupSet/>" +
                            Nested("instancesSet", Nested("item", item)));
}

}  // namespace eic::emulator
