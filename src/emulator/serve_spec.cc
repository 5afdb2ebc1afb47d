#include "emulator/serve_spec.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "emulator/configuration/configuration.h"
#include "emulator/configuration/parse_instance.h"
#include "emulator/configuration/presets.h"
#include "emulator/emulator_error.h"
#include "emulator/time_text.h"
#include "issuer/files.h"
#include "issuer/server_identity.h"

namespace eic::emulator {
namespace {

Address AllowedAddress(const Address& address, bool allow_non_loopback) {
  if (!allow_non_loopback && !IsLoopback(address)) {
    throw EmulatorError(Url(address) +
                        " is not a loopback address; --allow-non-loopback allows it");
  }
  return address;
}

issuer::Authority LoadFor(const std::string& folder, const Instance& instance, Instant now) {
  issuer::Authority authority = issuer::LoadAuthority(folder);
  if (instance.region != authority.region || instance.domain != authority.domain) {
    issuer::ReissueSigner(authority, instance.region, instance.domain, now);
  }
  return authority;
}

std::map<std::string, std::string> TagsOf(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> tags;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw EmulatorError("--tag wants KEY=VALUE, not " + text);
    const std::string key = text.substr(0, equals);
    CheckTag(key, text.substr(equals + 1));
    tags[key] = text.substr(equals + 1);
  }
  return tags;
}

// The one instance that the command line describes. Where neither it nor a preset says so, region
// and domain are the authority's.
ConfiguredInstance FromOptions(const ServeOptions& options) {
  ConfiguredInstance configured;
  Instance& instance = configured.instance;
  const issuer::Authority authority = issuer::LoadAuthority(options.folder);
  instance.instance_id = options.instance_id;
  instance.region = authority.region;
  instance.domain = authority.domain;
  instance.availability_zone = authority.region + "a";
  for (const std::string& name : options.presets) {
    ApplyPreset(name, instance, configured.chain);
  }
  if (!options.region.empty()) {
    instance.region = options.region;
    instance.availability_zone = options.region + "a";
  }
  if (!options.domain.empty()) instance.domain = options.domain;
  if (!options.availability_zone.empty()) instance.availability_zone = options.availability_zone;
  if (options.rotate_seconds != 0) configured.chain.rotate_seconds = options.rotate_seconds;
  for (const std::string& text : options.metadata_addresses) {
    instance.metadata_addresses.push_back(ParseAddress(text));
  }
  instance.private_dns_name = DefaultPrivateDnsName(instance);
  instance.public_dns_name = DefaultPublicDnsName(instance);
  instance.tags = TagsOf(options.tags);
  return configured;
}

Image ImageOf(const ServeOptions& options) {
  Image image = DefaultImage();
  if (!options.image_name.empty()) image.name = options.image_name;
  if (!options.image_owner.empty() && options.image_owner != image.owner_id) {
    image.owner_id = options.image_owner;
    image.owner_alias = "";
  }
  return image;
}

Configuration ConfigurationOf(const ServeOptions& options) {
  if (!options.configuration_file.empty()) {
    const std::string text = issuer::ReadFile(options.configuration_file);
    try {
      return ParseConfiguration(text);
    } catch (const EmulatorError& error) {
      throw EmulatorError(options.configuration_file + ": " + error.what());
    }
  }
  Configuration configuration{{FromOptions(options)}, {ExampleCredential()}};
  configuration.images = {ImageOf(options)};
  return configuration;
}

// How an agent learns which instance it is on, as sysfs has it: Nitro names the instance, Xen says
// only that it is EC2.
void WriteSysfs(const std::string& folder, const Instance& instance) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(folder) / "sys" / instance.instance_id;
  const bool nitro = instance.hypervisor == Instance::Hypervisor::kNitro;
  const fs::path file = nitro ? root / "devices/virtual/dmi/id/board_asset_tag"  //
                              : root / "hypervisor/uuid";
  std::error_code error;
  fs::remove_all(root, error);
  fs::create_directories(file.parent_path(), error);
  if (error) throw EmulatorError("cannot make " + root.string() + ": " + error.message());
  issuer::WriteNewFile(
      file, nitro ? instance.instance_id + "\n" : "ec2e1916-9099-7caf-fd21-012345abcdef\n",
      issuer::Secrecy::kPublic);
}

// What clients call this machine, and what else they are to call it.
std::vector<std::string> TlsNames(const ServeOptions& options) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  names.insert(names.end(), options.tls_names.begin(), options.tls_names.end());
  return names;
}

ApiSettings ApiSettingsOf(const Configuration& configuration, const ServeOptions& options) {
  ApiSettings settings;
  settings.ttl_seconds = options.ttl_seconds;
  if (!options.no_signature_check) settings.credentials = configuration.credentials;
  settings.roles = configuration.roles;
  settings.web_identity_tokens = configuration.web_identity_tokens;
  settings.images = configuration.images;
  settings.page_size = configuration.page_size;
  return settings;
}

}  // namespace

void MakeAndSaveAuthority(const InitOptions& options, Instant now) {
  issuer::AuthoritySpec spec;
  spec.region = options.region;
  spec.domain = options.domain;
  spec.now = now;
  // Before the keys are made, which takes a while.
  if (issuer::HasAuthority(options.folder)) {
    throw EmulatorError(options.folder + " already holds an authority; choose another folder");
  }
  issuer::SaveAuthority(issuer::MakeAuthority(spec), options.folder);
}

ServiceSpec MakeServiceSpec(const ServeOptions& options, Instant now, Instant wall_now) {
  if (!issuer::HasAuthority(options.folder)) {
    InitOptions init;
    init.folder = options.folder;
    if (!options.region.empty()) init.region = options.region;
    if (!options.domain.empty()) init.domain = options.domain;
    MakeAndSaveAuthority(init, now);
  }
  Configuration configuration = ConfigurationOf(options);
  ServiceSpec spec;
  spec.api_address = AllowedAddress(ParseAddress(options.api_address), options.allow_non_loopback);
  if (options.tls) {
    spec.api_tls = issuer::MakeServerIdentity(options.folder, TlsNames(options), wall_now);
  }
  spec.api = ApiSettingsOf(configuration, options);
  if (configuration.container) {
    spec.container = configuration.container->role;
    for (const Address& address : configuration.container->addresses) {
      spec.container_addresses.push_back(AllowedAddress(address, options.allow_non_loopback));
    }
  }
  spec.throttle_per_second = options.throttle_per_second;
  for (const std::string& text : options.faults) spec.faults.push_back(ParseFault(text));
  for (ConfiguredInstance& configured : configuration.instances) {
    for (const Address& address : configured.instance.metadata_addresses) {
      AllowedAddress(address, options.allow_non_loopback);
    }
    if (configured.instance.launch_time.empty()) {
      configured.instance.launch_time = IsoTime(wall_now);
    }
    WriteSysfs(options.folder, configured.instance);
    issuer::Authority authority = LoadFor(options.folder, configured.instance, now);
    spec.instances.push_back(
        InstanceSpec{std::move(configured.instance), configured.chain, std::move(authority)});
  }
  return spec;
}

}  // namespace eic::emulator
