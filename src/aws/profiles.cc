#include "aws/profiles.h"

#include <algorithm>
#include <optional>

#include "aws/ini.h"
#include "aws/limits.h"
#include "aws/text.h"

namespace eic::aws {
namespace {

// What `[KIND NAME]` names; nothing where it has another number of words. NAME may be quoted.
std::optional<std::string> NameAfter(const std::string& section) {
  const auto words = SplitWords(section);
  if (!words || words->size() != 2) return std::nullopt;
  return (*words)[1];
}

Keys FlatKeys(const IniSection& section) {
  Keys keys;
  for (const auto& [name, value] : section.values) {
    if (value.nested.empty()) keys[name] = value.text;
  }
  return keys;
}

std::map<std::string, Keys> NestedKeys(const IniSection& section) {
  std::map<std::string, Keys> keys;
  for (const auto& [name, value] : section.values) keys[name] = value.nested;
  return keys;
}

void TakeConfigSection(const IniSection& section, Profiles& profiles) {
  if (section.name == "default") {
    profiles.profiles["default"].config = FlatKeys(section);
    return;
  }
  const auto name = NameAfter(section.name);
  if (!name) return;
  if (StartsWith(section.name, "profile")) profiles.profiles[*name].config = FlatKeys(section);
  if (StartsWith(section.name, "sso-session")) profiles.sso_sessions[*name] = FlatKeys(section);
  if (StartsWith(section.name, "services")) profiles.services[*name] = NestedKeys(section);
}

Outcome<std::vector<IniSection>> ReadIni(const std::string& path, World& world) {
  const auto text = world.ReadFile(path, kConfigFileBytesMax);
  if (!text) return text.error();
  if (!text->has_value()) return std::vector<IniSection>{};
  return ParseIni(**text, path);
}

std::string PathOf(World& world, const std::string& variable, const std::string& standard) {
  const auto set = world.Env(variable);
  return ExpandPath(set ? *set : standard, world);
}

bool IsNameCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// The value of the variable that `text` begins with, behind its `$`, and how long its name is;
// an unknown one stays as it is.
std::string ExpandVariable(const std::string& text, std::size_t& at, World& world) {
  const bool is_braced = text.compare(at, 2, "${") == 0;
  const std::size_t begin = at + (is_braced ? 2 : 1);
  std::size_t end = begin;
  while (end < text.size() && (is_braced ? text[end] != '}' : IsNameCharacter(text[end]))) ++end;
  const bool is_whole = end > begin && (!is_braced || end < text.size());
  const auto value =
      is_whole ? world.Env(text.substr(begin, end - begin)) : std::optional<std::string>();
  if (!value) return text.substr(at++, 1);
  at = end + (is_braced ? 1 : 0);
  return *value;
}

const std::string& Value(const Keys& keys, const std::string& key) {
  static const std::string kNone;
  const auto found = keys.find(key);
  return found == keys.end() ? kNone : found->second;
}

}  // namespace

const std::string& Profile::Get(const std::string& key) const {
  return Value(credentials.count(key) > 0 ? credentials : config, key);
}

bool Profile::Has(const std::string& key) const {
  return credentials.count(key) > 0 || config.count(key) > 0;
}

const Profile* Profiles::Find(const std::string& name) const {
  const auto found = profiles.find(name);
  return found == profiles.end() ? nullptr : &found->second;
}

Outcome<Profiles> ReadProfiles(World& world) {
  Profiles profiles;
  profiles.config_path = PathOf(world, "AWS_CONFIG_FILE", "~/.aws/config");
  profiles.credentials_path = PathOf(world, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  const auto config = ReadIni(profiles.config_path, world);
  if (!config) return config.error();
  for (const IniSection& section : *config) TakeConfigSection(section, profiles);
  const auto credentials = ReadIni(profiles.credentials_path, world);
  if (!credentials) return credentials.error();
  for (const IniSection& section : *credentials) {
    profiles.profiles[section.name].credentials = FlatKeys(section);
  }
  return profiles;
}

std::string ExpandPath(const std::string& path, World& world) {
  std::string expanded;
  for (std::size_t at = 0; at < path.size();) {
    if (path[at] == '$') {
      expanded += ExpandVariable(path, at, world);
    } else {
      expanded.push_back(path[at++]);
    }
  }
  if (expanded == "~" || StartsWith(expanded, "~/")) return world.Home() + expanded.substr(1);
  return expanded;
}

}  // namespace eic::aws
