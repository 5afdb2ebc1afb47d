// A regular file that is held open, so that it can be read later, whatever became of its name.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/result.h"

namespace eic {

class OpenFile {
 public:
  // Takes over `descriptor`.
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Fails with kCaStoreUnusable, and the system's word: what is no regular file is none, and nothing
// waits for it.
Result<std::shared_ptr<const OpenFile>> OpenForReading(const std::string& path);

// All of it, from its beginning; the same again when called again. Fails with kCaStoreUnusable
// where it is larger than `bytes_max`, or cannot be read.
Result<std::string> ReadAll(const OpenFile& file, std::size_t bytes_max);

}  // namespace eic
