#include "core/partition.h"

#include "core/limits.h"

namespace eic {
namespace {

struct PartitionPrefix {
  std::string_view region_prefix;
  std::string_view domain;
};

// Facts of AWS's partitions. A new region needs no row unless its prefix is new.
constexpr PartitionPrefix kPartitions[] = {
    // aws
    {"us-", "amazonaws.com"},
    {"eu-", "amazonaws.com"},
    {"ap-", "amazonaws.com"},
    {"sa-", "amazonaws.com"},
    {"ca-", "amazonaws.com"},
    {"me-", "amazonaws.com"},
    {"af-", "amazonaws.com"},
    {"il-", "amazonaws.com"},
    {"mx-", "amazonaws.com"},
    // aws-us-gov
    {"us-gov-", "amazonaws.com"},
    // aws-cn
    {"cn-", "amazonaws.com.cn"},
    // aws-iso, aws-iso-b, aws-iso-e, aws-iso-f
    {"us-iso-", "c2s.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov"},
    {"eu-isoe-", "cloud.adc-e.uk"},
    {"us-isof-", "csp.hci.ic.gov"},
    // aws-eusc
    {"eusc-de-", "amazonaws.eu"},
};

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";

bool IsOneOrMoreOf(std::string_view alphabet, std::string_view text) {
  return !text.empty() && text.find_first_not_of(alphabet) == std::string_view::npos;
}

// Labels of letters, digits and hyphens, joined by dots; no hyphen or dot at either end.
bool IsDomain(std::string_view text) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  constexpr std::string_view kInsideOnly = "-.";
  return text.size() <= kShortValueBytesMax && IsOneOrMoreOf(kAlphabet, text) &&
         kInsideOnly.find(text.front()) == std::string_view::npos &&
         kInsideOnly.find(text.back()) == std::string_view::npos;
}

bool IsKnownDomain(std::string_view domain) {
  for (const PartitionPrefix& row : kPartitions) {
    if (row.domain == domain) return true;
  }
  return false;
}

// The row with the longest prefix of `region`, so that `us-gov-` comes before `us-`.
const PartitionPrefix* FindPartition(std::string_view region) {
  const PartitionPrefix* best = nullptr;
  for (const PartitionPrefix& row : kPartitions) {
    if (region.substr(0, row.region_prefix.size()) != row.region_prefix) continue;
    if (best == nullptr || row.region_prefix.size() > best->region_prefix.size()) best = &row;
  }
  return best;
}

}  // namespace

bool IsRegion(std::string_view text) {
  if (text.size() > kShortValueBytesMax) return false;
  std::size_t words = 0;
  for (;;) {
    const std::size_t hyphen = text.find('-');
    if (hyphen == std::string_view::npos) break;
    if (!IsOneOrMoreOf(kLetters, text.substr(0, hyphen))) return false;
    text.remove_prefix(hyphen + 1);
    ++words;
  }
  return words >= 2 && IsOneOrMoreOf(kDigits, text);
}

Result<SignerName> ExpectedSignerName(const Location& location) {
  if (!IsRegion(location.region)) return Error{Reason::kRegionMalformed, location.region};
  if (!IsDomain(location.domain)) return Error{Reason::kDomainMalformed, location.domain};
  const PartitionPrefix* partition = FindPartition(location.region);
  if (partition != nullptr && partition->domain != location.domain) {
    return Error{Reason::kDomainMismatch, location.region + " with " + location.domain};
  }
  if (partition == nullptr && !IsKnownDomain(location.domain)) {
    return Error{Reason::kDomainUnknown, location.domain};
  }
  return SignerName("managed-ssh-signer." + location.region + '.' + location.domain);
}

}  // namespace eic
