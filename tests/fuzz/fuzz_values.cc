// Short values: region and domain, instance id, user name, fingerprint; and what is made of them
// for a path and for the log. The whole input is each of them; region and domain are its first two
// sections.
#include <cstdlib>

#include "core/instance_id.h"
#include "core/limits.h"
#include "core/partition.h"
#include "core/printable.h"
#include "core/request.h"
#include "host/imds.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

constexpr std::string_view kHostNameBytes = "abcdefghijklmnopqrstuvwxyz0123456789-.";

void HoldSignerName(std::string_view input) {
  const std::vector<std::string_view> sections = Sections(input);
  const Location location{std::string(sections[0]),
                          std::string(sections.size() > 1 ? sections[1] : "amazonaws.com")};
  const Result<SignerName> name = ExpectedSignerName(location);
  if (!name) return;
  Hold(name->text() == "managed-ssh-signer." + location.region + '.' + location.domain,
       "a signer's name is made of its place");
  Hold(name->text().find_first_not_of(kHostNameBytes) == std::string::npos, "and is a host's name");
  Hold(IsRegion(location.region) && location.region.find('.') == std::string::npos &&
           location.region.size() <= kShortValueBytesMax &&
           location.domain.size() <= kShortValueBytesMax,
       "region and domain are within their limits");
}

void HoldInstanceId(std::string_view input) {
  if (!IsInstanceId(input)) return;
  Hold(input.size() >= 10 && input.size() <= 34 &&
           input.find_first_not_of("i-0123456789abcdef") == std::string_view::npos,
       "an instance id is short and plain");
}

std::string Unescaped(const std::string& segment) {
  std::string bytes;
  for (std::size_t at = 0; at < segment.size(); ++at) {
    if (segment[at] != '%') {
      bytes += segment[at];
      continue;
    }
    bytes += static_cast<char>(std::strtol(segment.substr(at + 1, 2).c_str(), nullptr, 16));
    at += 2;
  }
  return bytes;
}

void HoldUserName(std::string_view input) {
  const std::string segment = PathSegment(input);
  Hold(IsPrintable(segment) && segment.find_first_of("/?# \\\"<>[]") == std::string::npos,
       "a segment cannot end itself, nor the path");
  Hold(Unescaped(segment) == input, "a segment stands for its user and no other");

  const Result<UserName> user = ParseUserName(input);
  if (!user) return;
  Hold(user->text() == input && !input.empty() && input.size() <= kUserNameBytesMax,
       "a user name is taken as it is, within its limit");
  Hold(segment != "." && segment != "..", "a user name is no dot segment");
}

void HoldFingerprint(std::string_view input) {
  const Result<Fingerprint> fingerprint = ParseFingerprint(input);
  if (!fingerprint) return;
  Hold(fingerprint->text == input && input.size() == (input[0] == 'S' ? 50U : 51U) &&
           IsPrintable(input),
       "a fingerprint has the length of its digest");
}

void HoldPrintable(std::string_view input, std::size_t bytes_max) {
  const std::string text = Printable(input, bytes_max);
  Hold(text.size() <= bytes_max, "logged text is within its cap");
  Hold(IsPrintable(text) && text.find('"') == std::string::npos, "and stands between quotes");
  for (std::size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at + 4)) {
    Hold(at + 4 <= text.size() && text[at + 1] == 'x', "and holds whole escapes only");
  }
  const bool is_plain = IsPrintable(input) && input.find_first_of("\"\\") == std::string_view::npos;
  if (is_plain && input.size() <= bytes_max) Hold(text == input, "what is plain stays as it is");
}

}  // namespace

void Values(std::string_view input) {
  HoldSignerName(input);
  HoldInstanceId(input);
  HoldUserName(input);
  HoldFingerprint(input);
  HoldPrintable(input, kLoggedValueBytesMax);
  // A small cap that the input itself chooses.
  HoldPrintable(input, input.empty() ? 0U : static_cast<unsigned char>(input[0]) % 32U);
}

}  // namespace eic::fuzz
