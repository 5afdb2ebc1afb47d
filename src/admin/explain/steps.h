// The steps of doc/design.md as `explain` shows them.
#pragma once

#include <optional>
#include <string_view>

#include "admin/explain/trace.h"
#include "core/reason.h"

namespace eic::admin {

inline constexpr int kRequestStep = 1;
inline constexpr int kUserStep = 2;
inline constexpr int kInstanceStep = 3;
inline constexpr int kBlobStep = 4;
inline constexpr int kSelectStep = 5;
inline constexpr int kEvidenceStep = 6;
inline constexpr int kSignerStep = 7;
inline constexpr int kRevocationStep = 8;
inline constexpr int kSignatureStep = 9;
inline constexpr int kPrintStep = 10;

inline constexpr std::string_view kMetaDataPath = "/latest/meta-data/";
inline constexpr std::string_view kActiveKeysPath =
    "/latest/meta-data/managed-ssh-keys/active-keys/";

// The step at which a run ended with `reason`, by the table of reasons. For a reason that metadata
// can cause at three steps, the last request decides.
int StepOf(Reason reason, const Trace& trace);

// The last step that the run reached, and the reason why there is no key; none if a key is printed.
struct Ending {
  int step = kRequestStep;
  std::optional<Error> error;
  bool prints_keys = false;
};
Ending EndingOf(const Trace& trace);

}  // namespace eic::admin
