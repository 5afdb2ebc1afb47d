#include "host/syslog_socket.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <syslog.h>

#include "host/limits.h"
#include "tests/host/syslog_fixture.h"

namespace eic {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::MatchesRegex;

// How long a login may be delayed by the log (doc/design.md, "Time"), and as much again for a host
// under load.
constexpr milliseconds kDelayMax{400};

template <typename Body>
milliseconds DurationOf(Body body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

TEST(SyslogMessageTest, IsWhatTheLocalSocketTakes) {
  EXPECT_THAT(
      SyslogMessage(LOG_INFO, "a text"),
      MatchesRegex("<86>(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 123][0-9] "
                   "[0-9][0-9]:[0-9][0-9]:[0-9][0-9] ec2-instance-connect\\[[0-9]+\\]: a text"));
  EXPECT_THAT(SyslogMessage(LOG_WARNING, ""), MatchesRegex("<84>.*"));
  EXPECT_THAT(SyslogMessage(LOG_ERR, ""), MatchesRegex("<83>.*"));
}

TEST(SyslogMessageTest, NamesThisProcess) {
  EXPECT_THAT(SyslogMessage(LOG_INFO, "x"),
              testing::HasSubstr("[" + std::to_string(getpid()) + "]: x"));
}

TEST(SyslogSocketTest, DeliversDatagrams) {
  const SyslogDaemon daemon;
  SyslogSocket socket(daemon.path());
  EXPECT_GE(socket.descriptor(), 0);
  socket.Send("one");
  socket.Send("two\nlines");
  EXPECT_THAT(daemon.Received(), ElementsAre("one", "two\nlines"));
}

TEST(SyslogSocketTest, DeliversToAStreamEachEndedByNul) {
  const SyslogDaemon daemon(SOCK_STREAM);
  SyslogSocket socket(daemon.path());
  socket.Send("one");
  socket.Send("two");
  EXPECT_THAT(daemon.Received(), ElementsAre(std::string("one\0two\0", 8)));
}

TEST(SyslogSocketTest, FullQueueDelaysALoginOnceAndShortly) {
  const SyslogDaemon daemon;
  SyslogSocket socket(daemon.path());
  daemon.Fill();
  const milliseconds waited = DurationOf([&] {
    for (int i = 0; i < 20; ++i) socket.Send("dropped");
  });
  EXPECT_LT(waited, kDelayMax);
}

TEST(SyslogSocketTest, WaitsForAQueueThatIsBeingRead) {
  const SyslogDaemon daemon;
  SyslogSocket socket(daemon.path());
  daemon.Fill();
  // The queue has room again by the time of the second message.
  socket.Send("dropped");
  daemon.Received();
  socket.Send("delivered");
  EXPECT_THAT(daemon.Received(), ElementsAre("delivered"));
}

TEST(SyslogSocketTest, QueueThatIsFullFromTheStart) {
  const SyslogDaemon daemon;
  daemon.Fill();
  const milliseconds waited = DurationOf([&] {
    SyslogSocket socket(daemon.path());
    for (int i = 0; i < 5; ++i) socket.Send("dropped");
  });
  EXPECT_LT(waited, kDelayMax);
}

TEST(SyslogSocketTest, MissingSocketCostsNothing) {
  const fakes::TempFolder folder;
  const milliseconds waited = DurationOf([&] {
    SyslogSocket socket(folder.Of("log"));
    EXPECT_EQ(socket.descriptor(), -1);
    for (int i = 0; i < 20; ++i) socket.Send("dropped");
  });
  EXPECT_LT(waited, kDelayMax);
}

TEST(SyslogSocketTest, DaemonThatStartsLater) {
  SyslogDaemon daemon;
  daemon.Stop();
  SyslogSocket socket(daemon.path());
  socket.Send("dropped");
  daemon.Start();
  socket.Send("delivered");
  EXPECT_THAT(daemon.Received(), ElementsAre("delivered"));
}

TEST(SyslogSocketTest, RestartedDaemonLosesNothing) {
  SyslogDaemon daemon;
  SyslogSocket socket(daemon.path());
  socket.Send("before");
  daemon.Stop();
  daemon.Start();
  socket.Send("after");
  socket.Send("and after");
  EXPECT_THAT(daemon.Received(), ElementsAre("after", "and after"));
}

TEST(SyslogSocketTest, DaemonThatStoppedCostsNothing) {
  SyslogDaemon daemon;
  SyslogSocket socket(daemon.path());
  daemon.Stop();
  EXPECT_LT(DurationOf([&] { socket.Send("dropped"); }), kDelayMax);
}

TEST(SyslogSocketTest, StreamDaemonThatStoppedSendsNoSignal) {
  SyslogDaemon daemon(SOCK_STREAM);
  SyslogSocket socket(daemon.path());
  socket.Send("before");
  daemon.Stop();
  socket.Send("dropped");  // would raise SIGPIPE
  daemon.Start();
  socket.Send("delivered");
  EXPECT_THAT(daemon.Received(), ElementsAre(std::string("delivered\0", 10)));
}

TEST(SyslogSocketTest, StreamThatNobodyReads) {
  const SyslogDaemon daemon(SOCK_STREAM);
  SyslogSocket socket(daemon.path());
  const std::string line(2000, 'x');
  const milliseconds waited = DurationOf([&] {
    for (int i = 0; i < 1000; ++i) socket.Send(line);
  });
  EXPECT_LT(waited, kDelayMax + milliseconds(600)) << "a thousand system calls, too";
}

TEST(SyslogSocketTest, PathThatFitsNoAddress) {
  SyslogSocket socket("/" + std::string(300, 'x'));
  socket.Send("dropped");
  EXPECT_EQ(socket.descriptor(), -1);
}

TEST(SyslogSocketTest, FileInPlaceOfTheSocket) {
  const fakes::TempFolder folder;
  SyslogSocket socket(folder.Write("log", ""));
  socket.Send("dropped");
  EXPECT_EQ(socket.descriptor(), -1);
}

TEST(SyslogSocketTest, IsNotInheritedByAnotherProgram) {
  const SyslogDaemon daemon;
  const SyslogSocket socket(daemon.path());
  EXPECT_NE(fcntl(socket.descriptor(), F_GETFD) & FD_CLOEXEC, 0);
}

}  // namespace
}  // namespace eic
