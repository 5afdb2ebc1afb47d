#include "host/instance.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "core/instance_id.h"
#include "core/limits.h"

namespace eic {
namespace {

// The first bytes of a small file of sysfs, without blanks at the end; empty if it cannot be read.
std::string ReadAttribute(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0) return "";
  std::array<char, kSysfsAttributeBytesMax> bytes{};
  const ssize_t length = read(file, bytes.data(), bytes.size());
  close(file);
  if (length <= 0) return "";
  std::string_view text(bytes.data(), static_cast<std::size_t>(length));
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  return std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

}  // namespace

Result<Instance> IdentifyInstance(const std::string& sysfs_root) {
  const std::string tag = ReadAttribute(sysfs_root + "/devices/virtual/dmi/id/board_asset_tag");
  if (IsInstanceId(tag)) return Instance{tag};

  // Other virtual machines set tags of their own, so a tag that is not an id proves nothing.
  const std::string uuid = ReadAttribute(sysfs_root + "/hypervisor/uuid");
  if (uuid.compare(0, 3, "ec2") == 0) return Instance{std::nullopt};
  return Error{Reason::kNotAnInstance, ""};
}

}  // namespace eic
