#include "emulator/server/faults.h"

#include "emulator/emulator_error.h"
#include "emulator/limits.h"

namespace eic::emulator {
namespace {

struct NamedKind {
  std::string_view name;
  FaultKind kind;
  int status = 0;
};

constexpr NamedKind kKinds[] = {
    {"hang", FaultKind::kHang},
    {"slow-drip", FaultKind::kSlowDrip},
    {"huge", FaultKind::kHuge},
    {"truncate", FaultKind::kTruncate},
    {"reset", FaultKind::kReset},
    {"redirect", FaultKind::kRedirect},
    {"garbage", FaultKind::kGarbage},
    {"header-flood", FaultKind::kHeaderFlood},
    {"endless-chunks", FaultKind::kEndlessChunks},
    {"transfer-coding", FaultKind::kTransferCoding},
    {"401", FaultKind::kStatus, 401},
    {"403", FaultKind::kStatus, 403},
    {"404", FaultKind::kStatus, 404},
    {"429", FaultKind::kStatus, 429},
    {"500", FaultKind::kStatus, 500},
    {"503", FaultKind::kStatus, 503},
};

constexpr std::string_view kApiPath = "/";

[[noreturn]] void Refuse(std::string_view text) {
  throw EmulatorError("not a fault: " + std::string(text) +
                      " (NAME[:once|:each-once][@PATH]; a path begins with a slash; the names:" +
                      FaultNames() + ")");
}

std::string_view WithoutLastSlash(std::string_view path) {
  if (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path;
}

// `call` is the API's path with the call's name, or nothing.
bool Means(const Fault& fault, std::string_view path, std::string_view call) {
  if (fault.path.empty()) return path != kApiPath;
  std::string_view wanted = fault.path;
  if (path == kApiPath && !call.empty() && wanted == call) return true;
  if (wanted.back() != '*') return WithoutLastSlash(wanted) == WithoutLastSlash(path);
  wanted.remove_suffix(1);
  return path.substr(0, wanted.size()) == wanted;
}

}  // namespace

std::string FaultNames() {
  std::string names;
  for (const NamedKind& known : kKinds) names.append(" ").append(known.name);
  return names;
}

Fault ParseFault(std::string_view text) {
  Fault fault;
  fault.text = text;
  std::string_view rest = text;
  const std::size_t at = rest.find('@');
  if (at != std::string_view::npos) {
    fault.path = rest.substr(at + 1);
    if (fault.path.empty() || fault.path[0] != '/') Refuse(text);
    rest = rest.substr(0, at);
  }
  const std::size_t colon = rest.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view times = rest.substr(colon + 1);
    if (times != "once" && times != "each-once") Refuse(text);
    fault.times = times == "once" ? Fault::Times::kOnce : Fault::Times::kEachOnce;
    rest = rest.substr(0, colon);
  }
  for (const NamedKind& known : kKinds) {
    if (known.name != rest) continue;
    fault.kind = known.kind;
    fault.status = known.status;
    return fault;
  }
  Refuse(text);
}

bool FaultPlan::Add(Fault fault) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (planned_.size() >= kFaultsMax) return false;
  planned_.push_back(Planned{std::move(fault), false, {}});
  return true;
}

void FaultPlan::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  planned_.clear();
}

std::vector<std::string> FaultPlan::Texts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> texts;
  for (const Planned& planned : planned_) texts.push_back(planned.fault.text);
  return texts;
}

std::optional<Fault> FaultPlan::Take(const HttpRequest& request, const std::string& action) {
  const std::string call = action.empty() ? "" : std::string(kApiPath) + action;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Planned& planned : planned_) {
    if (Means(planned.fault, request.path, call) && Strikes(planned, request, action)) {
      return planned.fault;
    }
  }
  return std::nullopt;
}

bool FaultPlan::Strikes(Planned& planned, const HttpRequest& request, const std::string& action) {
  switch (planned.fault.times) {
    case Fault::Times::kAlways:
      return true;
    case Fault::Times::kOnce:
      return !std::exchange(planned.spent, true);
    case Fault::Times::kEachOnce:
      // A full set forgets: what passed before may fail once more, and memory stays bounded.
      if (planned.passed.size() >= kFaultPathsMax) planned.passed.clear();
      return planned.passed
          .emplace(request.method, std::string(WithoutLastSlash(request.path)) + action)
          .second;
  }
  return false;
}

}  // namespace eic::emulator
