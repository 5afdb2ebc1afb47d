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

// At which step a run met `reason`, as the table of reasons has it. What metadata can do at three
// steps is told by what was asked last.
int StepOf(Reason reason, const Trace& trace);

// The last step that the run came to, and the reason why it came to no key: none where one is
// printed.
struct Ending {
  int step = kRequestStep;
  std::optional<Error> error;
  bool prints_keys = false;
};
Ending EndingOf(const Trace& trace);

}  // namespace eic::admin
