#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/limits.h"
#include "aws/system/run_program.h"
#include "aws/world.h"
#include "tests/fakes/temp_folder.h"

namespace eic::aws {
namespace {

using Fate = ProgramEnd::Fate;
using std::chrono::milliseconds;

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

ProgramEnd Shell(const std::string& script, milliseconds time_max = milliseconds(10000)) {
  return RunProgram({{"sh", "-c", script}, {{"EIC_ADDED", "a b"}}, time_max});
}

TEST(RunProgram, GivesOutputErrorsAndStatus) {
  const ProgramEnd end = Shell("echo \"$EIC_ADDED\"; echo no >&2; exit 7");
  EXPECT_EQ(end.fate, Fate::kExited);
  EXPECT_EQ(end.status, 7);
  EXPECT_EQ(end.output, "a b\n");
  EXPECT_EQ(end.errors, "no\n");
}

TEST(RunProgram, PassesWordsAsTheyAre) {
  const ProgramEnd end =
      RunProgram({{"printf", "%s|", "$HOME", "a b", "*", ""}, {}, milliseconds(10000)});
  EXPECT_EQ(end.output, "$HOME|a b|*||");
}

TEST(RunProgram, SaysHowARunFailed) {
  EXPECT_EQ(RunProgram({{"/no/such/program"}, {}, milliseconds(10000)}).fate, Fate::kNotFound);
  EXPECT_EQ(RunProgram({{"/etc/passwd"}, {}, milliseconds(10000)}).fate, Fate::kNotStarted);
  EXPECT_EQ(RunProgram({{}, {}, milliseconds(10000)}).fate, Fate::kNotStarted);
  EXPECT_EQ(Shell("sleep 60", milliseconds(50)).fate, Fate::kLate);
  EXPECT_EQ(Shell("exec >&- 2>&-; sleep 60", milliseconds(50)).fate, Fate::kLate);
  EXPECT_EQ(Shell("yes").fate, Fate::kTooMuchOutput);
  EXPECT_EQ(Shell("kill -9 $$").status, 137);
}

TEST(RunProgram, KeepsTheFirstPartOfEndlessErrors) {
  const ProgramEnd end = Shell("head -c 1000000 /dev/zero >&2; echo good");
  EXPECT_EQ(end.output, "good\n");
  EXPECT_EQ(end.errors.size(), kProgramOutputBytesMax);
}

// What stands on our standard input is ssh's.
TEST(RunProgram, TakesNothingOfOurInput) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "secret\n", 7), 7);
  const int kept = dup(STDIN_FILENO);
  ASSERT_EQ(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
  const ProgramEnd end =
      RunProgram({{"cat"}, {}, milliseconds(10000), ProgramRun::Input::kTerminal});
  dup2(kept, STDIN_FILENO);
  for (const int descriptor : {kept, ends[0], ends[1]}) close(descriptor);
  EXPECT_EQ(end.output, "");
  EXPECT_EQ(end.status, 0);
}

TEST(RealWorld, WritesSecretsForTheirOwnerAlone) {
  const fakes::TempFolder folder;
  const auto world = OpenWorld(false);
  const std::string path = folder.Of("a/b/file.json");
  const mode_t before = umask(0);
  EXPECT_TRUE(world->WriteSecretFile(path, "one"));
  EXPECT_TRUE(world->WriteSecretFile(path, "two"));
  umask(before);
  EXPECT_EQ(ModeOf(path), 0600U);
  EXPECT_EQ(ModeOf(folder.Of("a/b")), 0700U);
  EXPECT_EQ(**world->ReadFile(path, 3), "two");
  // No temporary file stays.
  const auto entries = std::filesystem::directory_iterator(folder.path() / "a/b");
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(RealWorld, SaysThatItCannotWrite) {
  const auto world = OpenWorld(false);
  EXPECT_FALSE(world->WriteSecretFile("/proc/none/file", "x"));
}

TEST(RealWorld, ReadsRegularFilesWithinTheirLimit) {
  const fakes::TempFolder folder;
  const auto world = OpenWorld(false);
  const std::string path = folder.Write("file", "1234");
  EXPECT_FALSE(world->ReadFile(path, 3));
  EXPECT_TRUE(world->ReadFile(path, 4));
  for (const std::string& none :
       {folder.Of("missing"), path + "/below", std::string("/dev/null"), folder.path().string()}) {
    const auto text = world->ReadFile(none, 10);
    ASSERT_TRUE(text) << none;
    EXPECT_FALSE(text->has_value()) << none;
  }
}

TEST(RealWorld, GivesALockToOneAtATime) {
  const fakes::TempFolder folder;
  const auto world = OpenWorld(false);
  const std::string path = folder.Of("run/lock");
  auto held = world->TakeLock(path, milliseconds(0));
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(ModeOf(path), 0600U);
  EXPECT_EQ(world->TakeLock(path, milliseconds(100)), nullptr);
  held.reset();
  EXPECT_NE(world->TakeLock(path, milliseconds(0)), nullptr);
}

TEST(RealWorld, GivesRandomNumbersBelowOne) {
  const auto world = OpenWorld(false);
  for (int i = 0; i < 100; ++i) {
    const double number = world->Random();
    EXPECT_GE(number, 0.0);
    EXPECT_LT(number, 1.0);
  }
}

}  // namespace
}  // namespace eic::aws
