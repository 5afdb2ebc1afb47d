#include "admin/doctor/lists/pam_stack.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include "admin/limits.h"
#include "admin/sshd/settings.h"
#include "admin/sshd/sshd_config.h"

namespace eic::admin {
namespace {

// As Linux-PAM looks for them.
constexpr const char* kFolders[] = {"/etc/pam.d/", "/usr/lib/pam.d/", "/usr/etc/pam.d/"};

std::optional<std::string> ReadService(const Tree& tree, const std::string& name) {
  if (!name.empty() && name[0] == '/') return tree.Read(name);
  for (const char* folder : kFolders) {
    if (Contents text = tree.Read(folder + name)) return text;
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

// What a control word, or the actions of one in brackets, does.
struct Control {
  bool can_refuse = false;
  bool can_end = false;  // by success
  int jump = 0;          // over this many modules, at the most
};

Control ReadAction(std::string_view result, std::string_view action) {
  Control control;
  const bool is_success = result == "success" || result == "default";
  control.can_refuse =
      action == "bad" || action == "die" || (result == "new_authtok_reqd" && action != "ignore");
  control.can_end = is_success && action == "done";
  int number = 0;
  const auto [end, error] = std::from_chars(action.data(), action.data() + action.size(), number);
  if (error == std::errc() && end == action.data() + action.size()) control.jump = number;
  return control;
}

Control ReadControl(std::string_view word) {
  if (word == "required" || word == "requisite") return {true, false, 0};
  if (word == "sufficient") return {false, true, 0};
  Control control;
  if (word.size() < 2 || word.front() != '[') return control;
  for (const std::string& pair : SplitWords(word.substr(1, word.size() - 2), ' ')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) continue;
    const Control one = ReadAction(std::string_view(pair).substr(0, equals),
                                   std::string_view(pair).substr(equals + 1));
    control.can_refuse = control.can_refuse || one.can_refuse;
    control.can_end = control.can_end || one.can_end;
    control.jump = std::max(control.jump, one.jump);
  }
  return control;
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
    if (words[1] == "include" || words[1] == "substack") return ReadIncluded(words, depth);
    const Control control = ReadControl(words[1]);
    const bool is_certain = !may_have_ended_ && jumped_ == 0;
    if (jumped_ > 0) --jumped_;
    may_have_ended_ = may_have_ended_ || control.can_end;
    jumped_ = std::max(jumped_, control.jump);
    if (!control.can_refuse) return true;
    modules_.push_back(
        {words[2].substr(words[2].rfind('/') + 1), {words.begin() + 3, words.end()}, is_certain});
    return true;
  }

  // What ends a substack ends nothing else, and a jump takes it for one module.
  bool ReadIncluded(const std::vector<std::string>& words, int depth) {
    if (words[1] == "include") return ReadFile(words[2], depth + 1);
    const bool had_ended = may_have_ended_;
    const int jumped = jumped_;
    may_have_ended_ = had_ended || jumped > 0;
    jumped_ = 0;
    const bool is_read = ReadFile(words[2], depth + 1);
    may_have_ended_ = had_ended;
    jumped_ = std::max(0, jumped - 1);
    return is_read;
  }

  const Tree& tree_;
  std::vector<PamModule> modules_;
  bool may_have_ended_ = false;
  int jumped_ = 0;  // so many modules to come may be left out
};

}  // namespace

std::optional<std::vector<PamModule>> AccountModules(const Tree& tree, const std::string& service) {
  Reader reader(tree);
  const bool has_file = ReadService(tree, service).has_value();
  if (!reader.ReadFile(has_file ? service : "other", 0)) return std::nullopt;
  return reader.Take();
}

}  // namespace eic::admin
