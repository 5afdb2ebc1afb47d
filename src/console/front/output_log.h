// The output of one session, from the oldest byte that a page may ask for again to the newest.
//
// Positions count from the session's first byte. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eic::console {

class OutputLog {
 public:
  void Append(std::string_view bytes);

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return begin_ + (bytes_.size() - skipped_); }
  std::uint64_t acknowledged() const { return acknowledged_; }

  // The page has displayed everything before `position`. A position that goes back or is beyond the
  // end changes nothing. The last kOutputKeptBytes of what is acknowledged stay.
  void Acknowledge(std::uint64_t position);

  // At most `bytes_max` bytes from `position` on, which is between begin and end. Borrowed until
  // the next call that changes the log.
  std::string_view Read(std::uint64_t position, std::size_t bytes_max) const;

 private:
  std::string bytes_;
  std::size_t skipped_ = 0;  // at the front of bytes_, not removed yet
  std::uint64_t begin_ = 0;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace eic::console
