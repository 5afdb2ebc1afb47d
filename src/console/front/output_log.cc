#include "console/front/output_log.h"

#include "console/limits.h"

namespace eic::console {

void OutputLog::Append(std::string_view bytes) { bytes_.append(bytes); }

void OutputLog::Acknowledge(std::uint64_t position) {
  if (position <= acknowledged_ || position > end()) return;
  acknowledged_ = position;
  if (acknowledged_ - begin_ <= kOutputKeptBytes) return;
  const std::uint64_t dropped = acknowledged_ - kOutputKeptBytes - begin_;
  begin_ += dropped;
  skipped_ += static_cast<std::size_t>(dropped);
  // Moving what is left costs as much as copying it: rarely.
  if (skipped_ < kOutputHighBytes && skipped_ < bytes_.size() / 2) return;
  bytes_.erase(0, skipped_);
  skipped_ = 0;
  if (bytes_.capacity() > 4 * bytes_.size()) bytes_.shrink_to_fit();
}

std::string_view OutputLog::Read(std::uint64_t position, std::size_t bytes_max) const {
  if (position < begin_ || position >= end()) return {};
  const auto at = static_cast<std::size_t>(position - begin_) + skipped_;
  return std::string_view(bytes_).substr(at, bytes_max);
}

}  // namespace eic::console
