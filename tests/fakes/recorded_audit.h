// A double of the log: it keeps its lines.
#pragma once

#include <string>
#include <vector>

#include "host/audit.h"

namespace eic::fakes {

class RecordedAudit : public AuditLog {
 public:
  void RecordAccepted(const Acceptance& acceptance) override {
    lines.push_back("info: " + AcceptedLine(acceptance));
  }
  void RecordRefused(const Refusal& refusal) override {
    lines.push_back("warning: " + RefusedLine(refusal));
  }
  void RecordFault(const std::string& text) override { lines.push_back("error: " + text); }
  int Descriptor() const override { return -1; }
  std::string FaultBytes(const std::string& text) const override { return text; }

  std::vector<std::string> lines;
};

}  // namespace eic::fakes
