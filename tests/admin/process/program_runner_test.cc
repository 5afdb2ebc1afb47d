#include "admin/process/program_runner.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>

#include "admin/limits.h"

namespace eic::admin {
namespace {

using End = ProgramResult::End;

ProgramResult RunShell(const std::string& script, std::chrono::milliseconds limit) {
  return MakeProgramRunner()->Run({"/bin/sh", "-c", script}, limit);
}

TEST(ProgramRunner, BothStreamsAndTheStatusAreKept) {
  const ProgramResult result = RunShell("echo out; echo err >&2; exit 7", std::chrono::seconds(20));
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.status, 7);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
}

TEST(ProgramRunner, NothingOfTheEnvironmentIsHandedOn) {
  setenv("SECRET_OF_THE_CALLER", "x", 1);
  const ProgramResult result = MakeProgramRunner()->Run({"/usr/bin/env"}, std::chrono::seconds(20));
  EXPECT_EQ(result.output, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C\n");
}

TEST(ChildBeside, OneThatDoesNotEndGoesWithItsOwner) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  {
    ChildBeside child([] { pause(); });
    close(ends[1]);
    EXPECT_FALSE(child.EndsWithin(std::chrono::milliseconds(50)));
  }
  // Nobody holds the other end any more.
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
  close(ends[0]);
  ChildBeside quick([] { _exit(0); });
  EXPECT_TRUE(quick.EndsWithin(std::chrono::seconds(20)));
}

TEST(ProgramRunner, WhatDoesNotEndIsKilled) {
  const ProgramResult hangs = RunShell("sleep 60", std::chrono::milliseconds(200));
  EXPECT_EQ(hangs.end, End::kTimedOut);
  const ProgramResult closes = RunShell("exec >&- 2>&-; sleep 60", std::chrono::milliseconds(200));
  EXPECT_EQ(closes.end, End::kTimedOut);
}

TEST(ProgramRunner, WhatCannotBeStartedSaysWhy) {
  const ProgramResult result =
      MakeProgramRunner()->Run({"/no/such/program"}, std::chrono::seconds(20));
  EXPECT_EQ(result.end, End::kNotStarted);
  EXPECT_EQ(result.errors, "No such file or directory");
}

TEST(ProgramRunner, ASignalIsNoExit) {
  EXPECT_EQ(RunShell("kill -9 $$", std::chrono::seconds(20)).end, End::kSignalled);
}

TEST(ProgramRunner, EndlessOutputIsCutAndStillEnds) {
  const ProgramResult result =
      RunShell("head -c 1000000 /dev/zero; exit 3", std::chrono::seconds(20));
  EXPECT_EQ(result.output.size(), kOutputBytesMax);
  EXPECT_EQ(result.status, 3);
}

}  // namespace
}  // namespace eic::admin
