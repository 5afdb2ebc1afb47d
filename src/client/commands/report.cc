#include "client/commands/report.h"

#include <ostream>

#include "client/limits.h"
#include "client/terminal_text.h"

namespace eic::client {

int StatusOf(const aws::Failure& failure) {
  if (failure.code == "Usage") return kStatusUsage;
  if (failure.code == "NoAddress") return kStatusNoAddress;
  return kStatusFailed;
}

std::string FailureLines(const aws::Failure& failure) {
  std::string lines = "eic: " + TerminalLines(failure.message, kShownMessageBytesMax) + '\n';
  if (!failure.advice.empty()) {
    lines += "eic: " + TerminalLines(failure.advice, kShownMessageBytesMax) + '\n';
  }
  return lines;
}

int Report(std::ostream& errors, const aws::Failure& failure) {
  errors << FailureLines(failure) << std::flush;
  return StatusOf(failure);
}

}  // namespace eic::client
