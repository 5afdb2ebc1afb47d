// Works out what kind of target a word is: an id, an address, a DNS name or a Name tag.
#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

#include "client/target/resolve.h"
#include "core/instance_id.h"
#include "core/partition.h"

namespace eic::client {
namespace {

constexpr std::size_t kShortIdBytes = 10;  // `i-` and 8 digits
constexpr std::size_t kLongIdBytes = 19;   // `i-` and 17
constexpr std::size_t kAddressBytesMax = 16;

using Kind = Target::Kind;

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool BeginsWith(const std::string& text, const std::string& begin) {
  return text.compare(0, begin.size(), begin) == 0;
}

bool IsAddress(const std::string& word) {
  unsigned char bytes[kAddressBytesMax];
  return inet_pton(AF_INET, word.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, word.c_str(), bytes) == 1;
}

// The region of `FIRST.REGION.compute.internal` and `FIRST.ec2.internal`; nothing where `name` is
// neither.
std::optional<std::string> RegionOfPrivateName(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::string rest = name.substr(dot + 1);
  if (rest == "ec2.internal") return "us-east-1";
  const std::string end = ".compute.internal";
  if (!EndsWith(rest, end)) return std::nullopt;
  const std::string region = rest.substr(0, rest.size() - end.size());
  if (!IsRegion(region)) return std::nullopt;
  return region;
}

// The region of `ec2-A-B-C-D.compute-1.amazonaws.com` and
// `ec2-A-B-C-D.REGION.compute.amazonaws.com` (in China with `.cn` behind); empty: not named.
std::string RegionOfPublicName(const std::string& name) {
  const std::size_t begin = name.find('.') + 1;
  const std::size_t end = name.find('.', begin);
  const std::string label = name.substr(begin, end - begin);
  if (label == "compute-1") return "us-east-1";
  return IsRegion(label) ? label : "";
}

bool IsPublicName(const std::string& name) {
  return BeginsWith(name, "ec2-") && name.find(".compute") != std::string::npos &&
         (EndsWith(name, ".amazonaws.com") || EndsWith(name, ".amazonaws.com.cn"));
}

// The id that `word` begins with, up to its end or a dot.
std::string LeadingId(const std::string& word) {
  const std::string first = word.substr(0, word.find('.'));
  const std::string id = LowerCase(first);
  const bool has_length = id.size() == kShortIdBytes || id.size() == kLongIdBytes;
  return has_length && IsInstanceId(id) ? id : "";
}

Target IdTarget(const std::string& word, const std::string& id) {
  Target target{Kind::kInstanceId, word, id, "", ""};
  if (word.size() == id.size()) return target;
  if (const auto region = RegionOfPrivateName(LowerCase(word))) {  // a name by resource
    target.region = *region;
    return target;
  }
  const std::string rest = word.substr(id.size() + 1);
  const std::size_t dot = rest.find('.');
  target.region = rest.substr(0, dot);
  if (dot != std::string::npos) target.profile = rest.substr(dot + 1);
  return target;
}

}  // namespace

Target ParseTarget(const std::string& word) {
  const std::string id = LeadingId(word);
  if (!id.empty()) return IdTarget(word, id);
  if (IsAddress(word)) return {Kind::kAddress, word, word, "", ""};
  const std::string name = LowerCase(word);
  if (const auto region = RegionOfPrivateName(name)) {
    return {Kind::kPrivateDnsName, word, name, *region, ""};
  }
  if (IsPublicName(name)) {
    return {Kind::kPublicDnsName, word, name, RegionOfPublicName(name), ""};
  }
  return {Kind::kNameTag, word, word, "", ""};
}

}  // namespace eic::client
