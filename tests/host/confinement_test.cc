// Goal: an agent that has been taken over can do what is listed here, and nothing more. Each try
// runs in a fork that has confined itself first. Where the kernel has no Landlock, its rows are
// left to seccomp.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <functional>
#include <string>

#include "host/landlock.h"
#include "host/seccomp_filter.h"
#include "host/syslog_socket.h"
#include "tests/fakes/child_process.h"
#include "tests/fakes/temp_folder.h"
#include "tests/kernel_landlock.h"

namespace eic {
namespace {

constexpr std::uint16_t kPort = 9;  // discard: nobody listens there
constexpr std::chrono::milliseconds kLateMax(10000);
constexpr int kNotConfined = 200;
constexpr int kNoSuchAbi = 201;

// errno of a try, or 0 where it was let through.
using Try = std::function<int()>;

int ErrnoOf(long result) { return result < 0 ? errno : 0; }

int Connect(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ErrnoOf(connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)));
}

class ConfinementTest : public ::testing::Test {
 protected:
  ConfinementTest() : readable_(folder_.Write("store/anchor.pem", "text")) {
    other_ = folder_.Write("secret/key", "text");
  }

  // What `attempt` meets after both mechanisms of the first stage, and those of the second if
  // asked.
  int Meets(const Try& attempt, bool second_stage = false) const {
    const fakes::Ended ended = fakes::RunForked(
        [&] {
          if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(kNotConfined);
          (void)RestrictFilesAndPorts({folder_.Of("store")}, kPort);
          if (!FilterForNetwork()) _exit(kNotConfined);
          if (second_stage && !FilterForVerification()) _exit(kNotConfined);
          _exit(attempt());
        },
        kLateMax);
    EXPECT_FALSE(ended.was_late);
    return ended.status;
  }

  fakes::TempFolder folder_;
  std::string readable_;
  std::string other_;
};

TEST_F(ConfinementTest, ProcessesAreDenied) {
  EXPECT_EQ(Meets([] {
              char name[] = "true";
              char* arguments[] = {name, nullptr};
              return ErrnoOf(execve("/bin/true", arguments, nullptr));
            }),
            EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(fork()); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(kill(getppid(), 0)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(syscall(SYS_tgkill, getpid(), gettid(), 0)); }), EPERM);
}

TEST_F(ConfinementTest, WritingIsDenied) {
  EXPECT_EQ(Meets([this] { return ErrnoOf(open(readable_.c_str(), O_WRONLY)); }), EPERM);
  EXPECT_EQ(Meets([this] { return ErrnoOf(open(readable_.c_str(), O_RDWR)); }), EPERM);
  EXPECT_EQ(Meets([this] {
              return ErrnoOf(open(folder_.Of("store/new").c_str(), O_WRONLY | O_CREAT, 0600));
            }),
            EPERM);
  EXPECT_EQ(Meets([this] { return ErrnoOf(unlink(readable_.c_str())); }), EPERM);
  EXPECT_EQ(Meets([this] { return ErrnoOf(chmod(readable_.c_str(), 0777)); }), EPERM);
}

TEST_F(ConfinementTest, SocketsOtherThanTcpAreDenied) {
  EXPECT_EQ(Meets([] { return ErrnoOf(socket(AF_INET, SOCK_DGRAM, 0)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(socket(AF_INET6, SOCK_DGRAM, 0)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(socket(AF_NETLINK, SOCK_RAW, 0)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(socket(AF_UNIX, SOCK_STREAM, 0)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(socket(AF_UNIX, SOCK_DGRAM, 0)); }), EPERM);
  EXPECT_EQ(Meets([] { return ErrnoOf(socket(AF_PACKET, SOCK_RAW, 0)); }), EPERM);
}

// Only a pair for streams cannot be connected to somebody else afterwards.
TEST_F(ConfinementTest, PairsOfSocketsAreStreams) {
  const auto pair = [](int type) {
    int ends[2];
    return ErrnoOf(socketpair(AF_UNIX, type, 0, ends));
  };
  EXPECT_EQ(Meets([&] { return pair(SOCK_STREAM | SOCK_CLOEXEC); }), 0);
  EXPECT_EQ(Meets([&] { return pair(SOCK_STREAM); }, true), EPERM);
  for (const int type : {SOCK_DGRAM, SOCK_SEQPACKET}) {
    EXPECT_EQ(Meets([&] { return pair(type); }), EPERM) << type;
  }
}

TEST_F(ConfinementTest, TheProcessIsNotSetUpAnew) {
  EXPECT_EQ(Meets([] { return ErrnoOf(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }), EPERM);
}

#if defined(__x86_64__)
// Another ABI is no way around the list, and nothing is killed for it. 20 is getpid(2) of 32 bits,
// 39 that of x32.
TEST_F(ConfinementTest, OtherAbisDoNotExist) {
  const auto ask_as_32_bits = [] {
    long result = 20;
    asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result == -ENOSYS ? ENOSYS : 0;
  };
  // A kernel without 32 bits (CONFIG_IA32_EMULATION) raises SIGSEGV, confined or not.
  const fakes::Ended unconfined = fakes::RunForked(
      [&] {
        (void)signal(SIGSEGV, [](int) { _exit(kNoSuchAbi); });
        _exit(ask_as_32_bits());
      },
      kLateMax);
  for (const bool second_stage : {false, true}) {
    if (unconfined.status != kNoSuchAbi) {
      EXPECT_EQ(Meets(ask_as_32_bits, second_stage), ENOSYS);
    }
    EXPECT_EQ(Meets([] { return ErrnoOf(syscall(0x40000000 + 39)); }, second_stage), ENOSYS);
  }
}
#endif

// The kernel ignores the upper half of the number.
TEST_F(ConfinementTest, TheLogsSocketStaysWhereItIs) {
  const int socket_made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int log = fcntl(socket_made, F_DUPFD_CLOEXEC, kLogDescriptor);
  ASSERT_GE(log, kLogDescriptor);
  const sockaddr nowhere{AF_UNSPEC, {}};
  const auto meets = [&](long descriptor) {
    return Meets(
        [&] { return ErrnoOf(syscall(SYS_connect, descriptor, &nowhere, sizeof(nowhere))); });
  };
  EXPECT_EQ(meets(socket_made), 0);
  EXPECT_EQ(meets(log), EPERM);
  EXPECT_EQ(meets(log | (1L << 32)), EPERM);
  close(log);
  close(socket_made);
}

TEST_F(ConfinementTest, TcpIsLeftUntilTheLastAnswer) {
  EXPECT_EQ(Meets([] { return Connect(kPort); }), ECONNREFUSED);
  EXPECT_EQ(Meets([] { return Connect(kPort); }, true), EPERM);
}

TEST_F(ConfinementTest, TheStoreCanBeReadToTheEnd) {
  for (const bool second_stage : {false, true}) {
    EXPECT_EQ(Meets([this] { return ErrnoOf(open(readable_.c_str(), O_RDONLY)); }, second_stage),
              0);
  }
}

TEST_F(ConfinementTest, OtherFilesAreDenied) {
  const int expected = KernelLandlockAbi() >= 1 ? EACCES : 0;
  EXPECT_EQ(Meets([this] { return ErrnoOf(open(other_.c_str(), O_RDONLY)); }), expected);
  EXPECT_EQ(Meets([] { return ErrnoOf(open("/etc/passwd", O_RDONLY)); }), expected);
}

TEST_F(ConfinementTest, OtherPortsAreDenied) {
  const int expected = KernelLandlockAbi() >= 4 ? EACCES : ECONNREFUSED;
  EXPECT_EQ(Meets([] { return Connect(kPort + 1); }), expected);
}

// An update of the C library may use calls that are newer than the list: it is to fall back.
TEST_F(ConfinementTest, WhatIsNotListedDoesNotExist) {
  EXPECT_EQ(Meets([] { return ErrnoOf(syscall(SYS_getitimer, 0, nullptr)); }), ENOSYS);
}

}  // namespace
}  // namespace eic
