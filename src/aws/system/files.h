// Small files: read within a limit, replaced as a whole.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "aws/failure.h"

namespace eic {

// What a file holds, or why that is not to be had.
struct FileText {
  enum class Fault { kNone, kMissing, kNotOpened, kNotRegular, kNotRead, kTooLarge };
  Fault fault = Fault::kNone;
  std::string text = {};  // empty where there is a fault
  int error_number = 0;   // errno of kMissing, kNotOpened and kNotRead

  explicit operator bool() const { return fault == Fault::kNone; }
};

// kAny reads devices and pipes, too, without waiting for what they may give later.
enum class FileKind { kRegular, kAny };
FileText ReadFile(const std::string& path, std::size_t bytes_max,
                  FileKind kind = FileKind::kRegular);

// ReadFile of a regular file, with the fault in words: `NoFile` where there is none, else
// `BadFile`.
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

}  // namespace eic
