#include "admin/explain/steps.h"

#include <algorithm>
#include <optional>

namespace eic::admin {
namespace {

// Steps 3 (on Xen), 4 and 6 ask metadata, one after the other; between 3 and 6 the clock is read.
int StepOfMetadata(const Trace& trace) {
  if (trace.now) return kEvidenceStep;
  const bool has_blob =
      std::any_of(trace.exchanges.begin(), trace.exchanges.end(), [](const Exchange& exchange) {
        return exchange.outcome.status == 200 &&
               exchange.path.compare(0, kActiveKeysPath.size(), kActiveKeysPath) == 0;
      });
  return has_blob ? kInstanceStep : kBlobStep;
}

}  // namespace

int StepOf(Reason reason, const Trace& trace) {
  const int step = FactsOf(reason).step;
  return step > 0 ? step : StepOfMetadata(trace);
}

Ending EndingOf(const Trace& trace) {
  if (!trace.decision) return {kRequestStep, trace.request.error(), false};
  const Result<Decision>& decision = *trace.decision;
  if (!decision) return {StepOf(decision.error().reason, trace), decision.error(), false};
  if (!decision->keys.empty()) return {kPrintStep, std::nullopt, true};
  // No pushed key is the one that the client offers.
  Ending ending{kSelectStep, std::nullopt, false};
  for (const Rejection& rejection : decision->rejections) {
    const int step = StepOf(rejection.error.reason, trace);
    // The record that got furthest is the one to show.
    if (!ending.error || step > ending.step) ending = {step, rejection.error, false};
  }
  return ending;
}

}  // namespace eic::admin
