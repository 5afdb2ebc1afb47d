#include "client/system/linux_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "tests/fakes/child_process.h"

namespace eic::client {
namespace {

constexpr std::chrono::milliseconds kTimeMax{20000};

TEST(LinuxProcess, ReadsItsOwn) {
  const auto stat = ReadProcessStat(getpid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->parent, getppid());
  const auto arguments = ArgumentsOf(getpid());
  ASSERT_TRUE(arguments);
  const auto executable = ExecutableOf(getpid());
  ASSERT_TRUE(executable);
  const auto name = [](const std::string& path) { return path.substr(path.rfind('/') + 1); };
  EXPECT_EQ(name(arguments->front()), name(*executable));
  EXPECT_EQ(InitialVariableOf(getpid(), "EIC_NOBODY_SETS_THIS"), std::nullopt);
  EXPECT_EQ(InitialVariableOf(getpid(), "PATH"), std::string(getenv("PATH")));
  for (const pid_t nobody : {0, -1, 0x7fffffff}) {
    EXPECT_FALSE(ReadProcessStat(nobody));
    EXPECT_FALSE(ArgumentsOf(nobody));
    EXPECT_FALSE(ExecutableOf(nobody));
    EXPECT_FALSE(ProcessWatch::Open(nobody));
  }
}

TEST(LinuxProcess, WatchesToTheEnd) {
  for (const bool may_use_pidfd : {true, false}) {
    const pid_t child = fork();
    while (child == 0) pause();
    const auto watch = ProcessWatch::Open(child, may_use_pidfd);
    ASSERT_TRUE(watch);
    EXPECT_TRUE(may_use_pidfd || watch->descriptor() == -1);
    EXPECT_FALSE(watch->HasEnded());
    kill(child, SIGKILL);
    siginfo_t ended{};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
    EXPECT_TRUE(watch->HasEnded()) << "a zombie";
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_TRUE(watch->HasEnded());
  }
}

TEST(LinuxProcess, FindsWhoHoldsASocket) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const Descriptor one(ends[0]);
  const Descriptor other(ends[1]);
  struct stat status {};
  ASSERT_EQ(fstat(one.get(), &status), 0);
  const std::vector<ino_t> held = SocketsOf(getpid());
  EXPECT_NE(std::find(held.begin(), held.end(), status.st_ino), held.end());
  const std::string executable = *ExecutableOf(getpid());
  EXPECT_EQ(FindHolder({status.st_ino}, executable, 0), getpid());
  EXPECT_EQ(FindHolder({status.st_ino}, executable, getpid()), std::nullopt);
  EXPECT_EQ(FindHolder({status.st_ino}, "/bin/other", 0), std::nullopt);
  EXPECT_EQ(FindHolder({}, executable, 0), std::nullopt);
}

TEST(LinuxProcess, ClosesAllButWhatIsKept) {
  const fakes::Ended child = fakes::RunForked(
      [] {
        const int low = open("/dev/null", O_RDONLY);
        const int kept = fcntl(low, F_DUPFD, 20);
        const int high = fcntl(low, F_DUPFD, 200);
        CloseAllBut({kept});
        const bool is_right =
            fcntl(kept, F_GETFD) >= 0 && fcntl(low, F_GETFD) < 0 && fcntl(high, F_GETFD) < 0;
        _exit(is_right ? 0 : 1);
      },
      kTimeMax);
  EXPECT_EQ(child.status, 0);
}

TEST(LinuxProcess, ShowsAnotherName) {
  const fakes::Ended child = fakes::RunForked(
      [] {
        ShowAs("eic-other");
        const auto arguments = ArgumentsOf(getpid());
        _exit(arguments && arguments->front() == "eic-other" ? 0 : 1);
      },
      kTimeMax);
  EXPECT_EQ(child.status, 0);
}

}  // namespace
}  // namespace eic::client
