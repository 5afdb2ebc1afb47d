#include "admin/layout.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <deque>

namespace eic::admin {
namespace {

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

}  // namespace

std::string Layout::Real(std::string_view path) const {
  if (root.empty()) return std::string(path);
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
    if (target == "/dev/null") return target;
    if (target.empty() || ++links > kLinksMax) {
      walked += "/" + component;
      continue;
    }
    if (target[0] == '/') walked.clear();
    Prepend(target, &left);
  }
  return root + walked;
}

}  // namespace eic::admin
