#include "admin/command_runner.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "admin/limits.h"

namespace eic::admin {
namespace {

using End = CommandResult::End;

CommandResult RunShell(const std::string& script, std::chrono::milliseconds limit) {
  return MakeCommandRunner()->Run({"/bin/sh", "-c", script}, limit);
}

TEST(CommandRunner, BothStreamsAndTheStatusAreKept) {
  const CommandResult result = RunShell("echo out; echo err >&2; exit 7", std::chrono::seconds(20));
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.status, 7);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
}

TEST(CommandRunner, NothingOfTheEnvironmentIsHandedOn) {
  setenv("SECRET_OF_THE_CALLER", "x", 1);
  const CommandResult result = MakeCommandRunner()->Run({"/usr/bin/env"}, std::chrono::seconds(20));
  EXPECT_EQ(result.output, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C\n");
}

TEST(CommandRunner, WhatDoesNotEndIsKilled) {
  const CommandResult hangs = RunShell("sleep 60", std::chrono::milliseconds(200));
  EXPECT_EQ(hangs.end, End::kTimedOut);
  const CommandResult closes = RunShell("exec >&- 2>&-; sleep 60", std::chrono::milliseconds(200));
  EXPECT_EQ(closes.end, End::kTimedOut);
}

TEST(CommandRunner, WhatCannotBeStartedSaysWhy) {
  const CommandResult result =
      MakeCommandRunner()->Run({"/no/such/program"}, std::chrono::seconds(20));
  EXPECT_EQ(result.end, End::kNotStarted);
  EXPECT_EQ(result.errors, "No such file or directory");
}

TEST(CommandRunner, ASignalIsNoExit) {
  EXPECT_EQ(RunShell("kill -9 $$", std::chrono::seconds(20)).end, End::kSignalled);
}

TEST(CommandRunner, EndlessOutputIsCutAndStillEnds) {
  const CommandResult result =
      RunShell("head -c 1000000 /dev/zero; exit 3", std::chrono::seconds(20));
  EXPECT_EQ(result.output.size(), kOutputBytesMax);
  EXPECT_EQ(result.status, 3);
}

}  // namespace
}  // namespace eic::admin
