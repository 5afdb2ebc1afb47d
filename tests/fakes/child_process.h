// Children of a test, each with a limit of time: a program, or a function in a fork.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace eic::fakes {

// Runs as `nobody` where the test runs as root: what is under test has no rights on this machine.
struct ProgramSpec {
  std::string program;
  std::vector<std::string> arguments;    // argv[0] too
  std::vector<std::string> environment;  // `NAME=value`, all of it
  std::vector<int> closed_descriptors;   // of 0, 1 and 2
  bool errors_to_output = false;         // 2>&1
  bool reader_has_left = false;          // standard output is a pipe that nobody reads
  std::chrono::milliseconds time_max{10000};
};

struct Ended {
  int status = -1;        // as the shell has it: 128 and the signal for a death by signal
  bool was_late = false;  // killed at `time_max`
  std::string output;
  std::string errors;
  std::chrono::milliseconds duration{0};
};

Ended RunProgram(const ProgramSpec& spec);

// Runs `body` in a fork. A body that returns ends with status 0 as one that called _exit(0), so a
// test for an early end calls _exit with something else behind it.
Ended RunForked(const std::function<void()>& body, std::chrono::milliseconds time_max);

}  // namespace eic::fakes
