#include "emulator/configuration/parse_instance.h"

#include <arpa/inet.h>

#include "core/instance_id.h"
#include "emulator/api/arn.h"
#include "emulator/configuration/presets.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr Instance::State kStates[] = {
    Instance::State::kRunning,  Instance::State::kPending,      Instance::State::kStopped,
    Instance::State::kStopping, Instance::State::kShuttingDown, Instance::State::kTerminated};

bool IsAddress(const std::string& text, int family) {
  in6_addr parsed{};
  return ::inet_pton(family, text.c_str(), &parsed) == 1;
}

void TakeState(Members& members, Instance& instance) {
  std::string state(NameOf(instance.state));
  members.Text("state", state);
  std::string names;
  for (const auto known : kStates) {
    names.append(names.empty() ? "" : ", ").append(NameOf(known));
    if (state == NameOf(known)) {
      instance.state = known;
      return;
    }
  }
  members.Refuse("state", "is none of " + names);
}

void TakeHypervisor(Members& members, Instance& instance) {
  std::string hypervisor;
  members.Text("hypervisor", hypervisor);
  if (hypervisor == "xen") {
    instance.hypervisor = Instance::Hypervisor::kXen;
  } else if (hypervisor == "nitro") {
    instance.hypervisor = Instance::Hypervisor::kNitro;
  } else if (!hypervisor.empty()) {
    members.Refuse("hypervisor", "is none of nitro, xen");
  }
}

void TakeMetadata(Members& members, Instance& instance) {
  const auto addresses = members.OptionalTexts("metadata");
  if (!addresses) members.Refuse("metadata", "is missing; [] is for an instance without metadata");
  for (const std::string& text : *addresses) {
    members.In("metadata", [&] { instance.metadata_addresses.push_back(ParseAddress(text)); });
    const bool v6 = instance.metadata_addresses.back().host.find(':') != std::string::npos;
    if (v6 && instance.hypervisor == Instance::Hypervisor::kXen) {
      members.Refuse("metadata", "a Xen instance has none over IPv6");
    }
  }
  members.Flag("metadata_enabled", instance.metadata_enabled);
  std::int64_t hops = 0;
  members.Number("hop_limit", hops, 1, kHopLimitMax);
  instance.hop_limit = static_cast<int>(hops);
  const auto is_none_or_role = [](const std::string& arn) { return arn.empty() || IsRoleArn(arn); };
  members.CheckedText("instance_role", instance.role_arn, "the ARN of a role", is_none_or_role);
}

// Region, zone and domain are as lenient as metadata's readers are strict: an agent may be tested
// with a place that there is not.
void TakePlace(Members& members, Instance& instance) {
  constexpr const char* kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  const auto is_name = [](const std::string& text) { return HasOnly(text, kNameCharacters); };
  const std::string preset_region = instance.region;
  members.CheckedText("region", instance.region, "a region", is_name);
  if (instance.region != preset_region) instance.availability_zone = instance.region + "a";
  members.CheckedText("availability_zone", instance.availability_zone, "a zone", is_name);
  members.CheckedText("domain", instance.domain, "a domain", is_name);
  members.CheckedText("account_id", instance.account_id, "12 digits", [](const std::string& id) {
    return id.size() == 12 && HasOnly(id, "0123456789");
  });
}

// An empty one is left out of DescribeInstances. Names follow from the addresses, unless they are
// given.
void TakeAddresses(Members& members, Instance& instance) {
  const auto is_v4 = [](const std::string& t) { return t.empty() || IsAddress(t, AF_INET); };
  const auto is_v6 = [](const std::string& t) { return t.empty() || IsAddress(t, AF_INET6); };
  members.CheckedText("public_ip", instance.public_ip, "an IPv4 address", is_v4);
  members.CheckedText("private_ip", instance.private_ip, "an IPv4 address", is_v4);
  members.CheckedText("ipv6", instance.ipv6, "an IPv6 address", is_v6);
  instance.private_dns_name = DefaultPrivateDnsName(instance);
  instance.public_dns_name = DefaultPublicDnsName(instance);
  members.Text("private_dns_name", instance.private_dns_name);
  members.Text("public_dns_name", instance.public_dns_name);
}

void TakeTags(Members& members, Instance& instance) {
  instance.tags = members.TextMap("tags");
  if (instance.tags.size() > kTagsMax) {
    members.Refuse("tags", "are more than " + std::to_string(kTagsMax));
  }
  for (const auto& [key, value] : instance.tags) {
    members.In("tags", [key = key, value = value] { CheckTag(key, value); });
  }
}

void TakeKind(Members& members, Instance& instance) {
  members.Text("image_id", instance.image_id);
  members.Text("instance_type", instance.instance_type);
  members.Text("launch_time", instance.launch_time);
  members.CheckedText("platform", instance.platform, "windows, or empty",
                      [](const std::string& t) { return t.empty() || t == "windows"; });
  if (instance.platform == "windows") instance.platform_details = "Windows";
  members.Text("platform_details", instance.platform_details);
  members.Text("vpc_id", instance.vpc_id);
  members.Text("subnet_id", instance.subnet_id);
}

}  // namespace

void CheckTag(const std::string& key, const std::string& value) {
  if (key.empty() || key.size() > kTagKeyCharsMax || value.size() > kTagValueCharsMax) {
    throw EmulatorError("a tag has a key of 1 to " + std::to_string(kTagKeyCharsMax) +
                        " and a value of at most " + std::to_string(kTagValueCharsMax) +
                        " characters: " + key);
  }
}

ConfiguredInstance ParseInstance(Members& members) {
  ConfiguredInstance configured;
  Instance& instance = configured.instance;
  members.RequiredText("instance_id", instance.instance_id);
  members.CheckedText("instance_id", instance.instance_id, "an instance id", IsInstanceId);
  for (const std::string& name : members.Texts("presets")) {
    members.In("presets", [&] { ApplyPreset(name, instance, configured.chain); });
  }
  TakePlace(members, instance);
  TakeAddresses(members, instance);
  TakeTags(members, instance);
  TakeKind(members, instance);
  instance.users = members.Texts("users");
  TakeState(members, instance);
  TakeHypervisor(members, instance);
  TakeMetadata(members, instance);
  members.NothingElse();
  return configured;
}

}  // namespace eic::emulator
