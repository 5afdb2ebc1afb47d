// AWS's config and credentials files, and the short values in them. The first byte says what the
// rest is:
//
//   f  a file      w  a command of credential_process      r  a region      u  an endpoint's URL
//
// Anything else is a file, with that byte.
#include <algorithm>

#include "aws/configuration.h"
#include "aws/endpoints.h"
#include "aws/ini.h"
#include "aws/limits.h"
#include "aws/text.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

void HoldFailure(const aws::Failure& failure) {
  Hold(failure.code == "BadConfiguration" && !failure.message.empty() && !failure.advice.empty(),
       "a failure says what happened and what to do");
}

void HoldFile(std::string_view input) {
  const auto sections = aws::ParseIni(input, "FILE");
  if (!sections) return HoldFailure(sections.error());
  Hold(sections->size() <= aws::kConfigSectionsMax, "sections are within their limit");
  for (const aws::IniSection& section : *sections) {
    Hold(!section.name.empty() && section.name.find_first_of("\r\n") == std::string::npos,
         "a section's name is a line");
    for (const auto& [name, value] : section.values) {
      Hold(!name.empty() && name == aws::LowerCase(name), "an option has a name in lower case");
      Hold(value.nested.empty() || value.text[0] == '\n', "nested keys stand below an empty line");
    }
  }
}

// In single quotes, where nothing but the quote itself means anything.
std::string Quoted(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\"'\"'" : std::string(1, c);
  return quoted + "'";
}

void HoldWords(std::string_view input) {
  const auto words = aws::SplitWords(input);
  if (!words) return;
  std::string again;
  for (const std::string& word : *words) again += Quoted(word) + " ";
  Hold(aws::SplitWords(again) == words, "words that are quoted are the same words");
}

void HoldRegion(std::string_view input) {
  if (!aws::IsRegion(input)) return;
  Hold(input.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos &&
           input.size() <= 63,
       "a region is a label of a host's name");
}

void HoldUrl(std::string_view input) {
  const auto endpoint = aws::ParseEndpointUrl(std::string(input), "URL");
  if (!endpoint) return HoldFailure(endpoint.error());
  Hold(endpoint->scheme == "http" || endpoint->scheme == "https", "a scheme is HTTP's");
  Hold(endpoint->host.find_first_of("/@?#\\ \r\n\t") == std::string::npos, "a host is a host");
  Hold(endpoint->path.front() == '/' && IsPrintable(endpoint->path) &&
           endpoint->path.find_first_of(" ?#") == std::string::npos,
       "a path is a path");
}

}  // namespace

void AwsFiles(std::string_view input) {
  const std::string_view rest = input.substr(input.empty() ? 0 : 1);
  switch (input.empty() ? 'f' : input[0]) {
    case 'f':
      return HoldFile(rest);
    case 'w':
      return HoldWords(rest);
    case 'r':
      return HoldRegion(rest);
    case 'u':
      return HoldUrl(rest);
    default:
      return HoldFile(input);
  }
}

}  // namespace eic::fuzz
