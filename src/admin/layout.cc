#include "admin/layout.h"

#include <dirent.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <deque>

namespace eic::admin {
namespace {

constexpr std::string_view kNull = "/dev/null";  // with which systemd masks files

constexpr int kLinksMax = 40;  // as the kernel has it

// The components of a path, put before those that are still to be walked.
void Prepend(std::string_view path, std::deque<std::string>* components) {
  std::deque<std::string> front;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    if (!component.empty() && component != ".") front.emplace_back(component);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  components->insert(components->begin(), front.begin(), front.end());
}

std::string ReadLink(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : "";
}

// No file system has names of this length, so opening it fails. The kernel could follow a link in a
// real path out of the tree.
std::string NameOfNothing() { return "/too-many-links-" + std::string(NAME_MAX, '-'); }

// The tree that glob(3) looks into, which hands nothing through to the functions that it calls.
thread_local const Layout* globbed = nullptr;

void* OpenFolder(const char* path) { return opendir(globbed->Real(path).c_str()); }
// cppcheck-suppress readdirCalled ; one thread
dirent* ReadFolder(void* folder) { return readdir(static_cast<DIR*>(folder)); }
void CloseFolder(void* folder) { closedir(static_cast<DIR*>(folder)); }
int Stat(const char* path, struct stat* status) {
  return stat(globbed->Real(path).c_str(), status);
}
int StatName(const char* path, struct stat* status) {
  return lstat(globbed->RealName(path).c_str(), status);
}

}  // namespace

std::string Layout::Real(std::string_view path) const {
  if (root.empty()) return std::string(path);
  const std::string resolved = Resolved(path);
  return resolved == kNull ? resolved : root + resolved;
}

std::string Layout::RealName(std::string_view path) const {
  const std::size_t slash = std::min(path.rfind('/'), path.size());
  return Real(path.substr(0, slash)) + std::string(path.substr(slash));
}

std::vector<std::string> Layout::Glob(const std::string& pattern) const {
  glob_t matches{};
  matches.gl_opendir = &OpenFolder;
  matches.gl_readdir = &ReadFolder;
  matches.gl_closedir = &CloseFolder;
  matches.gl_stat = &Stat;
  matches.gl_lstat = &StatName;
  globbed = this;
  std::vector<std::string> found;
  if (glob(pattern.c_str(), GLOB_ALTDIRFUNC, nullptr, &matches) == 0) {
    found.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  }
  globfree(&matches);
  globbed = nullptr;
  return found;
}

bool Layout::IsInEtc(std::string_view path) const {
  constexpr std::string_view kEtc = "/etc/";
  return Resolved(path).compare(0, kEtc.size(), kEtc) == 0;
}

std::string Layout::Resolved(std::string_view path) const {
  std::string walked;
  std::deque<std::string> left;
  Prepend(path, &left);
  int links = 0;
  while (!left.empty()) {
    const std::string component = left.front();
    left.pop_front();
    if (component == "..") {
      walked.erase(walked.empty() ? 0 : walked.rfind('/'));
      continue;
    }
    std::string link = root + walked;
    link += "/" + component;
    std::string target = ReadLink(link);
    if (target == kNull) return target;
    if (!target.empty() && ++links > kLinksMax) return NameOfNothing();
    if (target.empty()) {
      walked += "/" + component;
      continue;
    }
    if (target[0] == '/') walked.clear();
    Prepend(target, &left);
  }
  return walked;
}

}  // namespace eic::admin
