#include "client/ssh/ssh_answers.h"

#include <algorithm>
#include <charconv>

#include "core/bytes.h"

namespace eic::client {
namespace {

void TakeAnswer(std::string_view name, std::string_view value, SshAnswers& answers) {
  if (name == "connecttimeout") {
    int seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc() && end == value.data() + value.size() && seconds > 0) {
      answers.connect_timeout = std::chrono::seconds(seconds);
    }
  }
  if (name == "forwardagent") answers.forwards_agent = value == "yes";
  if (name == "tcpkeepalive") answers.keeps_alive = value != "no";
}

}  // namespace

SshAnswers ParseSshAnswers(std::string_view output) {
  SshAnswers answers;
  LineCursor lines(output);
  while (!lines.AtEnd()) {
    const std::string_view line = lines.Next();
    const std::size_t blank = line.find(' ');
    if (blank != std::string_view::npos) {
      TakeAnswer(line.substr(0, blank), line.substr(blank + 1), answers);
    }
  }
  return answers;
}

std::string PrintSshAnswers(const SshAnswers& answers) {
  const auto timeout = answers.connect_timeout;
  return "connecttimeout=" + (timeout ? std::to_string(timeout->count()) : "none") +
         ",forwardagent=" + (answers.forwards_agent ? "yes" : "no") +
         ",tcpkeepalive=" + (answers.keeps_alive ? "yes" : "no");
}

SshAnswers ParsePrintedSshAnswers(std::string printed) {
  std::replace(printed.begin(), printed.end(), ',', '\n');
  std::replace(printed.begin(), printed.end(), '=', ' ');
  return ParseSshAnswers(printed);
}

}  // namespace eic::client
