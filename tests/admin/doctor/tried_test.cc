// What doctor does for `--login`, part by part; tests/doctor/planted.sh has it as a whole.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "admin/doctor/tried/login_end.h"
#include "admin/doctor/tried/own_network.h"
#include "admin/doctor/tried/pam_account.h"
#include "admin/doctor/tried/real_login.h"
#include "admin/process/child.h"
#include "tests/fakes/needs.h"
#include "tests/fakes/temp_folder.h"

namespace eic::admin {
namespace {

using Stage = LoginEnd::Stage;

const std::string kGreeted = "Connection from 192.0.2.7 port 51000 on 192.0.2.2 port 22\r\n";
const std::string kAccepted =
    kGreeted + "Accepted publickey for alice from 192.0.2.7 port 51000 ssh2: ED25519 SHA256:x\r\n";

ChildResult Client(const std::string& output, int status = 255) {
  return {ChildResult::End::kExited, status, output, ""};
}

// The rest is held by tests/doctor/planted.sh, with real modules.
TEST(PamAccount, AHostWithoutLibpamIsNoAnswer) {
  EIC_NEEDS(geteuid() == 0, "root, who may make a network and a root folder");
  const fakes::TempFolder empty;
  const ChildResult child = RunChild(
      [&](int output, int /*errors*/) {
        if (chroot(empty.path().c_str()) != 0 || chdir("/") != 0) return;
        const PamAccount account = AskPam("sshd", "alice", "192.0.2.7", std::chrono::seconds(5));
        const std::string seen = account.why_not + (account.lets_in ? " in" : " out");
        if (write(output, seen.data(), seen.size()) > 0) _exit(0);
      },
      std::chrono::seconds(10), Excess::kIsDropped);
  EXPECT_THAT(child.output,
              testing::AllOf(testing::HasSubstr("libpam.so.0"), testing::EndsWith(" out")));
}

// The lines are those of OpenSSH 8.4 to 10.
TEST(LoginEnd, SshdsLinesSayWhereItEnded) {
  const struct {
    const char* what;
    std::string log;
    Stage stage;
    const char* seen;
  } kRows[] = {
      {"hosts.deny", "refused connect from 192.0.2.7 (192.0.2.7)\r\n", Stage::kConnection,
       "refused connect from 192.0.2.7 (192.0.2.7)"},
      {"no line at all", "", Stage::kConnection, "closed"},
      {"a key that is refused",
       kGreeted +
           "Error checking authentication key ED25519 SHA256:x in revoked keys file /x: "
           "No such file or directory\r\n"
           "Connection closed by authenticating user alice 192.0.2.7 port 51000 [preauth]\r\n",
       Stage::kKey,
       "Error checking authentication key ED25519 SHA256:x in revoked keys file /x: No such file "
       "or directory"},
      {"AllowUsers",
       kGreeted + "User alice from 192.0.2.7 not allowed because not listed in AllowUsers\r\n",
       Stage::kAccount, "User alice from 192.0.2.7 not allowed because not listed in AllowUsers"},
      {"PAM's account",
       kGreeted + "Failed publickey for alice from 192.0.2.7 port 51000 ssh2: ED25519 SHA256:x\r\n"
                  "fatal: Access denied for user alice by PAM account configuration [preauth]\r\n",
       Stage::kAccount,
       "fatal: Access denied for user alice by PAM account configuration [preauth]"},
      {"a second factor",
       kGreeted +
           "Partial publickey for alice from 192.0.2.7 port 51000 ssh2: ED25519 SHA256:x\r\n",
       Stage::kSecondFactor,
       "Partial publickey for alice from 192.0.2.7 port 51000 ssh2: ED25519 SHA256:x"},
      {"a session that is refused", kAccepted + "error: PAM: pam_open_session(): x\r\n",
       Stage::kSession, "error: PAM: pam_open_session(): x"},
      {"a shell that ends",
       kAccepted + "Starting session: shell on pts/0 for alice from 192.0.2.7 port 51000 id 0\r\n",
       Stage::kSession, "it ended with status 255, its last line: closed"},
      {"a command of sshd's",
       kAccepted + "Starting session: forced-command (config) '/bin/menu' on pts/0 for alice\r\n",
       Stage::kForcedCommand, "it ended with status 255, its last line: closed"},
  };
  for (const auto& row : kRows) {
    const LoginEnd end = ReadLoginEnd(row.log, Client("closed\r\n"), "eic-word");
    EXPECT_EQ(StageSlug(end.stage), StageSlug(row.stage)) << row.what;
    EXPECT_EQ(end.seen, row.seen) << row.what;
  }
}

TEST(LoginEnd, OnlyTheAnswerOfTheShellIsASuccess) {
  const std::string log = kAccepted + "Starting session: shell on pts/0 for alice\r\n";
  EXPECT_EQ(ReadLoginEnd(log, Client("$ echo eic-''word\r\neic-word\r\n", 0), "eic-word").stage,
            Stage::kShell);
  // A command that prints what is typed to it.
  EXPECT_EQ(ReadLoginEnd(log, Client("echo eic-''word\r\n", 0), "eic-word").stage, Stage::kSession);
}

TEST(RealLogin, NoCommandForKeysIsLeftInAnyBlock) {
  EXPECT_EQ(WithoutKeyCommand("UsePAM yes\n"
                              "authorizedkeyscommand=/x %u\n"
                              "Match User a\n"
                              "  AuthorizedKeysCommand /y\n"
                              "\tAuthorizedKeysCommandUser nobody\n"
                              "  \"LogLevel\" QUIET\n"
                              "  AuthorizedKeysFile /z\n",
                              {}),
            "UsePAM yes\n\nMatch User a\n\n\n\n  AuthorizedKeysFile /z\n");
}

// The address of the other end, as sshd would see it.
std::string PeerOf(const OwnNetwork& network, const std::string& from) {
  const ChildResult client = RunChild(
      [&](int, int) {
        if (setns(network.name_space.Get(), CLONE_NEWNET) != 0) _exit(1);
        sockaddr_storage to{};
        socklen_t length = sizeof to;
        getsockname(network.listener.Get(), reinterpret_cast<sockaddr*>(&to), &length);
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        const int socket_of = socket(to.ss_family, SOCK_STREAM, 0);
        const bool is_v6 = inet_pton(AF_INET6, from.c_str(), &v6.sin6_addr) == 1;
        if (!is_v6) inet_pton(AF_INET, from.c_str(), &v4.sin_addr);
        const int bound = is_v6 ? bind(socket_of, reinterpret_cast<sockaddr*>(&v6), sizeof v6)
                                : bind(socket_of, reinterpret_cast<sockaddr*>(&v4), sizeof v4);
        if (bound != 0) _exit(2);
        _exit(connect(socket_of, reinterpret_cast<sockaddr*>(&to), length) == 0 ? 0 : 3);
      },
      std::chrono::seconds(20), Excess::kIsDropped);
  if (client.status != 0) return "status " + std::to_string(client.status);
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  const Descriptor accepted(
      accept(network.listener.Get(), reinterpret_cast<sockaddr*>(&peer), &length));
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = peer.ss_family == AF_INET
                            ? static_cast<void*>(&reinterpret_cast<sockaddr_in*>(&peer)->sin_addr)
                            : &reinterpret_cast<sockaddr_in6*>(&peer)->sin6_addr;
  inet_ntop(peer.ss_family, address, text.data(), text.size());
  return text.data();
}

TEST(OwnNetwork, AClientHasTheAddressThatItIsToHave) {
  EIC_NEEDS(geteuid() == 0, "root, who may make a network and a root folder");
  for (const std::string from : {"192.0.2.1", "10.1.2.3", "127.0.0.7", "2001:db8::7"}) {
    const Outcome<OwnNetwork> network = MakeOwnNetwork(from, 22);
    ASSERT_TRUE(network) << network.error().text;
    EXPECT_EQ(PeerOf(*network, from), from);
  }
}

TEST(OwnNetwork, WhatIsNoAddressIsSaid) {
  const Outcome<OwnNetwork> network = MakeOwnNetwork("example.com", 22);
  ASSERT_FALSE(network);
  EXPECT_THAT(network.error().text, testing::HasSubstr("example.com is no address"));
}

}  // namespace
}  // namespace eic::admin
