// The smaller parts of the proxy: what ssh was told, relaying, asking for a code, telling.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <thread>

#include "aws/system/files.h"
#include "client/last_failure.h"
#include "client/proxy/asked_of_ssh.h"
#include "client/proxy/pass_socket.h"
#include "client/proxy/relay.h"
#include "client/proxy/terminal_prompter.h"
#include "client/proxy/user_agent.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

TEST(SshAnswers, AreReadFromItsOutput) {
  const SshAnswers told = ParseSshAnswers(
      "host i-1\nconnecttimeout 7\nforwardagent yes\ntcpkeepalive no\nforwardx11 no\n");
  EXPECT_EQ(told.connect_timeout, std::chrono::seconds(7));
  EXPECT_TRUE(told.forwards_agent);
  EXPECT_FALSE(told.keeps_alive);
  for (const char* none : {"connecttimeout none\nforwardagent no\n", "", "connecttimeout\n",
                           "connecttimeout 0\nforwardagent /run/agent\n", "connecttimeout -5\n",
                           "connecttimeout 99999999999999\nforwardagent $X\n"}) {
    const SshAnswers answers = ParseSshAnswers(none);
    EXPECT_FALSE(answers.connect_timeout) << none;
    EXPECT_FALSE(answers.forwards_agent) << none;
    EXPECT_TRUE(answers.keeps_alive) << none;
  }
}

TEST(SshAnswers, AreReadBackAsPrinted) {
  const char* outputs[] = {"connecttimeout 7\nforwardagent yes\ntcpkeepalive no\n", ""};
  const char* printed[] = {"connecttimeout=7,forwardagent=yes,tcpkeepalive=no",
                           "connecttimeout=none,forwardagent=no,tcpkeepalive=yes"};
  for (int i = 0; i < 2; ++i) {
    const SshAnswers answers = ParseSshAnswers(outputs[i]);
    EXPECT_EQ(PrintSshAnswers(answers), printed[i]);
    const SshAnswers back = ParsePrintedSshAnswers(printed[i]);
    EXPECT_EQ(back.connect_timeout, answers.connect_timeout);
    EXPECT_EQ(back.forwards_agent, answers.forwards_agent);
    EXPECT_EQ(back.keeps_alive, answers.keeps_alive);
  }
}

// This test program's parent is no ssh: what is known counts all the same, at once.
TEST(SshAnswers, AreNotAskedForWhereTheyAreKnown) {
  AskedOfSsh asked(getppid(), ParsePrintedSshAnswers("connecttimeout=7,forwardagent=yes"));
  EXPECT_TRUE(asked.IsAnswered());
  EXPECT_EQ(asked.Answers().connect_timeout, std::chrono::seconds(7));
  EXPECT_TRUE(asked.Answers().forwards_agent);
}

TEST(SshAnswers, AreAskedOfSshAlone) {
  const std::vector<std::string> words{"ssh", "-A", "i-1"};
  for (const char* ssh : {"/usr/bin/ssh", "ssh", "/opt/ssh-9.9", "/usr/bin/ssh (deleted)"}) {
    const auto question = QuestionTo(ssh, words);
    ASSERT_TRUE(question) << ssh;
    EXPECT_EQ(*question, (std::vector<std::string>{"ssh", "-G", "-A", "i-1"}));
  }
  for (const char* other : {"/bin/sh", "/usr/bin/ssh-agent", "/usr/sbin/sshd", "/usr/bin/ssh-",
                            "/usr/bin/sshpass", "", "/ssh/bash"}) {
    EXPECT_FALSE(QuestionTo(other, words)) << other;
  }
  EXPECT_FALSE(QuestionTo("/usr/bin/ssh", {}));
}

TEST(SshAnswers, AreThereAtOnceWhereTheParentIsNoSsh) {
  AskedOfSsh asked(getpid(), std::nullopt);
  EXPECT_TRUE(asked.IsAnswered());
  EXPECT_FALSE(asked.Answers().connect_timeout);
}

struct Pair {
  Pair() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    one = Descriptor(ends[0]);
    other = Descriptor(ends[1]);
  }
  Descriptor one;
  Descriptor other;
};

std::string ReadAll(int descriptor) {
  std::string all;
  char part[4096];
  for (ssize_t got = 0; (got = read(descriptor, part, sizeof(part))) > 0;) {
    all.append(part, static_cast<std::size_t>(got));
  }
  return all;
}

// More than every buffer on the way holds, in both directions at once.
TEST(Relay, CarriesBothWaysAndTheEnds) {
  Pair host;
  int in[2];
  int out[2];
  ASSERT_EQ(pipe2(in, O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(out, O_CLOEXEC), 0);
  Descriptor ssh_writes(in[1]);
  const Descriptor ssh_reads(out[0]);
  const Descriptor input(in[0]);
  Descriptor output(out[1]);
  const std::string sent(3000000, 's');
  const std::string answered(2000000, 'a');
  std::string at_host;
  std::thread writes([&] {
    EXPECT_EQ(write(ssh_writes.get(), sent.data(), sent.size()), static_cast<ssize_t>(sent.size()));
    ssh_writes.Close();
  });
  // The host hears of ssh's end, and goes on for a while.
  std::thread serves([&] {
    at_host = ReadAll(host.other.get());
    EXPECT_EQ(write(host.other.get(), answered.data(), answered.size()),
              static_cast<ssize_t>(answered.size()));
    host.other.Close();
  });
  std::string at_ssh;
  std::thread reads([&] { at_ssh = ReadAll(ssh_reads.get()); });
  RelayUntilDone(input.get(), output.get(), host.one.get());
  output.Close();
  for (std::thread* thread : {&writes, &serves, &reads}) thread->join();
  EXPECT_EQ(at_host, sent);
  EXPECT_EQ(at_ssh, answered);
}

TEST(PassSocket, KnowsWhatSshWaitsFor) {
  const Pair sockets;
  EXPECT_TRUE(TakesSockets(sockets.one.get()));
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  EXPECT_FALSE(TakesSockets(writer.get()));
  const auto passed = PassSocket(writer.get(), reader.get());
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, "PassFailed");
}

TEST(MfaCode, HasSixDigits) {
  for (const char* good : {"123456", " 123456\n", "000000\r\n"}) EXPECT_TRUE(IsMfaCode(good));
  for (const char* bad : {"", "12345", "1234567", "12345a", "123 456", "-12345"}) {
    EXPECT_FALSE(IsMfaCode(bad)) << bad;
  }
}

class PrompterTest : public testing::Test {
 protected:
  PrompterTest() {
    for (const char* name : {"SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY"}) {
      unsetenv(name);
    }
  }
  ~PrompterTest() override { unsetenv("SSH_ASKPASS"), unsetenv("SSH_ASKPASS_REQUIRE"); }

  std::string Program(const std::string& script) const {
    const std::string path = temp_.Write("askpass", "#!/bin/sh\n" + script);
    EXPECT_EQ(chmod(path.c_str(), 0755), 0);
    return path;
  }
  fakes::TempFolder temp_;
};

TEST_F(PrompterTest, FailsAtOnceWhereNobodyIsThere) {
  TerminalPrompter prompter(temp_.Of("no-terminal"));
  const auto code = prompter.AskMfaCode("arn:aws:iam::123456789012:mfa/alice");
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, "NoTerminal");
}

TEST_F(PrompterTest, AsksAtTheTerminalAgain) {
  const Descriptor person(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(person);
  ASSERT_EQ(grantpt(person.get()), 0);
  ASSERT_EQ(unlockpt(person.get()), 0);
  TerminalPrompter prompter(ptsname(person.get()));
  ASSERT_EQ(write(person.get(), "12345\n654321\n", 13), 13);
  const auto code = prompter.AskMfaCode("mfa\x1b]0;alice");
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, "654321");
  char shown[512] = {};
  ASSERT_GT(read(person.get(), shown, sizeof(shown) - 1), 0);
  // A serial that comes from a file does not write to the terminal as it likes.
  EXPECT_EQ(std::string(shown).find("\x1b"), std::string::npos) << shown;
}

TEST_F(PrompterTest, AsksByAProgram) {
  setenv("SSH_ASKPASS_REQUIRE", "force", 1);
  const struct {
    const char* script;
    const char* outcome;
  } kRows[] = {
      {"echo 123456", "123456"},
      {"echo 12345", "NoMfaCode"},
      {"echo 123456; exit 1", "NoMfaCode"},
      {"yes 123456", "NoMfaCode"},
      {"test \"$1\" = 'MFA code for mfa: ' && echo 222222", "222222"},
  };
  for (const auto& row : kRows) {
    setenv("SSH_ASKPASS", Program(row.script).c_str(), 1);
    const auto code = TerminalPrompter(temp_.Of("none")).AskMfaCode("mfa");
    EXPECT_EQ(code ? *code : code.error().code, row.outcome) << row.script;
  }
  setenv("SSH_ASKPASS", temp_.Of("missing").c_str(), 1);
  EXPECT_EQ(TerminalPrompter(temp_.Of("none")).AskMfaCode("mfa").error().code, "NoTerminal");
}

TEST(UserAgent, IsNeverTheKeeper) {
  const fakes::TempFolder temp;
  const Folder folder{temp.path().string()};
  setenv("SSH_AUTH_SOCK", "/run/own", 1);
  EXPECT_EQ(UserAgentSocket(folder, getpid()), "/run/own");
  setenv("SSH_AUTH_SOCK", folder.AgentSocket().c_str(), 1);
  EXPECT_NE(UserAgentSocket(folder, getpid()), folder.AgentSocket());
  // By another name, too.
  temp.Write("agent.sock", "");
  ASSERT_EQ(symlink("agent.sock", temp.Of("link").c_str()), 0);
  setenv("SSH_AUTH_SOCK", temp.Of("link").c_str(), 1);
  EXPECT_NE(UserAgentSocket(folder, getpid()), temp.Of("link"));
  unsetenv("SSH_AUTH_SOCK");
  EXPECT_EQ(UserAgentSocket(folder, getpid()), "");
}

TEST(LastFailure, IsSafeForATerminal) {
  const std::string text = FailureText({"Code\x1b", "first\nsecond\x07\x9b\tend\n\n", "ad\rvice"});
  EXPECT_EQ(text, "eic: Code?: first\nsecond?? end\neic: ad?vice\n");
  EXPECT_LT(FailureText({"C", std::string(100000, 'x'), ""}).size(), 5000U);
}

TEST(LastFailure, IsReplaced) {
  const fakes::TempFolder temp;
  const Folder folder{temp.path().string()};
  RecordLastFailure(folder, "i-1", {"First", "one", ""});
  RecordLastFailure(folder, "i-2\x1b", {"Second", "two", "do this"});
  const auto record = LoadFile(folder.LastFailure(), 1000);
  ASSERT_TRUE(record);
  EXPECT_NE(record->find(", i-2?\neic: Second: two\neic: do this\n"), std::string::npos) << *record;
  EXPECT_EQ(record->find("First"), std::string::npos);
  RecordLastFailure(Folder{temp.Of("missing")}, "i-1", {"Lost", "", ""});
}

}  // namespace
}  // namespace eic::client
