#include "host/watchdog.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "tests/fakes/child_process.h"

namespace eic {
namespace {

using fakes::Ended;
using fakes::RunForked;
using std::chrono::milliseconds;

constexpr milliseconds kTimeMax{100};
constexpr milliseconds kLateMax{3000};  // for a host under load; a hang would last for ever
constexpr int kNotEnded = 3;

// As a library would that never returns. Ends by itself, in case nobody ends it.
void Hang() {
  const auto until = std::chrono::steady_clock::now() + kLateMax;
  while (std::chrono::steady_clock::now() < until) poll(nullptr, 0, 50);
  _exit(kNotEnded);
}

std::string ReadAll(int descriptor) {
  std::string text;
  char bytes[256];
  ssize_t length = 0;
  while ((length = recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
    text.append(bytes, static_cast<std::size_t>(length));
  }
  return text;
}

void ExpectEndedInTime(const Ended& ended) {
  EXPECT_FALSE(ended.was_late);
  EXPECT_EQ(ended.status, 0);
  EXPECT_GE(ended.duration, kTimeMax - milliseconds(5));
  EXPECT_LT(ended.duration, kLateMax);
}

class WatchdogTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends_), 0); }
  void TearDown() override {
    close(ends_[0]);
    close(ends_[1]);
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }

 private:
  int ends_[2] = {-1, -1};
};

TEST_F(WatchdogTest, EndsARunThatHangsWithStatusZeroAndItsLastWords) {
  ExpectEndedInTime(RunForked(
      [&] {
        const Watchdog watchdog(kTimeMax, writer(), "last words");
        Hang();
      },
      kLateMax));
  EXPECT_EQ(ReadAll(reader()), "last words");
}

TEST_F(WatchdogTest, EndsARunThatIsBusy) {
  ExpectEndedInTime(RunForked(
      [&] {
        const Watchdog watchdog(kTimeMax, writer(), "last words");
        const auto until = std::chrono::steady_clock::now() + kLateMax;
        while (std::chrono::steady_clock::now() < until) {
        }
        _exit(kNotEnded);
      },
      kLateMax));
}

TEST_F(WatchdogTest, WorksWhereTheSignalArrivesBlocked) {
  ExpectEndedInTime(RunForked(
      [&] {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, nullptr);
        const Watchdog watchdog(kTimeMax, writer(), "last words");
        Hang();
      },
      kLateMax));
  EXPECT_EQ(ReadAll(reader()), "last words");
}

TEST_F(WatchdogTest, WorksWhereTheSignalArrivesIgnored) {
  ExpectEndedInTime(RunForked(
      [&] {
        (void)std::signal(SIGALRM, SIG_IGN);
        const Watchdog watchdog(kTimeMax, writer(), "last words");
        Hang();
      },
      kLateMax));
}

TEST_F(WatchdogTest, NobodyToWriteTo) {
  ExpectEndedInTime(RunForked(
      [&] {
        const Watchdog watchdog(kTimeMax, -1, "last words");
        Hang();
      },
      kLateMax));
}

TEST_F(WatchdogTest, FullSocketDoesNotHoldItUp) {
  ExpectEndedInTime(RunForked(
      [&] {
        while (send(writer(), "full", 4, MSG_DONTWAIT) == 4) {
        }
        const Watchdog watchdog(kTimeMax, writer(), "last words");
        Hang();
      },
      kLateMax));
}

TEST_F(WatchdogTest, ReaderThatHasLeftDoesNotKillIt) {
  ExpectEndedInTime(RunForked(
      [&] {
        close(reader());
        (void)std::signal(SIGPIPE, SIG_DFL);
        const Watchdog watchdog(kTimeMax, writer(), "last words");
        Hang();
      },
      kLateMax));
}

class WatchdogStderrTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(pipe2(pipe_, O_CLOEXEC), 0); }
  void TearDown() override {
    close(pipe_[0]);
    close(pipe_[1]);
  }
  int pipe_[2] = {-1, -1};
};

TEST_F(WatchdogStderrTest, WritesToStandardErrorThatIsAPipe) {
  ExpectEndedInTime(RunForked(
      [&] {
        dup2(pipe_[1], STDERR_FILENO);
        const Watchdog watchdog(kTimeMax, STDERR_FILENO, "last words\n");
        Hang();
      },
      kLateMax));
  char bytes[64];
  const ssize_t length = read(pipe_[0], bytes, sizeof bytes);
  EXPECT_EQ(std::string(bytes, length > 0 ? static_cast<std::size_t>(length) : 0), "last words\n");
}

TEST_F(WatchdogStderrTest, FullPipeDoesNotHoldItUp) {
  ASSERT_EQ(fcntl(pipe_[1], F_SETFL, O_NONBLOCK), 0);
  while (write(pipe_[1], "full", 4) == 4) {
  }
  ASSERT_EQ(fcntl(pipe_[1], F_SETFL, 0), 0);
  ExpectEndedInTime(RunForked(
      [&] {
        dup2(pipe_[1], STDERR_FILENO);
        const Watchdog watchdog(kTimeMax, STDERR_FILENO, "last words\n");
        Hang();
      },
      kLateMax));
}

TEST_F(WatchdogTest, DisarmedInTimeItDoesNothing) {
  const Ended ended = RunForked(
      [&] {
        { const Watchdog watchdog(kTimeMax, writer(), "last words"); }
        poll(nullptr, 0, static_cast<int>(kTimeMax.count() * 3));
        _exit(kNotEnded);
      },
      kLateMax);
  EXPECT_EQ(ended.status, kNotEnded);
  EXPECT_EQ(ReadAll(reader()), "");
}

TEST_F(WatchdogTest, OneAfterAnother) {
  ExpectEndedInTime(RunForked(
      [&] {
        { const Watchdog first(std::chrono::seconds(60), writer(), "first"); }
        const Watchdog second(kTimeMax, writer(), "second");
        Hang();
      },
      kLateMax));
  EXPECT_EQ(ReadAll(reader()), "second");
}

// exec(2) keeps a signal that is pending because it is blocked: it is about no run of this process.
TEST_F(WatchdogTest, ASignalThatWasPendingEndsNothing) {
  const Ended ended = RunForked(
      [&] {
        sigset_t alarm_only;
        sigemptyset(&alarm_only);
        sigaddset(&alarm_only, SIGALRM);
        (void)sigprocmask(SIG_BLOCK, &alarm_only, nullptr);
        (void)raise(SIGALRM);
        const Watchdog watchdog(kLateMax, writer(), "last words");
        poll(nullptr, 0, 20);
        _exit(kNotEnded);
      },
      kLateMax);
  EXPECT_EQ(ended.status, kNotEnded);
  EXPECT_EQ(ReadAll(reader()), "");
}

// It keeps a timer that runs, too.
TEST_F(WatchdogTest, ATimerThatRanOnIsNotTheRuns) {
  const Ended ended = RunForked(
      [&] {
        const itimerval soon{{0, 0}, {0, 1000}};
        (void)std::signal(SIGALRM, SIG_IGN);
        (void)setitimer(ITIMER_REAL, &soon, nullptr);
        const Watchdog watchdog(kLateMax, writer(), "last words");
        poll(nullptr, 0, 100);
        _exit(kNotEnded);
      },
      kLateMax);
  EXPECT_EQ(ended.status, kNotEnded);
  EXPECT_EQ(ReadAll(reader()), "");
}

}  // namespace
}  // namespace eic
