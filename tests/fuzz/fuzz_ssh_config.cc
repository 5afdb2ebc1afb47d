// What is written for ssh to read: client/ssh/config_words, config_writer and config_text. The
// input is sections: a path, a host, a user, a word of the ProxyCommand, and a person's own
// configuration.
#include <algorithm>
#include <optional>

#include "client/ssh/config_text.h"
#include "client/ssh/config_words.h"
#include "client/ssh/config_writer.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

using client::SshVersion;

constexpr SshVersion kVersions[] = {{7, 4}, {8, 4}, {8, 7}, {9, 2}, {10, 0}};
constexpr const char* kId = "i-0123456789abcdef0";

// The argument that ssh reads from the front of `text`, by its rules since 8.7, or those before.
// Nothing where it is none, or more than one.
std::optional<std::string> ReadBack(std::string_view text, bool has_escapes) {
  if (text.empty()) return std::nullopt;
  if (text.front() != '"') {
    if (text.find_first_of(" \t\r\n\f\"'#=\\") != std::string_view::npos) return std::nullopt;
    return std::string(text);
  }
  std::string value;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1 == text.size() ? std::optional(value) : std::nullopt;
    if (has_escapes && text[at] == '\\' && at + 1 < text.size() &&
        (text[at + 1] == '"' || text[at + 1] == '\\')) {
      ++at;
    }
    value += text[at];
  }
  return std::nullopt;
}

// What a shell reads of one word in single quotes, with `\'` between them.
std::optional<std::string> ReadByShell(std::string_view text) {
  std::string value;
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\'') {
      is_quoted = !is_quoted;
    } else if (is_quoted) {
      value += c;
    } else if (c == '\\' && at + 1 < text.size()) {
      value += text[++at];
    } else if (std::string_view(" \t\n\r;&|<>()$`\"*?[#~!{}").find(c) != std::string_view::npos) {
      return std::nullopt;
    } else {
      value += c;
    }
  }
  return is_quoted ? std::nullopt : std::optional(value);
}

void HoldWords(const std::string& value) {
  for (const SshVersion& version : kVersions) {
    const auto word = client::ConfigWord(value, version);
    if (!word) continue;
    Hold(ReadBack(*word, version.IsAtLeast(8, 7)) == value, "ssh reads the word that was meant");
  }
  Hold(ReadByShell(client::ShellWord(value)) == value, "a shell reads the word that was meant");
}

// The names at the beginning of lines; every line has one, or is a comment.
std::vector<std::string_view> NamesOf(std::string_view text) {
  std::vector<std::string_view> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    Hold(line.back() == '\n', "a line has an end");
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    names.push_back(line.substr(0, line.find(' ')));
  }
  return names;
}

client::CommandSpec SpecOf(const std::string& path, const std::string& host,
                           const std::string& user, const std::string& word, SshVersion version) {
  client::CommandSpec spec;
  spec.block = {version, client::Folder{path}, {"/usr/bin/eic", "proxy", word, "--", "%h", "%p"}};
  client::HostSection section;
  section.word = host;
  section.instance_id = kId;
  section.host_name = host;
  section.user = user;
  section.proxy_command = spec.block.proxy_command;
  spec.hosts = {section};
  spec.includes = {path};
  return spec;
}

// What others type changes values, and never which settings there are.
void HoldCommandConfig(const std::string& path, const std::string& host, const std::string& user,
                       const std::string& word) {
  for (const SshVersion& version : kVersions) {
    const auto written = client::WriteCommandConfig(SpecOf(path, host, user, word, version));
    if (!written) continue;
    const auto plain = client::WriteCommandConfig(
        SpecOf("/folder", "host", user.empty() ? "" : "user", "word", version));
    Hold(plain && NamesOf(*written) == NamesOf(*plain), "no value becomes a setting");
  }
}

void HoldBlock(const std::string& text) {
  const auto before = client::WithoutBlock(text);
  if (!before || before->had_block) return;
  for (const client::Where where : {client::Where::kBeforeDefaults, client::Where::kTop}) {
    for (const bool is_new_file : {false, true}) {
      if (is_new_file && !text.empty()) continue;
      const std::string with = client::WithBlock(text, "/folder/ssh_config", where, is_new_file);
      const auto after = client::WithoutBlock(with);
      Hold(after && after->had_block, "a block that was put in is found");
      Hold(after->text == text, "taking the block out leaves what was there");
      Hold(after->was_new_file == is_new_file, "who made the file is known");
    }
  }
}

}  // namespace

void SshConfig(std::string_view input) {
  std::vector<std::string> parts;
  for (const std::string_view section : Sections(input)) parts.emplace_back(section);
  parts.resize(std::max<std::size_t>(parts.size(), 5));
  for (const std::string& part : parts) HoldWords(part);
  HoldCommandConfig(parts[0], parts[1], parts[2], parts[3]);
  HoldBlock(parts[4]);
}

}  // namespace eic::fuzz
