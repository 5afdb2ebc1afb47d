#include "admin/daemon/ssh_unit.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <map>
#include <string_view>

#include "admin/daemon/unit_words.h"

namespace eic::admin {
namespace {

// systemd.unit(5), "Unit file load path", the first wins. /lib is /usr/lib on merged systems.
constexpr std::array<std::string_view, 5> kUnitFolders = {
    kUnitFolder, "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
    "/lib/systemd/system"};
constexpr std::array<std::string_view, 2> kUnitNames = {"ssh.service", "sshd.service"};

// For init scripts.
struct EnvironmentVariable {
  std::string_view file;
  std::string_view name;
};
constexpr std::array<EnvironmentVariable, 2> kInitVariables = {
    {{"/etc/default/ssh", "SSHD_OPTS"}, {"/etc/sysconfig/sshd", "OPTIONS"}}};

std::string PathIn(std::string_view folder, std::string_view name) {
  return std::string(folder) + "/" + std::string(name);
}

// The name of the file to which a unit's name leads; an alias is a link to that file.
std::string TargetName(const Tree& tree, const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const std::string link = tree.layout().RealName(path);
  const ssize_t length = readlink(link.c_str(), target.data(), target.size());
  const std::string text =
      length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : path;
  return text.substr(text.rfind('/') + 1);
}

std::optional<std::string> FindFragment(const Tree& tree, std::string_view name) {
  for (const std::string_view folder : kUnitFolders) {
    const std::string path = PathIn(folder, name);
    if (tree.Read(path)) return path;
  }
  return std::nullopt;
}

// The drop-ins of a name in the order in which systemd reads them: of files with the same name only
// that of the first folder counts.
std::vector<std::string> FindDropIns(const Tree& tree, const std::vector<std::string>& names) {
  std::map<std::string, std::string> by_name;
  for (const std::string_view folder : kUnitFolders) {
    for (const std::string& name : names) {
      for (const std::string& path : tree.Glob(PathIn(folder, name) + ".d/*.conf")) {
        by_name.emplace(path.substr(path.rfind('/') + 1), path);
      }
    }
  }
  std::vector<std::string> paths;
  for (const auto& [name, path] : by_name) paths.push_back(path);
  return paths;
}

std::string_view TrimUnitLine(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

// Collects the settings of the fragment and the drop-ins, in order.
class UnitReader {
 public:
  explicit UnitReader(const Tree& tree) : tree_(tree) {}

  void ReadFile(const std::string& path) {
    const Contents text = tree_.Read(path);
    if (!text) return;
    bool in_service = false;
    std::string value;  // of lines that a backslash continues
    Place place{path, 0};
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(*text)) {
      ++number;
      const std::string_view bare = TrimUnitLine(line);
      const bool is_comment = !bare.empty() && (bare[0] == '#' || bare[0] == ';');
      if (is_comment) continue;
      if (value.empty()) place.line = number;
      value += bare;
      if (!value.empty() && value.back() == '\\') {
        value.back() = ' ';
        continue;
      }
      if (!value.empty() && value[0] == '[') in_service = value == "[Service]";
      if (in_service) ReadAssignment(value, place);
      value.clear();
    }
  }

  SshUnit Take(std::string name) {
    SshUnit unit;
    unit.name = std::move(name);
    unit.exec_start = exec_start_;
    unit.exec_start_text = exec_start_text_;
    Variables variables;
    for (const std::string& file : environment_files_) {
      const Contents text = tree_.Read(file);
      if (!text) continue;
      const Variables added = ParseEnvironmentFile(*text);
      for (const auto& [key, value] : added) variables[key] = value;
      if (const auto place = PlaceOfCommand(file, *text)) unit.environment = place;
    }
    for (const auto& [key, value] : environment_) variables.emplace(key, value);
    unit.argv = ExpandVariables(SplitUnitWords(exec_start_text_), variables);
    return unit;
  }

  static std::optional<Place> PlaceOfCommand(const std::string& file, const std::string& text) {
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(text)) {
      ++number;
      const std::string_view bare = TrimUnitLine(line);
      if (bare.empty() || bare[0] == '#') continue;
      if (bare.find("AuthorizedKeysCommand") != std::string_view::npos) return Place{file, number};
    }
    return std::nullopt;
  }

 private:
  void ReadAssignment(std::string_view line, const Place& place) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view key = TrimUnitLine(line.substr(0, equals));
    const std::string value(TrimUnitLine(line.substr(equals + 1)));
    if (key == "ExecStart") {
      if (!value.empty() && !exec_start_text_.empty())
        return;  // a second one is refused by systemd
      exec_start_text_ = value;
      exec_start_ = place;
    } else if (key == "EnvironmentFile") {
      if (value.empty()) environment_files_.clear();
      if (!value.empty()) environment_files_.push_back(value.substr(value[0] == '-' ? 1 : 0));
    } else if (key == "Environment") {
      for (const std::string& word : SplitUnitWords(value)) {
        const std::size_t assigns = word.find('=');
        if (assigns != std::string::npos)
          environment_[word.substr(0, assigns)] = word.substr(assigns + 1);
      }
    }
  }

  const Tree& tree_;
  std::string exec_start_text_;
  Place exec_start_;
  std::vector<std::string> environment_files_;
  Variables environment_;
};

SshUnit ReadInitFiles(const Tree& tree) {
  SshUnit unit;
  unit.argv = {"/usr/sbin/sshd"};
  for (const EnvironmentVariable& variable : kInitVariables) {
    const std::string file(variable.file);
    const Contents text = tree.Read(file);
    if (!text) continue;
    const Variables variables = ParseEnvironmentFile(*text);
    for (std::string& word : ExpandVariables({"$" + std::string(variable.name)}, variables)) {
      unit.argv.push_back(std::move(word));
    }
    if (const auto place = UnitReader::PlaceOfCommand(file, *text)) unit.environment = place;
  }
  return unit;
}

}  // namespace

SshUnit ReadSshUnit(const Tree& tree) {
  for (const std::string_view name : kUnitNames) {
    const std::optional<std::string> fragment = FindFragment(tree, name);
    if (!fragment) continue;
    const std::string target = TargetName(tree, *fragment);
    std::vector<std::string> names = {std::string(name)};
    for (const std::string_view alias : kUnitNames) {
      const std::optional<std::string> other = FindFragment(tree, alias);
      if (alias != name && other && TargetName(tree, *other) == target) names.emplace_back(alias);
    }
    UnitReader reader(tree);
    reader.ReadFile(*fragment);
    const std::vector<std::string> drop_ins = FindDropIns(tree, names);
    for (const std::string& path : drop_ins) reader.ReadFile(path);
    SshUnit unit = reader.Take(
        target == "ssh.service" || target == "sshd.service" ? target : std::string(name));
    unit.drop_ins = drop_ins;
    return unit;
  }
  return ReadInitFiles(tree);
}

}  // namespace eic::admin
