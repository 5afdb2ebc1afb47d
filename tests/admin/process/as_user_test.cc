// Work done as another user, by a real child process. As root that user is nobody, else this one.
#include "admin/process/as_user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "admin/limits.h"
#include "tests/fakes/needs.h"

namespace eic::admin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLong{20};

Account SomeAccount() {
  const passwd* entry = geteuid() == 0 ? getpwnam("nobody") : getpwuid(geteuid());
  return {entry->pw_name, entry->pw_uid, entry->pw_gid};
}

// What a child that does `work` says, or why it says nothing.
std::string Said(const std::function<std::string()>& work, milliseconds time_limit = kLong) {
  const Outcome<std::string> text = RunAsUser(SomeAccount(), work, time_limit);
  return text ? *text : "failed: " + text.error().text;
}

TEST(AsUser, TheWorkHasTheUsersRightsForGood) {
  const std::string uid = std::to_string(SomeAccount().uid);
  EXPECT_EQ(Said([] {
              uid_t real = 0;
              uid_t effective = 0;
              uid_t saved = 0;
              (void)getresuid(&real, &effective, &saved);
              return std::to_string(real) + " " + std::to_string(effective) + " " +
                     std::to_string(saved) + (setuid(0) == 0 ? " and root again" : "");
            }),
            uid + " " + uid + " " + uid);
}

TEST(AsUser, ASetUserIdProgramGetsItsRightsOnlyWhereThatWasAskedFor) {
  const auto flag = [] { return std::to_string(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)); };
  EXPECT_EQ(*RunAsUser(SomeAccount(), flag, kLong), "1");
  EXPECT_EQ(*RunAsUser(SomeAccount(), flag, kLong, SetUserId::kHonoured), flag());
}

TEST(AsUser, RootsGroupsAreGone) {
  EIC_NEEDS(geteuid() == 0, "root, who has groups to give up");
  EXPECT_EQ(Said([] {
              gid_t groups[64];
              const int count = getgroups(64, groups);
              bool has_roots = getegid() == 0;
              for (int i = 0; i < count; ++i) has_roots = has_roots || groups[i] == 0;
              return std::string(has_roots ? "group 0" : "none of root's");
            }),
            "none of root's");
}

TEST(AsUser, TheWorkHasNoTerminalAndGetsNoRightsByExec) {
  EXPECT_EQ(Said([] {
              std::string said = getsid(0) == getpid() ? "own session" : "session of the parent";
              for (const int stream : {0, 1, 2}) said += isatty(stream) == 1 ? ", terminal" : "";
              if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) said += ", no new privileges";
              return said;
            }),
            "own session, no new privileges");
}

TEST(AsUser, WorkThatFailsIsAFailure) {
  EXPECT_THAT(Said([]() -> std::string { throw std::runtime_error("x"); }),
              testing::EndsWith("ended unexpectedly"));
  EXPECT_THAT(Said([]() -> std::string {
                (void)raise(SIGKILL);
                return "";
              }),
              testing::EndsWith("ended unexpectedly"));
}

TEST(AsUser, TextUpToTheLimitArrivesWholeAndMoreIsAFailure) {
  const std::string most(kOutputBytesMax, 'x');
  EXPECT_EQ(Said([&] { return most; }), most);
  EXPECT_THAT(Said([&] { return most + "x"; }), testing::EndsWith("printed too much"));
}

TEST(AsUser, WhatTakesTooLongEndsWithItsChildren) {
  // The child tells nothing once it is killed; what it forks keeps this pipe open as long as it
  // lives.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto begin = std::chrono::steady_clock::now();
  const std::string said = Said(
      [&]() -> std::string {
        (void)fork();
        sleep(60);
        return "";
      },
      milliseconds(300));
  EXPECT_THAT(said, testing::EndsWith("did not finish in time"));
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0) << "nobody holds the pipe any more";
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(20));
  close(ends[0]);
}

TEST(AsUser, AUserThatCannotBeBecomeIsAFailure) {
  EXPECT_EQ(Said([] {
              const Outcome<std::string> text = RunAsUser(
                  {"root", 0, 0}, [] { return std::string("root"); }, kLong);
              return text ? *text : text.error().text;
            }),
            "cannot become root");
}

}  // namespace
}  // namespace eic::admin
