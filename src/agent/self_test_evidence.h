// The evidence that --self-test decides over: the vector records-second-forged of tests/vectors,
// built in by self_test_evidence.cmake.
#pragma once

#include <string_view>
#include <vector>

#include "core/instant.h"

namespace eic {

struct BuiltInAnswer {
  std::string_view path;  // below /latest/meta-data/
  std::string_view body;
};

std::vector<BuiltInAnswer> SelfTestAnswers();
extern const std::string_view kSelfTestAnchors;      // PEM
extern const std::string_view kSelfTestUser;         // whom the blob is served for
extern const std::string_view kSelfTestInstance;     // the instance of the records
extern const std::string_view kSelfTestFingerprint;  // SHA256:..., of the one genuine key
extern const Instant kSelfTestNow;

}  // namespace eic
