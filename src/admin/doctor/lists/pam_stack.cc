#include "admin/doctor/lists/pam_stack.h"

#include <string_view>

#include "admin/limits.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

// As Linux-PAM looks for them.
constexpr const char* kFolders[] = {"/etc/pam.d/", "/usr/lib/pam.d/", "/usr/etc/pam.d/"};

std::optional<std::string> ReadService(const Tree& tree, const std::string& name) {
  if (!name.empty() && name[0] == '/') return tree.Read(name);
  for (const char* folder : kFolders) {
    if (const Contents text = tree.Read(folder + name)) return text;
  }
  return std::nullopt;
}

// The words of a line; `[success=1 default=ignore]` is one.
std::vector<std::string> WordsOfLine(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool is_bracketed = false;
  for (const char c : line) {
    if (c == '#' && !is_bracketed) break;
    if (c == '[') is_bracketed = true;
    if (c == ']') is_bracketed = false;
    const bool is_blank = c == ' ' || c == '\t' || c == '\r';
    if (!is_blank || is_bracketed) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_(tree) {}

  bool ReadFile(const std::string& name, int depth) {
    const std::optional<std::string> text = ReadService(tree_, name);
    if (!text || depth > kIncludeDepthMax) return false;
    std::string joined;
    for (const std::string_view line : SplitLines(*text)) {
      joined.append(line);
      if (!joined.empty() && joined.back() == '\\') {
        joined.back() = ' ';
        continue;
      }
      if (!ReadLine(WordsOfLine(joined), depth)) return false;
      joined.clear();
    }
    return ReadLine(WordsOfLine(joined), depth);
  }

  std::vector<PamModule> Take() { return std::move(modules_); }

 private:
  bool ReadLine(const std::vector<std::string>& words, int depth) {
    if (words.size() == 2 && words[0] == "@include") return ReadFile(words[1], depth + 1);
    if (words.size() < 3 || (words[0] != "account" && words[0] != "-account")) return true;
    if (words[1] == "include" || words[1] == "substack") return ReadFile(words[2], depth + 1);
    if (words[1] == "optional") return true;
    modules_.push_back(
        {words[2].substr(words[2].rfind('/') + 1), {words.begin() + 3, words.end()}});
    return true;
  }

  const Tree& tree_;
  std::vector<PamModule> modules_;
};

}  // namespace

std::optional<std::vector<PamModule>> AccountModules(const Tree& tree, const std::string& service) {
  Reader reader(tree);
  const bool has_file = ReadService(tree, service).has_value();
  if (!reader.ReadFile(has_file ? service : "other", 0)) return std::nullopt;
  return reader.Take();
}

}  // namespace eic::admin
