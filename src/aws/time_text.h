// Times as AWS's answers, files and headers write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/instant.h"

namespace eic::aws {

// ISO 8601 with a zone: `2030-01-02T03:04:05Z`, `...05.123Z`, `...05+00:00`, and `...05UTC`, which
// the AWS CLI writes into its caches. Anything else, and what no calendar has, is nothing.
std::optional<Instant> ParseIsoTime(std::string_view text);

// `2030-01-02T03:04:05Z`
std::string IsoTime(Instant instant);

// RFC 9110 section 5.6.7, the preferred form: `Sun, 06 Nov 1994 08:49:37 GMT`.
std::optional<Instant> ParseHttpDate(std::string_view text);

}  // namespace eic::aws
