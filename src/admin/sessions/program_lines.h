// Another program's output, line by line, however much it is: only one line is kept at a time.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/process/program_runner.h"

namespace eic::admin {

// Takes a line without its end; false ends the program.
using TakeLine = std::function<bool(std::string_view line)>;

// Runs argv[0], an absolute path, without a shell, with a clean environment in the C locale, until
// it has ended, or is killed because `time_limit` is over or `take` had enough: kTimedOut. A line
// beyond `line_bytes_max` is left out. `output` of the result is empty.
ProgramResult RunForLines(const std::vector<std::string>& argv,
                          std::chrono::milliseconds time_limit, std::size_t line_bytes_max,
                          const TakeLine& take);

// The same for journalctl and loginctl, within kJournalTimeMax and kEntryBytesMax of
// sessions/limits.h; tests put a double in its place.
using LineRunner =
    std::function<ProgramResult(const std::vector<std::string>& argv, const TakeLine& take)>;
LineRunner RealLineRunner();

// `/usr/bin/NAME`, or where distributions had it before /usr was merged.
std::string ProgramAt(const std::string& name);

}  // namespace eic::admin
