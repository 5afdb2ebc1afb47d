#include "host/sshd_process.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace eic {
namespace {

// Whether `holds` is true in a child of this process.
bool InAChild(const std::function<bool()>& holds) {
  const pid_t child = fork();
  if (child == 0) _exit(holds() ? 0 : 1);
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(SshdProcessTest, IsTheParentWhereNothingWasTold) {
  const pid_t test = getpid();
  EXPECT_TRUE(InAChild([test] { return SshdProcess("") == test; }));
}

TEST(SshdProcessTest, IsTheParentsParentWhereThatWasTold) {
  const pid_t above = getpid();
  const auto finds = [above] { return SshdProcess(std::to_string(above)) == above; };
  EXPECT_TRUE(InAChild([&finds] { return InAChild(finds); }));
}

TEST(SshdProcessTest, WhatWasToldIsNotBelievedWhereItIsNotSo) {
  const std::string above = std::to_string(getppid());
  const std::string rows[] = {
      std::to_string(getpid()), "1", "0", "-1", "x", " ", above + " ", "0" + above, above + "0"};
  for (const std::string& told : rows) {
    EXPECT_TRUE(InAChild([&told] { return SshdProcess(told) == 0; })) << told;
  }
}

TEST(SshdProcessTest, IsNotKnownOnceTheParentHasEnded) {
  // The grandchild tells by the pipe, since nobody waits for it here.
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const pid_t own = getpid();
    if (fork() == 0) {
      while (getppid() == own) usleep(1000);
      const pid_t adopted_by = getppid();
      // Under init nothing is known; a reaper of children in between is taken for the parent.
      const char verdict = SshdProcess("") == (adopted_by == 1 ? 0 : adopted_by) ? 'y' : 'n';
      (void)!write(ends[1], &verdict, 1);
    }
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  char verdict = '?';
  EXPECT_EQ(read(ends[0], &verdict, 1), 1);
  EXPECT_EQ(verdict, 'y');
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace eic
