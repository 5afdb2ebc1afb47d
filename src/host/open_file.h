// A regular file that is kept open, so that it can be read later, whatever happens to its name.
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

// Fails with kCaStoreUnusable and the system's error; also for anything but a regular file, without
// waiting for it.
Result<std::shared_ptr<const OpenFile>> OpenForReading(const std::string& path);

// The whole file from its beginning, however often it is called. Fails with kCaStoreUnusable if it
// is larger than `bytes_max`, or cannot be read.
Result<std::string> ReadAll(const OpenFile& file, std::size_t bytes_max);

}  // namespace eic
