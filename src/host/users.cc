#include "host/users.h"

#include <pwd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "core/limits.h"

namespace eic {
namespace {

constexpr std::size_t kEntryBytesFirst = 4 * 1024;

// getpwnam(3), "not found": the list that NSS modules are known to answer with.
bool MeansNotFound(int error_number) {
  return error_number == 0 || error_number == ENOENT || error_number == ESRCH ||
         error_number == EBADF || error_number == EPERM;
}

}  // namespace

Result<std::string> LookUpUser(const std::string& name) {
  for (std::size_t bytes = kEntryBytesFirst; bytes <= kUserEntryBytesMax; bytes *= 4) {
    std::vector<char> buffer(bytes);
    passwd entry{};
    passwd* found = nullptr;
    const int error_number = getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr) return std::string(found->pw_name);
    if (error_number == ERANGE) continue;
    if (MeansNotFound(error_number)) return Error{Reason::kUserUnknown, ""};
    return Error{Reason::kUserLookupFailed, std::strerror(error_number)};
  }
  return Error{Reason::kUserLookupFailed, "entry too large"};
}

}  // namespace eic
