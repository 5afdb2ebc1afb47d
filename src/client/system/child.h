// A program run for what it prints: standard input is /dev/null, and there is a limit to its
// output.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "client/system/descriptor.h"

namespace eic::client {

class Child {
 public:
  enum class Errors { kKept, kDropped };  // standard error: this process's, or /dev/null

  // Nothing, with errno, where it cannot be started. `arguments` has argv[0] too.
  static std::optional<Child> Start(const std::string& program,
                                    const std::vector<std::string>& arguments, Errors errors);
  // Kills what still runs, and reaps it.
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  // Readable when Read has something to do; -1 once all is read.
  int descriptor() const { return output_.get(); }
  // Reads what is there. True once the output has ended, or is more than `bytes_max`.
  bool Read(std::size_t bytes_max);
  const std::string& output() const { return text_; }
  // Reads to the end; false where that took longer than `time_max_ms`.
  bool ReadAll(std::size_t bytes_max, int time_max_ms);
  // Waits for its end; true if it exited with status 0. After the output has ended.
  bool HasSucceeded();

 private:
  Child(pid_t pid, Descriptor output) : pid_(pid), output_(std::move(output)) {}

  pid_t pid_;
  Descriptor output_;
  std::string text_;
};

}  // namespace eic::client
