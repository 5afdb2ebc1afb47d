// Files of the person's: read within a limit, replaced as a whole.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "aws/failure.h"

namespace eic::client {

// The contents of a regular file. Fails with `NoFile` where there is none, else `BadFile`; one that
// is larger than `bytes_max` fails.
aws::Outcome<std::string> LoadFile(const std::string& path, std::size_t bytes_max);

struct Owner {
  uid_t user;
  gid_t group;
};

// Whether the new contents must outlive a crash of the machine, which costs some milliseconds; else
// the file may be empty after one.
enum class Durability { kLasts, kMayBeLost };

// Writes beside `path` and renames, so that a reader meets the old contents or the new. `mode` is
// exact, whatever the umask. With `owner` the file belongs to it, or nothing is done. Fails with
// `BadFile`. The folder must be there.
aws::Outcome<Nothing> StoreFile(const std::string& path, std::string_view contents, mode_t mode,
                                Durability durability, const Owner* owner = nullptr);

}  // namespace eic::client
