// The host of the vectors, for the built program (program_test.cc): loaded before its C library's
// own functions, it says that every user exists and that the time is the vectors'.
#include <pwd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace {

constexpr time_t kNow = 2000000000;

}  // namespace

extern "C" time_t time(time_t* out) noexcept {
  if (out != nullptr) *out = kNow;
  return kNow;
}

extern "C" int getpwnam_r(const char* name, passwd* entry, char* buffer, size_t size,
                          passwd** found) {
  *found = nullptr;
  if (std::strlen(name) >= size) return ERANGE;
  *entry = {};
  entry->pw_name = std::strcpy(buffer, name);
  *found = entry;
  return 0;
}
