#include "emulator/configuration/configuration.h"

#include <arpa/inet.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "core/instance_id.h"
#include "emulator/configuration/presets.h"
#include "emulator/emulator_error.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

using Json = nlohmann::json;

[[noreturn]] void Refuse(const std::string& where, const std::string& why) {
  throw EmulatorError(where + ": " + why);
}

bool HasOnly(const std::string& text, const char* characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string::npos;
}

bool IsAddress(const std::string& text, int family) {
  in6_addr parsed{};
  return ::inet_pton(family, text.c_str(), &parsed) == 1;
}

// One JSON object whose members are taken one by one; what is left is not known.
class Members {
 public:
  Members(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) emulator::Refuse(where_.empty() ? "top" : where_, "is not an object");
  }

  // The member, or null where there is none.
  const Json* Find(const std::string& name) {
    taken_.insert(name);
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }

  void Text(const std::string& name, std::string& value) {
    const Json* member = Find(name);
    if (member == nullptr) return;
    if (!member->is_string()) Refuse(name, "is not a string");
    value = member->get<std::string>();
  }

  void RequiredText(const std::string& name, std::string& value) {
    Text(name, value);
    if (Find(name) == nullptr) Refuse(name, "is missing");
    if (value.empty()) Refuse(name, "is empty");
  }

  // A text that `is_good`, unless it is left out; what is not is not `what`.
  template <typename Predicate>
  void CheckedText(const std::string& name, std::string& value, const char* what,
                   Predicate is_good) {
    Text(name, value);
    if (Find(name) != nullptr && !is_good(value)) Refuse(name, std::string("is not ") + what);
  }

  std::vector<std::string> Texts(const std::string& name) {
    std::vector<std::string> values;
    const Json* member = Find(name);
    if (member == nullptr) return values;
    if (!member->is_array() || member->size() > kConfiguredListMax) {
      Refuse(name, "is not an array of at most " + std::to_string(kConfiguredListMax) + " strings");
    }
    for (const Json& value : *member) {
      if (!value.is_string()) Refuse(name, "is not an array of strings");
      values.push_back(value.get<std::string>());
    }
    return values;
  }

  void NothingElse() const {
    for (const auto& [name, value] : object_.items()) {
      if (taken_.count(name) == 0) Refuse(name, "is not known here");
    }
  }

  [[noreturn]] void Refuse(const std::string& name, const std::string& why) const {
    emulator::Refuse(where_.empty() ? name : where_ + "." + name, why);
  }

  // What `read` finds wrong is wrong with the member `name`.
  template <typename Read>
  void In(const std::string& name, Read read) const {
    try {
      read();
    } catch (const EmulatorError& error) {
      Refuse(name, error.what());
    }
  }

 private:
  const Json& object_;
  const std::string where_;
  std::set<std::string> taken_;
};

void TakeState(Members& members, Instance& instance) {
  std::string state(NameOf(instance.state));
  members.Text("state", state);
  for (const auto known :
       {Instance::State::kRunning, Instance::State::kPending, Instance::State::kStopped}) {
    if (state != NameOf(known)) continue;
    instance.state = known;
    return;
  }
  members.Refuse("state", "is none of running, pending, stopped");
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
  for (const std::string& text : members.Texts("metadata")) {
    members.In("metadata", [&] { instance.metadata_addresses.push_back(ParseAddress(text)); });
    const bool v6 = instance.metadata_addresses.back().host.find(':') != std::string::npos;
    if (v6 && instance.hypervisor == Instance::Hypervisor::kXen) {
      members.Refuse("metadata", "a Xen instance has none over IPv6");
    }
  }
  if (instance.metadata_addresses.empty()) members.Refuse("metadata", "is missing or empty");
  if (const Json* enabled = members.Find("metadata_enabled")) {
    if (!enabled->is_boolean()) members.Refuse("metadata_enabled", "is not true or false");
    instance.metadata_enabled = enabled->get<bool>();
  }
  if (const Json* hops = members.Find("hop_limit")) {
    if (!hops->is_number_integer() || *hops < 1 || *hops > kHopLimitMax) {
      members.Refuse("hop_limit", "is not 1 to " + std::to_string(kHopLimitMax));
    }
    instance.hop_limit = hops->get<int>();
  }
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

// An empty one is left out of DescribeInstances.
void TakeAddresses(Members& members, Instance& instance) {
  const auto is_v4 = [](const std::string& t) { return t.empty() || IsAddress(t, AF_INET); };
  const auto is_v6 = [](const std::string& t) { return t.empty() || IsAddress(t, AF_INET6); };
  members.CheckedText("public_ip", instance.public_ip, "an IPv4 address", is_v4);
  members.CheckedText("private_ip", instance.private_ip, "an IPv4 address", is_v4);
  members.CheckedText("ipv6", instance.ipv6, "an IPv6 address", is_v6);
}

ConfiguredInstance ParseInstance(const Json& json, const std::string& where) {
  Members members(json, where);
  ConfiguredInstance configured;
  Instance& instance = configured.instance;
  members.RequiredText("instance_id", instance.instance_id);
  members.CheckedText("instance_id", instance.instance_id, "an instance id", IsInstanceId);
  for (const std::string& name : members.Texts("presets")) {
    members.In("presets", [&] { ApplyPreset(name, instance, configured.chain); });
  }
  TakePlace(members, instance);
  TakeAddresses(members, instance);
  instance.users = members.Texts("users");
  TakeState(members, instance);
  TakeHypervisor(members, instance);
  TakeMetadata(members, instance);
  members.NothingElse();
  return configured;
}

Credential ParseCredential(const Json& json, const std::string& where,
                           const std::set<std::string>& instance_ids) {
  Members members(json, where);
  Credential credential;
  credential.principal = ExampleCredential().principal;
  members.RequiredText("access_key_id", credential.access_key_id);
  members.RequiredText("secret_access_key", credential.secret_access_key);
  members.Text("session_token", credential.session_token);
  members.Text("principal", credential.principal);
  if (members.Find("instances") != nullptr) credential.instances = members.Texts("instances");
  for (const std::string& id : credential.instances.value_or(std::vector<std::string>())) {
    if (instance_ids.count(id) == 0) members.Refuse("instances", "there is no instance " + id);
  }
  members.NothingElse();
  return credential;
}

const Json& RequireArray(const Json* json, const char* where, std::size_t count_max) {
  if (json == nullptr || !json->is_array() || json->empty() || json->size() > count_max) {
    Refuse(where, "is not an array of 1 to " + std::to_string(count_max));
  }
  return *json;
}

std::string At(const std::string& name, std::size_t index) {
  return name + "[" + std::to_string(index) + "]";
}

}  // namespace

Configuration ParseConfiguration(std::string_view text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception& error) {
    Refuse("not JSON", error.what());  // which says the line and column
  }
  Members members(json, "");
  Configuration configuration;
  std::set<std::string> ids;
  const Json& instances = RequireArray(members.Find("instances"), "instances", kInstancesMax);
  for (std::size_t i = 0; i < instances.size(); ++i) {
    configuration.instances.push_back(ParseInstance(instances[i], At("instances", i)));
    const std::string& id = configuration.instances.back().instance.instance_id;
    if (!ids.insert(id).second) Refuse(At("instances", i) + ".instance_id", id + " is there twice");
  }
  if (const Json* list = members.Find("credentials")) {
    std::set<std::pair<std::string, std::string>> keys;
    const Json& credentials = RequireArray(list, "credentials", kCredentialsMax);
    for (std::size_t i = 0; i < credentials.size(); ++i) {
      const std::string where = At("credentials", i);
      const Credential credential = ParseCredential(credentials[i], where, ids);
      if (!keys.emplace(credential.access_key_id, credential.session_token).second) {
        Refuse(where + ".access_key_id", credential.access_key_id + " is there twice");
      }
      configuration.credentials.push_back(credential);
    }
  } else {
    configuration.credentials = {ExampleCredential()};
  }
  members.NothingElse();
  return configuration;
}

}  // namespace eic::emulator
