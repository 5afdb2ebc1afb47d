#include "client/ssh/config_words.h"

#include <algorithm>

#include "client/limits.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

aws::Failure BadPath(const std::string& value, const char* what) {
  return {
      "BadPath",
      "ssh's configuration cannot hold " + TerminalLine(value, kShownValueBytesMax) + ": " + what,
      "choose another path (EIC_HOME for the folder of eic)"};
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string("-_./:,@%+").find(c) != std::string::npos;
}

bool HasControl(const std::string& value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

std::string Doubled(const std::string& text, char doubled) {
  std::string result;
  for (const char c : text) {
    if (c == doubled) result += c;
    result += c;
  }
  return result;
}

// Include's argument is a pattern of glob(3).
std::string WithoutGlob(const std::string& path) {
  std::string plain;
  for (const char c : path) {
    if (std::string("*?[]{}\\~").find(c) != std::string::npos) plain += '\\';
    plain += c;
  }
  return plain;
}

// Since when ssh expands the setting's `%` and `${`.
bool Expands(PathSetting setting, const SshVersion& version) {
  switch (setting) {
    case PathSetting::kIdentityAgent:
      return true;
    case PathSetting::kUserKnownHostsFile:
      return version.IsAtLeast(8, 4);
    case PathSetting::kInclude:
      return version.IsAtLeast(9, 9);
  }
  return true;
}

bool IsToken(const std::string& word) { return word == "%h" || word == "%p" || word == "%r"; }

}  // namespace

aws::Outcome<std::string> ConfigWord(const std::string& value, const SshVersion& version) {
  if (value.empty()) return BadPath(value, "it is empty");
  if (HasControl(value)) return BadPath(value, "it has control characters");
  if (std::all_of(value.begin(), value.end(), IsPlain)) return value;
  if (version.IsAtLeast(8, 7)) {
    std::string quoted = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    return quoted + '"';
  }
  if (value.find('"') != std::string::npos)
    return BadPath(value, "this ssh has no way to quote \"");
  return '"' + value + '"';
}

aws::Outcome<std::string> ConfigPath(PathSetting setting, const std::string& path,
                                     const SshVersion& version) {
  if (path.empty() || path[0] != '/') return BadPath(path, "it does not start with /");
  // Newer ssh of a shared home would expand it, whatever this one does.
  if (path.find("${") != std::string::npos) return BadPath(path, "ssh would expand ${");
  std::string written = setting == PathSetting::kInclude ? WithoutGlob(path) : path;
  if (Expands(setting, version)) written = Doubled(written, '%');
  return ConfigWord(written, version);
}

std::string ShellWord(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), IsPlain)) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

aws::Outcome<std::string> ConfigCommand(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) {
    if (HasControl(word)) return BadPath(word, "it has control characters");
    if (!command.empty()) command += ' ';
    command += IsToken(word) ? "'" + word + "'" : Doubled(ShellWord(word), '%');
  }
  return command;
}

}  // namespace eic::client
