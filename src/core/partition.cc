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

// `alphabet` and neither `-` nor `.` at either end.
bool IsName(std::string_view text, std::string_view alphabet) {
  constexpr std::string_view kInsideOnly = "-.";
  return !text.empty() && text.size() <= kShortValueBytesMax &&
         text.find_first_not_of(alphabet) == std::string_view::npos &&
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

Result<std::string> ExpectedSignerName(const Location& location) {
  constexpr std::string_view kRegionAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";
  constexpr std::string_view kDomainAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  if (!IsName(location.region, kRegionAlphabet)) {
    return Error{Reason::kRegionMalformed, location.region};
  }
  if (!IsName(location.domain, kDomainAlphabet)) {
    return Error{Reason::kDomainMalformed, location.domain};
  }
  const PartitionPrefix* partition = FindPartition(location.region);
  if (partition != nullptr && partition->domain != location.domain) {
    return Error{Reason::kDomainMismatch, location.region + " with " + location.domain};
  }
  if (partition == nullptr && !IsKnownDomain(location.domain)) {
    return Error{Reason::kDomainUnknown, location.domain};
  }
  return "managed-ssh-signer." + location.region + '.' + location.domain;
}

}  // namespace eic
