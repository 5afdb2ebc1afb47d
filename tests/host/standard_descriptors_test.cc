// Goal of this test: what is printed arrives whole, whatever is at the other end of standard
// output.
#include "host/standard_descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace eic {
namespace {

constexpr std::size_t kManyBytes = 1024UL * 1024;  // more than a pipe or a socket holds

// What arrives at the other end of `ends` where a child prints `text`, read slowly from the first.
std::string Printed(const int (&ends)[2], const std::string& text) {
  const pid_t child = fork();
  if (child == 0) {
    (void)dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    PrintAll(text);
    _exit(0);
  }
  close(ends[1]);
  std::string arrived;
  char bytes[1000];
  ssize_t length = 0;
  while ((length = read(ends[0], bytes, sizeof bytes)) > 0) {
    arrived.append(bytes, static_cast<std::size_t>(length));
  }
  close(ends[0]);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return arrived;
}

void MakeNonBlocking(int descriptor) {
  ASSERT_EQ(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK), 0);
}

TEST(PrintAll, ArrivesWholeThroughANonBlockingPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  MakeNonBlocking(ends[1]);
  const std::string text(kManyBytes, 'x');
  EXPECT_EQ(Printed(ends, text).size(), text.size());
}

TEST(PrintAll, ArrivesWholeThroughANonBlockingSocket) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  MakeNonBlocking(ends[1]);
  const std::string text(kManyBytes, 'x');
  EXPECT_EQ(Printed(ends, text).size(), text.size());
}

TEST(PrintAll, EndsWhereTheReaderHasLeft) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    (void)std::signal(SIGPIPE, SIG_IGN);
    (void)dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    PrintAll(std::string(kManyBytes, 'x'));
    _exit(7);
  }
  close(ends[0]);
  close(ends[1]);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

}  // namespace
}  // namespace eic
