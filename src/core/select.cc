#include "core/select.h"

#include <optional>
#include <utility>

namespace eic {
namespace {

Result<Nothing> CheckInstance(const KeyRecord& record, std::string_view instance_id) {
  if (record.instance_id == instance_id) return Nothing{};
  return Error{Reason::kInstanceMismatch, std::string(record.instance_id)};
}

Result<Nothing> CheckExpiry(const KeyRecord& record, Instant now) {
  if (record.expiry.IsAhead(now)) return Nothing{};
  return Error{Reason::kKeyExpired, std::to_string(record.expiry.SecondsSince(now)) + " s ago"};
}

}  // namespace

Result<Selection> SelectCandidates(std::string_view blob, const Request& request,
                                   std::string_view instance_id, Instant now) {
  ParsedBlob parsed = ParseKeyBlob(blob);

  Selection selection;
  for (Rejection& rejection : parsed.rejections) {
    // A record whose key cannot be read might have been the one that was asked for.
    const Result<bool> requested =
        rejection.key ? IsRequested(request, *rejection.key) : Result<bool>(true);
    if (!requested) return requested.error();
    if (*requested) selection.rejections.push_back(std::move(rejection));
  }
  for (KeyRecord& record : parsed.records) {
    const Result<bool> requested = IsRequested(request, record.key);
    if (!requested) return requested.error();
    if (!*requested) continue;

    Result<Nothing> checked = CheckInstance(record, instance_id);
    if (checked) checked = CheckExpiry(record, now);
    if (!checked) {
      selection.rejections.push_back(Reject(record, checked.error()));
    } else {
      selection.candidates.push_back(Candidate(std::move(record)));
    }
  }
  return selection;
}

}  // namespace eic
