#include "host/sshd_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include "core/limits.h"

namespace eic {
namespace {

// Init takes in the children of a process that has ended.
constexpr pid_t kInit = 1;

// A number that starts `text`; 0 where there is none.
pid_t NumberAt(std::string_view text) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && number > 0 ? number : 0;
}

// Of /proc/PID/status, proc_pid_status(5). Each name stands at the start of its line, and the first
// line is the only one with text of the process's own, in which the kernel escapes line ends.
pid_t ParentOf(pid_t process) {
  constexpr std::string_view kField = "\nPPid:\t";
  const std::string path = "/proc/" + std::to_string(process) + "/status";
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::array<char, kProcStatusBytesMax> bytes{};
  const ssize_t length = read(file, bytes.data(), bytes.size());
  close(file);
  if (length <= 0) return 0;
  const std::string_view text(bytes.data(), static_cast<std::size_t>(length));
  const std::size_t at = text.find(kField);
  return at == std::string_view::npos ? 0 : NumberAt(text.substr(at + kField.size()));
}

}  // namespace

pid_t SshdProcess(const std::string& told) {
  const pid_t parent = getppid();
  if (parent <= kInit) return 0;
  if (told.empty()) return parent;
  const pid_t grandparent = ParentOf(parent);
  if (grandparent <= kInit || std::to_string(grandparent) != told) return 0;
  // It was the parent all the time: whose number was read is no other process's by now.
  return getppid() == parent ? grandparent : 0;
}

}  // namespace eic
