#include "admin/sshd/sshd_config.h"

#include <algorithm>
#include <cctype>

#include "admin/limits.h"

namespace eic::admin {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v\n";

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// sshd from 8.5 on takes `Match all # why`.
std::string_view WithoutComment(std::string_view rest) {
  bool quoted = false;
  for (std::size_t at = 0; at < rest.size(); ++at) {
    const bool begins_word = at == 0 || kBlanks.find(rest[at - 1]) != std::string_view::npos;
    if (!quoted && begins_word && rest[at] == '#') return Trim(rest.substr(0, at));
    if (rest[at] == '"') quoted = !quoted;
  }
  return rest;
}

// Reads a file and what it includes; `outer` is the Match block around the Include.
class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_(tree) {}

  void ReadFile(const std::string& path, std::optional<std::size_t> outer, int depth) {
    if (depth > kIncludeDepthMax || config_.files.size() >= kConfigFilesMax) return;
    const Contents text = tree_.Read(path);
    if (!text) return;
    if (std::find(config_.files.begin(), config_.files.end(), path) == config_.files.end()) {
      config_.files.push_back(path);
    }
    if (path == kDropIn && !outer) config_.reads_drop_in = true;
    std::optional<std::size_t> block = outer;
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(*text)) {
      ReadLine(SplitConfigLine(line), {path, ++number}, outer, &block, depth);
    }
  }

  SshdConfig Take() { return std::move(config_); }

 private:
  void ReadLine(const ConfigLine& line, const Place& place, std::optional<std::size_t> outer,
                std::optional<std::size_t>* block, int depth) {
    if (line.keyword == "match") {
      const std::string before = outer ? config_.match_blocks[*outer].criteria + " " : "";
      config_.match_blocks.push_back({before + std::string(WithoutComment(line.rest)), place});
      *block = config_.match_blocks.size() - 1;
    } else if (line.keyword == "include") {
      for (const std::string& file : IncludedFiles(tree_, line.rest)) {
        ReadFile(file, *block, depth + 1);
      }
    } else if (line.keyword == "authorizedkeyscommand") {
      // sshd takes the whole rest of the line, quotes and comment included.
      config_.settings.push_back(
          {Setting::Keyword::kCommand, std::string(line.rest), place, *block});
    } else if (line.keyword == "authorizedkeyscommanduser") {
      const std::vector<std::string> words = SplitConfigWords(line.rest);
      config_.settings.push_back(
          {Setting::Keyword::kUser, words.empty() ? "" : words[0], place, *block});
    }
  }

  const Tree& tree_;
  SshdConfig config_;
};

bool AppliesToAll(const SshdConfig& config, std::size_t block) {
  const std::vector<std::string> words = SplitConfigWords(config.match_blocks[block].criteria);
  return !words.empty() && std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return LowerCase(word) == "all";
  });
}

}  // namespace

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

ConfigLine SplitConfigLine(std::string_view line) {
  line = Trim(line);
  if (line.empty() || line[0] == '#') return {};
  const bool quoted = line[0] == '"';
  const std::size_t begin = quoted ? 1 : 0;
  std::size_t end = quoted ? line.find('"', 1) : line.find_first_of(" \t\r\f\v=");
  if (end == std::string_view::npos) end = line.size();
  ConfigLine split{LowerCase(line.substr(begin, end - begin)), {}};
  std::string_view rest = line.substr(std::min(line.size(), end + (quoted ? 1 : 0)));
  rest = Trim(rest);
  if (!rest.empty() && rest[0] == '=') rest = Trim(rest.substr(1));
  split.rest = rest;
  return split;
}

std::vector<std::string> SplitConfigWords(std::string_view rest) {
  std::vector<std::string> words;
  for (;;) {
    rest = Trim(rest);
    if (rest.empty() || rest[0] == '#') return words;
    std::string word;
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size(); ++at) {
      if (rest[at] == '"') {
        quoted = !quoted;
      } else if (!quoted && kBlanks.find(rest[at]) != std::string_view::npos) {
        break;
      } else {
        word += rest[at];
      }
    }
    words.push_back(std::move(word));
    rest.remove_prefix(at);
  }
}

std::vector<std::string> IncludedFiles(const Tree& tree, std::string_view rest) {
  std::vector<std::string> files;
  for (std::string pattern : SplitConfigWords(rest)) {
    if (pattern.empty()) continue;
    if (pattern[0] != '/') pattern.insert(0, std::string(kConfigFolder) + "/");
    for (std::string& file : tree.Glob(pattern)) files.push_back(std::move(file));
  }
  return files;
}

SshdConfig ReadSshdConfig(const Tree& tree, const std::string& main_file) {
  Reader reader(tree);
  reader.ReadFile(main_file, std::nullopt, 0);
  return reader.Take();
}

std::optional<Setting> WinningSetting(const SshdConfig& config, Setting::Keyword keyword) {
  std::optional<Setting> outside;
  for (const Setting& setting : config.settings) {
    if (setting.keyword != keyword) continue;
    if (setting.match_block && AppliesToAll(config, *setting.match_block)) return setting;
    if (!setting.match_block && !outside) outside = setting;
  }
  return outside;
}

}  // namespace eic::admin
