// ~/.config/eic/config: the one file that the person writes.
//
//   file    := line*
//   line    := blank | comment | section | setting
//   comment := ('#' | ';') any*
//   section := '[' pattern (blank pattern)* ']'      ssh_config's `*` and `?`
//   setting := name '=' value
//
// A section counts for an instance when one of its patterns describes the word that was typed, the
// instance id or the Name tag. Of several settings of one name the first counts, as in ssh_config:
// `[*]` comes last.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/failure.h"
#include "client/keeper/keeper_client.h"
#include "client/target/resolve.h"

namespace eic::client {

enum class HostKeys { kAcceptNew, kAsk, kYes };

struct Settings {
  std::string user;
  std::string region;
  std::string profile;
  std::optional<AddressKind> address;
  std::optional<KeyType> key_type;
  std::optional<HostKeys> host_keys;
};

std::optional<AddressKind> ParseAddressKind(const std::string& word);  // auto public private ipv6
std::optional<KeyType> ParseKeyType(const std::string& word);          // ed25519 rsa
std::optional<HostKeys> ParseHostKeys(const std::string& word);        // accept-new ask yes

class SettingsFile {
 public:
  // `path` names the file in what it fails with: `BadConfiguration`, at `PATH:LINE`.
  static aws::Outcome<SettingsFile> Parse(const std::string& text, const std::string& path);

  // A file that is missing says nothing.
  static aws::Outcome<SettingsFile> Read(const std::string& path);

  // What counts for an instance that has these names; empty names describe nothing.
  Settings For(const std::vector<std::string>& names) const;

 private:
  struct Section {
    std::vector<std::string> patterns;
    Settings settings;
  };
  std::vector<Section> sections_;
};

}  // namespace eic::client
