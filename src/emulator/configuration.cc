#include "emulator/configuration.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "core/instance_id.h"
#include "emulator/emulator_error.h"
#include "emulator/limits.h"
#include "emulator/presets.h"

namespace eic::emulator {
namespace {

using Json = nlohmann::json;

[[noreturn]] void Refuse(const std::string& where, const std::string& why) {
  throw EmulatorError("configuration: " + where + ": " + why);
}

// One JSON object whose members are taken one by one; what is left is not known.
class Members {
 public:
  Members(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) Refuse(where_, "is not an object");
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
    if (!member->is_string()) Refuse(where_ + "." + name, "is not a string");
    value = member->get<std::string>();
  }

  void RequiredText(const std::string& name, std::string& value) {
    Text(name, value);
    if (Find(name) == nullptr || value.empty()) Refuse(where_, name + " is missing");
  }

  std::vector<std::string> Texts(const std::string& name) {
    std::vector<std::string> values;
    const Json* member = Find(name);
    if (member == nullptr) return values;
    if (!member->is_array()) Refuse(where_ + "." + name, "is not an array of strings");
    for (const Json& value : *member) {
      if (!value.is_string()) Refuse(where_ + "." + name, "is not an array of strings");
      values.push_back(value.get<std::string>());
    }
    return values;
  }

  void NothingElse() const {
    for (const auto& [name, value] : object_.items()) {
      if (taken_.count(name) == 0) Refuse(where_, "nobody knows " + name);
    }
  }

  const std::string& where() const { return where_; }

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
  Refuse(members.where(), "state is none of running, pending, stopped");
}

void TakeHypervisor(Members& members, Instance& instance) {
  std::string hypervisor;
  members.Text("hypervisor", hypervisor);
  if (hypervisor == "xen") {
    instance.hypervisor = Instance::Hypervisor::kXen;
  } else if (hypervisor == "nitro") {
    instance.hypervisor = Instance::Hypervisor::kNitro;
  } else if (!hypervisor.empty()) {
    Refuse(members.where(), "hypervisor is none of nitro, xen");
  }
}

void TakeMetadata(Members& members, Instance& instance) {
  for (const std::string& text : members.Texts("metadata")) {
    instance.metadata_addresses.push_back(ParseAddress(text));
    const bool v6 = instance.metadata_addresses.back().host.find(':') != std::string::npos;
    if (v6 && instance.hypervisor == Instance::Hypervisor::kXen) {
      Refuse(members.where(), "a Xen instance has no metadata over IPv6");
    }
  }
  if (instance.metadata_addresses.empty()) Refuse(members.where(), "metadata is missing");
  if (const Json* enabled = members.Find("metadata_enabled")) {
    if (!enabled->is_boolean()) Refuse(members.where(), "metadata_enabled is not true or false");
    instance.metadata_enabled = enabled->get<bool>();
  }
  if (const Json* hops = members.Find("hop_limit")) {
    if (!hops->is_number_integer() || *hops < 1 || *hops > 64) {
      Refuse(members.where(), "hop_limit is not 1 to 64");
    }
    instance.hop_limit = hops->get<int>();
  }
}

ConfiguredInstance ParseInstance(const Json& json, const std::string& where) {
  Members members(json, where);
  ConfiguredInstance configured;
  Instance& instance = configured.instance;
  members.RequiredText("instance_id", instance.instance_id);
  if (!IsInstanceId(instance.instance_id)) Refuse(where, "instance_id is not an instance id");
  for (const std::string& name : members.Texts("presets")) {
    ApplyPreset(name, instance, configured.chain);
  }
  const std::string preset_region = instance.region;
  members.Text("region", instance.region);
  if (instance.region != preset_region) instance.availability_zone = instance.region + "a";
  members.Text("availability_zone", instance.availability_zone);
  members.Text("domain", instance.domain);
  members.Text("account_id", instance.account_id);
  members.Text("public_ip", instance.public_ip);
  members.Text("private_ip", instance.private_ip);
  members.Text("ipv6", instance.ipv6);
  instance.users = members.Texts("users");
  TakeState(members, instance);
  TakeHypervisor(members, instance);
  TakeMetadata(members, instance);
  members.NothingElse();
  return configured;
}

Credential ParseCredential(const Json& json, const std::string& where) {
  Members members(json, where);
  Credential credential;
  credential.principal = ExampleCredential().principal;
  members.RequiredText("access_key_id", credential.access_key_id);
  members.RequiredText("secret_access_key", credential.secret_access_key);
  members.Text("session_token", credential.session_token);
  members.Text("principal", credential.principal);
  if (members.Find("instances") != nullptr) credential.instances = members.Texts("instances");
  members.NothingElse();
  return credential;
}

const Json& RequireArray(const Json* json, const std::string& where, std::size_t count_max) {
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
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw EmulatorError("configuration: it is not JSON");
  Members members(json, "top");
  Configuration configuration;
  std::set<std::string> ids;
  const Json& instances = RequireArray(members.Find("instances"), "instances", kInstancesMax);
  for (std::size_t i = 0; i < instances.size(); ++i) {
    configuration.instances.push_back(ParseInstance(instances[i], At("instances", i)));
    const std::string& id = configuration.instances.back().instance.instance_id;
    if (!ids.insert(id).second) Refuse(At("instances", i), id + " is there twice");
  }
  if (const Json* list = members.Find("credentials")) {
    const Json& credentials = RequireArray(list, "credentials", kCredentialsMax);
    for (std::size_t i = 0; i < credentials.size(); ++i) {
      configuration.credentials.push_back(ParseCredential(credentials[i], At("credentials", i)));
    }
  } else {
    configuration.credentials = {ExampleCredential()};
  }
  members.NothingElse();
  return configuration;
}

}  // namespace eic::emulator
