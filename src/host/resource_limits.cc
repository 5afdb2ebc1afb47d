#include "host/resource_limits.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "core/limits.h"

namespace eic {
namespace {

bool SetLimit(__rlimit_resource resource, rlim_t value) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return false;
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < value) value = limit.rlim_max;
  limit.rlim_cur = value;
  limit.rlim_max = value;
  return setrlimit(resource, &limit) == 0;
}

bool IsRegularFile(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// No file is written to. But a person who runs the agent by hand may have redirected its output or
// its log to a file, and the text must arrive there.
bool LimitFileSize() {
  if (IsRegularFile(STDOUT_FILENO) || IsRegularFile(STDERR_FILENO)) return true;
  return SetLimit(RLIMIT_FSIZE, 0);
}

// The process's private writable memory, in bytes; 0 if /proc does not say. proc(5), statm: the
// sixth number, in pages.
std::size_t DataInUse() {
  const int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  std::array<char, 256> text{};
  const ssize_t length = read(descriptor, text.data(), text.size() - 1);
  close(descriptor);
  const char* number = length > 0 ? text.data() : nullptr;
  for (int field = 1; number != nullptr && field < 6; ++field) {
    number = std::strchr(number, ' ');
    if (number != nullptr) ++number;
  }
  if (number == nullptr) return 0;
  const unsigned long pages = std::strtoul(number, nullptr, 10);
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// Whether `bytes` more are available. None of them is touched, so none is used.
bool HasRoomFor(std::size_t bytes) {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  // cppcheck-suppress invalidFunctionArg ; without a file mmap(2) asks for -1
  void* room = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
  return room != MAP_FAILED && munmap(room, bytes) == 0;
}

// RLIMIT_DATA counts writable memory. RLIMIT_AS would also count addresses that a library has
// reserved and will never use, such as gigabytes by the runtime of Go: no login would succeed. The
// memory in use is read only if a library already has so much that too little is left, because
// reading /proc costs more than all the other limits.
bool LimitMemory() {
  rlimit limit{};
  if (getrlimit(RLIMIT_DATA, &limit) != 0) return false;
  const rlimit narrowed{std::min<rlim_t>(limit.rlim_max, kDataBytesMax), limit.rlim_max};
  if (setrlimit(RLIMIT_DATA, &narrowed) != 0) return false;
  const std::size_t in_use = HasRoomFor(kDataBytesMax / 2) ? 0 : DataInUse();
  return SetLimit(RLIMIT_DATA, in_use + kDataBytesMax);
}

}  // namespace

bool LimitResources() {
  bool ok = SetLimit(RLIMIT_CORE, 0);
  ok = LimitFileSize() && ok;
  ok = SetLimit(RLIMIT_NOFILE, kDescriptorsMax) && ok;
  return LimitMemory() && ok;
}

}  // namespace eic
