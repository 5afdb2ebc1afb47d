#include "client/commands/place.h"

namespace eic::client {
namespace {

const char* NameOf(AddressKind kind) {
  switch (kind) {
    case AddressKind::kAuto:
      return "auto";
    case AddressKind::kPublic:
      return "public";
    case AddressKind::kPrivate:
      return "private";
    case AddressKind::kIpv6:
      break;
  }
  return "ipv6";
}

const std::string& FirstOf(const std::string& one, const std::string& two,
                           const std::string& three) {
  if (!one.empty()) return one;
  return two.empty() ? three : two;
}

}  // namespace

aws::Outcome<SettingsFile> ReadSettings(const Outside& outside) {
  std::string folder = outside.Environment("XDG_CONFIG_HOME");
  // As the base directory specification has it: a relative one is ignored.
  if (folder.empty() || folder[0] != '/') {
    const aws::Outcome<std::string> home = outside.HomeOfPasswd();
    const std::string chosen = outside.Environment("HOME");
    if (chosen.empty() && !home) return home.error();
    folder = (chosen.empty() ? *home : chosen) + "/.config";
  }
  return SettingsFile::Read(folder + "/eic/config");
}

aws::Settings PlaceOf(const OwnOptions& own, const Target& target, const Settings& settings) {
  aws::Settings place = ApiSettings(own);
  place.region = FirstOf(own.region, target.region, settings.region);
  place.profile = FirstOf(own.profile, target.profile, settings.profile);
  return place;
}

aws::Outcome<std::vector<std::string>> ProxyCommandWords(const Outside& outside,
                                                         const OwnOptions& own,
                                                         const aws::Settings& place,
                                                         const std::string& fixed_address) {
  const aws::Outcome<std::string> program = outside.OwnProgram();
  if (!program) return program.error();
  std::vector<std::string> words = {*program, "proxy"};
  const auto add = [&words](const char* name, const std::string& value) {
    if (value.empty()) return;
    words.emplace_back(name);
    words.push_back(value);
  };
  // The folder of a chosen EIC_HOME, whatever the variable says when ssh runs.
  add("--folder", outside.Environment("EIC_HOME"));
  add("--region", place.region);
  add("--profile", place.profile);
  add("--endpoint-url", place.endpoint_url);
  add("--ca-bundle", place.ca_bundle);
  add("--to", fixed_address);
  if (own.address) add("--address", NameOf(*own.address));
  if (own.key_type) add("--key-type", *own.key_type == KeyType::kRsa ? "rsa" : "ed25519");
  if (own.is_verbose) words.emplace_back("--verbose");
  for (const char* word : {"--", "%h", "%p", "%r"}) words.emplace_back(word);
  return words;
}

}  // namespace eic::client
