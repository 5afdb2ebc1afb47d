// Goal of this test: what each vector expects is what comes of it, from the arguments to the lines
// that sshd is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testkit/run_vector.h"
#include "tests/testkit/vector.h"
#include "tests/vectors/printed_line.h"

namespace eic::testkit {
namespace {

using ::testing::ElementsAreArray;

const std::filesystem::path kFolder = EIC_SOURCE_DIR "/tests/vectors";

class Vectors : public ::testing::TestWithParam<std::string> {};

// The fingerprints of what the vector accepts, in order.
std::vector<std::string> AcceptedFingerprints(const Vector& vector) {
  constexpr std::string_view kAccept = "accept ";
  std::vector<std::string> fingerprints;
  for (const std::string& line : vector.expect) {
    if (line.compare(0, kAccept.size(), kAccept) == 0) {
      fingerprints.push_back(line.substr(kAccept.size()));
    }
  }
  return fingerprints;
}

TEST_P(Vectors, HasItsOutcome) {
  const Vector vector = LoadVector(kFolder, GetParam());
  SCOPED_TRACE(vector.comment);
  const Outcome outcome = RunVector(vector, kFolder);
  EXPECT_THAT(outcome.words, ElementsAreArray(vector.expect));

  std::vector<std::string> printed;
  for (const std::string& line : outcome.lines) printed.push_back(FingerprintOfLine(line));
  EXPECT_THAT(printed, ElementsAreArray(AcceptedFingerprints(vector)));
}

std::string TestName(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Vectors, ::testing::ValuesIn(VectorNames(kFolder)), TestName);

}  // namespace
}  // namespace eic::testkit
