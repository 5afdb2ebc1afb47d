// Runs a vector: the agent's own run (agent/run.cc) over a metadata service that serves the
// vector's blob and evidence.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/testkit/vector.h"

namespace eic::testkit {

struct Outcome {
  // In the words of a vector's `expect:` lines.
  std::vector<std::string> words;
  // What sshd would be told: one line for each accepted key, without its LF.
  std::vector<std::string> lines;
};

// `folder` holds evidence/ and anchors/.
Outcome RunVector(const Vector& vector, const std::filesystem::path& folder);

}  // namespace eic::testkit
