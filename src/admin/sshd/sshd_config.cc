#include "admin/sshd/sshd_config.h"

#include <strings.h>

#include <algorithm>

#include "admin/limits.h"

namespace eic::admin {
namespace {

bool IsAll(std::string_view word) {
  return word.size() == 3 && strncasecmp(word.data(), "all", 3) == 0;
}

// As somebody wrote them, up to the comment.
std::string Criteria(std::string_view rest) {
  std::size_t end = 0;
  while (end < rest.size() && (rest[end] != '#' || (end > 0 && rest[end - 1] > ' '))) ++end;
  return std::string(rest.substr(0, rest.substr(0, end).find_last_not_of(" \t") + 1));
}

// Reads a file and what it includes; `outer` is the Match block around the Include.
class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_(tree) {}

  void ReadFile(const std::string& path, std::optional<std::size_t> outer, int depth) {
    // sshd gives up there, and so does this program: a file that includes itself twice would be
    // read 65536 times.
    if (depth > kIncludeDepthMax || ++files_read_ > kConfigFilesMax) config_.is_too_deep = true;
    if (config_.is_too_deep) return;
    const Contents text = tree_.Read(path);
    if (!text) return;
    if (std::find(config_.files.begin(), config_.files.end(), path) == config_.files.end()) {
      config_.files.push_back(path);
    }
    if (!outer && !config_.ReadsForAll(path)) config_.files_for_all.push_back(path);
    std::optional<std::size_t> block = outer;
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(*text)) {
      ReadLine(SplitConfigLine(line, tree_.layout().release), {path, ++number}, outer, &block,
               depth);
    }
  }

  SshdConfig Take() { return std::move(config_); }

 private:
  void ReadLine(const ConfigLine& line, const Place& place, std::optional<std::size_t> outer,
                std::optional<std::size_t>* block, int depth) {
    if (line.keyword == "match") {
      *block = AddBlock(line.rest, place, outer);
    } else if (line.keyword == "include") {
      for (const std::string& file : IncludedFiles(tree_, line.rest)) {
        ReadFile(file, *block, depth + 1);
      }
    } else if (line.keyword == "authorizedkeyscommand") {
      // sshd uses the whole rest of the line, including quotes and the comment.
      config_.settings.push_back(
          {Setting::Keyword::kCommand, std::string(line.rest), place, *block});
    } else if (line.keyword == "authorizedkeyscommanduser") {
      const std::vector<std::string> words = SplitConfigWords(line.rest, tree_.layout().release);
      config_.settings.push_back(
          {Setting::Keyword::kUser, words.empty() ? "" : words[0], place, *block});
    }
  }

  // The index of the block that a Match line begins.
  std::size_t AddBlock(std::string_view rest, const Place& place,
                       std::optional<std::size_t> outer) {
    MatchBlock block;
    if (outer) block = config_.match_blocks[*outer];
    const std::vector<std::string> words = SplitMatchWords(rest, tree_.layout().release);
    block.criteria += (outer ? " " : "") + Criteria(rest);
    block.words.insert(block.words.end(), words.begin(), words.end());
    block.place = place;
    config_.match_blocks.push_back(std::move(block));
    return config_.match_blocks.size() - 1;
  }

  const Tree& tree_;
  SshdConfig config_;
  std::size_t files_read_ = 0;
};

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

bool AppliesToAll(const MatchBlock& block) {
  return !block.words.empty() && std::all_of(block.words.begin(), block.words.end(), IsAll);
}

bool SshdConfig::ReadsForAll(std::string_view path) const {
  return std::find(files_for_all.begin(), files_for_all.end(), path) != files_for_all.end();
}

std::vector<std::string> IncludedFiles(const Tree& tree, std::string_view rest) {
  std::vector<std::string> files;
  for (std::string pattern : SplitConfigWords(rest, tree.layout().release)) {
    if (pattern.empty()) break;  // as sshd does
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
    if (setting.match_block && AppliesToAll(config.match_blocks[*setting.match_block]))
      return setting;
    if (!setting.match_block && !outside) outside = setting;
  }
  return outside;
}

}  // namespace eic::admin
