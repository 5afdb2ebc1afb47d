#include "admin/sessions/program_lines.h"

#include <unistd.h>

#include "admin/sessions/limits.h"

namespace eic::admin {
namespace {

// Puts pieces together to lines.
class Lines {
 public:
  Lines(std::size_t bytes_max, const TakeLine& take) : bytes_max_(bytes_max), take_(take) {}

  // False where the taker has had enough.
  bool Add(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t end = piece.find('\n');
      Keep(piece.substr(0, end));
      if (end == std::string_view::npos) return true;
      piece.remove_prefix(end + 1);
      if (!Finish()) return false;
    }
    return true;
  }

  // What stands behind the last line end is a line, too.
  bool Finish() {
    const bool goes_on = line_.empty() || is_too_long_ || take_(line_);
    line_.clear();
    is_too_long_ = false;
    return goes_on;
  }

 private:
  void Keep(std::string_view piece) {
    is_too_long_ = is_too_long_ || line_.size() + piece.size() > bytes_max_;
    if (!is_too_long_) line_ += piece;
  }

  std::size_t bytes_max_;
  const TakeLine& take_;
  std::string line_;
  bool is_too_long_ = false;
};

}  // namespace

ProgramResult RunForLines(const std::vector<std::string>& argv,
                          std::chrono::milliseconds time_limit, std::size_t line_bytes_max,
                          const TakeLine& take) {
  Lines lines(line_bytes_max, take);
  ProgramResult result =
      RunForOutput(argv, time_limit, [&lines](std::string_view piece) { return lines.Add(piece); });
  if (result.end == ProgramResult::End::kExited) (void)lines.Finish();
  return result;
}

LineRunner RealLineRunner() {
  return [](const std::vector<std::string>& argv, const TakeLine& take) {
    return RunForLines(argv, kJournalTimeMax, kEntryBytesMax, take);
  };
}

std::string ProgramAt(const std::string& name) {
  const std::string path = "/usr/bin/" + name;
  return access(path.c_str(), X_OK) == 0 ? path : "/bin/" + name;
}

}  // namespace eic::admin
