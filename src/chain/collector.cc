#include "chain/collector.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "chain/limits.h"
#include "chain/member_end.h"
#include "chain/member_output.h"
#include "chain/runnable.h"
#include "core/printable.h"

namespace eic::chain {
namespace {

using Clock = Deadline::Clock;
using std::chrono::milliseconds;

constexpr std::size_t kLoggedDetailBytesMax = 64;

// One member while it is read.
struct Reading {
  Source source;
  Clock::time_point began = Clock::now();
  MemberOutput output = {};
  bool is_closed = false;
  std::optional<MemberEnd> end = {};
  Collected collected = {};
  bool is_settled = false;
};

void CloseSource(Reading* reading) {
  if (!reading->is_closed) close(reading->source.descriptor);
  reading->is_closed = true;
}

void Settle(Reading* reading, std::string why_void, std::string detail = "") {
  CloseSource(reading);
  reading->collected.took = std::chrono::duration_cast<milliseconds>(Clock::now() - reading->began);
  reading->collected.why_void = std::move(why_void);
  reading->collected.detail = std::move(detail);
  if (reading->collected.why_void.empty()) reading->collected.lines = reading->output.lines();
  reading->is_settled = true;
}

void SettleByEnd(const MemberEnd& end, Reading* reading) {
  const std::string number = std::to_string(end.number);
  switch (end.kind) {
    case MemberEnd::kExited:
      if (end.number == kCannotExecute) return Settle(reading, "not-executed", number);
      if (end.number == kCannotBecome) return Settle(reading, "user-not-become", number);
      return Settle(reading, "exit-status", number);
    case MemberEnd::kSignalled:
      return Settle(reading, "signal", number);
    case MemberEnd::kTimedOut:
      return Settle(reading, "timeout");
    default:
      return Settle(reading, "not-started", number);
  }
}

// What is known of it is enough, or its time is over.
void SettleIfDone(Reading* reading) {
  if (reading->is_settled) return;
  if (reading->output.is_void()) return Settle(reading, reading->output.why_void());
  if (reading->end && !reading->end->IsFine()) return SettleByEnd(*reading->end, reading);
  if (reading->end && reading->is_closed) return Settle(reading, "");
  // Without a word of the keeper; or what the member started keeps its output open.
  if (reading->source.deadline.HasPassed()) return Settle(reading, "timeout");
}

void ReadSome(Reading* reading) {
  std::array<char, 16 * 1024> bytes{};
  const ssize_t length = read(reading->source.descriptor, bytes.data(), bytes.size());
  if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (length > 0) {
    reading->output.Take({bytes.data(), static_cast<std::size_t>(length)});
    return;
  }
  reading->output.End();
  CloseSource(reading);
}

class Collection {
 public:
  Collection(const std::vector<Source>& sources, int ends) : ends_(ends) {
    for (const Source& source : sources) {
      readings_.push_back({source});
      readings_.back().collected.name = source.name;
    }
  }

  std::optional<std::vector<Collected>> Run() {
    while (!IsDone() && !has_lost_keeper_) Step();
    if (has_lost_keeper_) return std::nullopt;
    std::vector<Collected> collected;
    for (const Reading& reading : readings_) collected.push_back(reading.collected);
    return collected;
  }

 private:
  bool IsDone() const {
    return std::all_of(readings_.begin(), readings_.end(),
                       [](const Reading& reading) { return reading.is_settled; });
  }

  // Until the next member's time is over; TimeLeft() rounds down.
  int WaitMs() const {
    milliseconds wait = kRunTimeMax;
    for (const Reading& reading : readings_) {
      if (!reading.is_settled) wait = std::min(wait, reading.source.deadline.TimeLeft());
    }
    return static_cast<int>(wait.count()) + 1;
  }

  void Step() {
    std::vector<pollfd> polled = {{ends_, POLLIN, 0}};
    for (const Reading& reading : readings_) {
      polled.push_back({reading.is_closed ? -1 : reading.source.descriptor, POLLIN, 0});
    }
    const int ready = poll(polled.data(), polled.size(), WaitMs());
    for (std::size_t i = 0; ready > 0 && i < readings_.size(); ++i) {
      if (polled[i + 1].revents != 0) ReadSome(&readings_[i]);
    }
    if (ready > 0 && polled[0].revents != 0) HearKeeper();
    for (Reading& reading : readings_) SettleIfDone(&reading);
  }

  void HearKeeper() {
    MemberEnd end;
    const ssize_t length = read(ends_, &end, sizeof(end));
    if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (length != sizeof(end)) {
      has_lost_keeper_ = true;
      return;
    }
    if (end.member < 0 || static_cast<std::size_t>(end.member) >= readings_.size()) return;
    readings_[static_cast<std::size_t>(end.member)].end = end;
  }

  int ends_;
  bool has_lost_keeper_ = false;
  std::vector<Reading> readings_;
};

}  // namespace

std::optional<std::vector<Collected>> Collect(const std::vector<Source>& sources, int ends) {
  return Collection(sources, ends).Run();
}

std::string AllLines(const std::vector<Collected>& collected) {
  std::string lines;
  for (const Collected& one : collected) lines += one.lines;
  return lines;
}

std::string VoidLine(const Collected& collected) {
  std::string line = "eic-chain: nothing of member \"" + collected.name +
                     "\" counts: reason=" + collected.why_void;
  if (!collected.detail.empty()) {
    line += " detail=\"" + Printable(collected.detail, kLoggedDetailBytesMax) + "\"";
  }
  return line;
}

std::string Timings(const std::vector<Collected>& collected) {
  std::string text;
  for (const Collected& one : collected) {
    const auto lines = std::count(one.lines.begin(), one.lines.end(), '\n');
    text += one.name + " " + std::to_string(one.took.count()) + " " +
            (one.why_void.empty() ? "ok" : one.why_void) + " " + std::to_string(lines) + "\n";
  }
  return text;
}

}  // namespace eic::chain
