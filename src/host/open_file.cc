#include "host/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace eic {
namespace {

Error SystemError() { return Error{Reason::kCaStoreUnusable, std::strerror(errno)}; }

}  // namespace

OpenFile::~OpenFile() { close(descriptor_); }

Result<std::shared_ptr<const OpenFile>> OpenForReading(const std::string& path) {
  // O_NONBLOCK: otherwise open(2) would wait for the writer of a pipe.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return SystemError();
  auto file = std::make_shared<const OpenFile>(descriptor);
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return SystemError();
  if (!S_ISREG(status.st_mode)) return Error{Reason::kCaStoreUnusable, "no regular file"};
  return std::shared_ptr<const OpenFile>(std::move(file));
}

Result<std::string> ReadAll(const OpenFile& file, std::size_t bytes_max) {
  std::string bytes;
  std::array<char, 64UL * 1024> part{};
  while (true) {
    const ssize_t count =
        pread(file.descriptor(), part.data(), part.size(), static_cast<off_t>(bytes.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError();
    if (count == 0) return bytes;
    bytes.append(part.data(), static_cast<std::size_t>(count));
    if (bytes.size() > bytes_max) {
      return Error{Reason::kCaStoreUnusable, "more than " + std::to_string(bytes_max) + " bytes"};
    }
  }
}

}  // namespace eic
