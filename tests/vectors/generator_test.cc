// Goal of this test: the committed vectors are those that the generator makes, neither changed by
// hand nor left behind.
#include <gtest/gtest.h>

#include <set>

#include "issuer/files.h"
#include "tests/testkit/fixed_random.h"
#include "tests/testkit/make_vectors.h"
#include "tests/testkit/vector.h"

namespace eic::testkit {
namespace {

namespace fs = std::filesystem;

const fs::path kTests = EIC_SOURCE_DIR "/tests";

std::set<std::string> CommittedFiles() {
  std::set<std::string> paths;
  for (const std::string& name : VectorNames(kTests / "vectors")) paths.insert(name + ".vec");
  for (const char* folder : kGeneratedFolders) {
    for (const auto& entry : fs::recursive_directory_iterator(kTests / "vectors" / folder)) {
      if (!entry.is_directory()) paths.insert(fs::relative(entry, kTests / "vectors").string());
    }
  }
  return paths;
}

TEST(Generator, MakesTheCommittedVectors) {
  FixRandomness();
  KeyRing keys(kTests / "testkit/keys");
  std::set<std::string> made;
  for (const auto& [path, bytes] : MakeVectors(keys)) {
    if (!IsStable(path)) continue;
    made.insert(path);
    ASSERT_TRUE(fs::exists(kTests / "vectors" / path)) << path;
    EXPECT_EQ(issuer::ReadFile(kTests / "vectors" / path) == bytes, true) << path;
  }
  for (const std::string& path : CommittedFiles()) {
    EXPECT_TRUE(!IsStable(path) || made.count(path) == 1) << path << " is made by no case";
  }
}

}  // namespace
}  // namespace eic::testkit
