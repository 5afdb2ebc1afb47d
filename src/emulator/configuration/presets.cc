#include "emulator/configuration/presets.h"

#include "emulator/emulator_error.h"

namespace eic::emulator {
namespace {

constexpr std::int64_t kRotatingSeconds = 10;

struct Place {
  const char* name;
  const char* region;
  const char* zone;
  const char* domain;
};

constexpr Place kPlaces[] = {
    {"aws", "us-west-2", "us-west-2a", "amazonaws.com"},
    {"aws-us-gov", "us-gov-west-1", "us-gov-west-1a", "amazonaws.com"},
    {"aws-cn", "cn-north-1", "cn-north-1a", "amazonaws.com.cn"},
    {"aws-iso", "us-iso-east-1", "us-iso-east-1a", "c2s.ic.gov"},
    {"aws-iso-b", "us-isob-east-1", "us-isob-east-1a", "sc2s.sgov.gov"},
    {"aws-iso-e", "eu-isoe-west-1", "eu-isoe-west-1a", "cloud.adc-e.uk"},
    {"aws-iso-f", "us-isof-south-1", "us-isof-south-1a", "csp.hci.ic.gov"},
    {"aws-eusc", "eusc-de-east-1", "eusc-de-east-1a", "amazonaws.eu"},
    {"local-zone", "us-west-2", "us-west-2-lax-1a", "amazonaws.com"},
    {"wavelength-zone", "us-east-1", "us-east-1-wl1-bos-wlz-1", "amazonaws.com"},
};

constexpr const char* kShapes[] = {"xen", "sha256-staples", "cross-signed", "rotating"};

}  // namespace

std::string PresetNames() {
  std::string names;
  for (const Place& place : kPlaces) names.append(" ").append(place.name);
  for (const char* shape : kShapes) names.append(" ").append(shape);
  return names;
}

void ApplyPreset(std::string_view name, Instance& instance, ChainSettings& chain) {
  for (const Place& place : kPlaces) {
    if (name != place.name) continue;
    instance.region = place.region;
    instance.availability_zone = place.zone;
    instance.domain = place.domain;
    return;
  }
  if (name == "xen") {
    instance.hypervisor = Instance::Hypervisor::kXen;
  } else if (name == "sha256-staples") {
    chain.staple_names = issuer::StapleNames::kSha256;
  } else if (name == "cross-signed") {
    chain.cross_signed = true;
  } else if (name == "rotating") {
    chain.rotate_seconds = kRotatingSeconds;
  } else {
    throw EmulatorError("not a preset: " + std::string(name) + "; there are" + PresetNames());
  }
}

}  // namespace eic::emulator
