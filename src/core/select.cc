#include "core/select.h"

#include <optional>
#include <utility>

namespace eic {
namespace {

std::optional<Error> CheckInstance(const KeyRecord& record, std::string_view instance_id) {
  if (record.instance_id == instance_id) return std::nullopt;
  return Error{Reason::kInstanceMismatch, std::string(record.instance_id)};
}

std::optional<Error> CheckExpiry(const KeyRecord& record, Instant now) {
  if (now < record.expiry) return std::nullopt;
  return Error{Reason::kKeyExpired, std::to_string(now - record.expiry) + " s ago"};
}

}  // namespace

Result<Candidates> SelectCandidates(std::string_view blob, const Request& request,
                                    std::string_view instance_id, Instant now) {
  ParsedBlob parsed = ParseKeyBlob(blob);

  Candidates candidates;
  for (Rejection& rejection : parsed.rejections) {
    // A record whose key cannot be read might have been the one that was asked for.
    const Result<bool> requested =
        rejection.key ? IsRequested(request, *rejection.key) : Result<bool>(true);
    if (!requested) return requested.error();
    if (*requested) candidates.rejections.push_back(std::move(rejection));
  }
  for (KeyRecord& record : parsed.records) {
    const Result<bool> requested = IsRequested(request, record.key);
    if (!requested) return requested.error();
    if (!*requested) continue;

    std::optional<Error> error = CheckInstance(record, instance_id);
    if (!error) error = CheckExpiry(record, now);
    if (error) {
      candidates.rejections.push_back(Reject(record, *std::move(error)));
    } else {
      candidates.records.push_back(std::move(record));
    }
  }
  return candidates;
}

}  // namespace eic
