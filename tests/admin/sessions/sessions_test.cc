// sessions: what of the journal is believed, how it is joined, and what is said of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "admin/sessions/ask_host.h"
#include "admin/sessions/join.h"
#include "admin/sessions/render.h"
#include "host/log_lines.h"

namespace eic::admin {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const AgentIdentity kAgent = {"997", {"/usr/libexec/ec2-instance-connect/eic-authorized-keys"}, ""};
const std::string kAlice = "arn:aws:iam::1:user/alice";
const std::string kMallory = "arn:aws:iam::1:user/mallory";
constexpr std::int64_t kSecond = 1'000'000;

// Entries of the journal, as journalctl writes them.
class Log {
 public:
  // Our agent's entry in the native form, which a change of fields may spoil.
  Json Native(pid_t sshd, const std::string& principal, const Json& changes = {}) {
    return Entry({{"_UID", "997"},
                  {"SYSLOG_IDENTIFIER", "ec2-instance-connect"},
                  {"MESSAGE", "Providing ..."},
                  {"EIC_EVENT", "accepted"},
                  {"EIC_FINGERPRINT", "SHA256:key"},
                  {"EIC_PRINCIPAL", principal},
                  {"EIC_REQUEST_ID", "r-" + principal},
                  {"EIC_SSHD_PID", std::to_string(sshd)}},
                 changes);
  }
  // The plain line; 0: without the process.
  Json Plain(pid_t sshd, const std::string& principal, const Json& changes = {}) {
    return Entry({{"_UID", "997"},
                  {"SYSLOG_IDENTIFIER", "ec2-instance-connect"},
                  {"MESSAGE", AcceptedLine({{"SHA256:key", "r-" + principal, principal}, sshd})}},
                 changes);
  }
  // A plain line that our agent does not write.
  Json Raw(const std::string& parts) {
    return Plain(12, kAlice,
                 {{"MESSAGE",
                   "Providing ssh key from EC2 Instance Connect with fingerprint: "
                   "SHA256:key, " +
                       parts}});
  }
  Json Login(pid_t sshd, const Json& changes = {}) {
    return Entry({{"_UID", "0"},
                  {"_EXE", "/usr/sbin/sshd"},
                  {"SYSLOG_IDENTIFIER", "sshd"},
                  {"_PID", std::to_string(sshd)},
                  {"MESSAGE",
                   "Accepted publickey for ec2-user from 192.0.2.7 port 4242 ssh2: "
                   "ED25519 SHA256:key"}},
                 changes);
  }
  Json PamEnd(pid_t sshd, const Json& changes = {}) {
    return Entry({{"_UID", "0"},
                  {"_EXE", "/usr/sbin/sshd"},
                  {"SYSLOG_IDENTIFIER", "sshd"},
                  {"_PID", std::to_string(sshd)},
                  {"MESSAGE", "pam_unix(sshd:session): session closed for user ec2-user"}},
                 changes);
  }
  Json LogindStart(pid_t leader, const std::string& id, const Json& changes = {}) {
    return Logind("8d45620c1a4348dbb17410da57c60c66", leader, id, changes);
  }
  Json LogindEnd(pid_t leader, const Json& changes = {}, const std::string& id = "3") {
    return Logind("3354939424b4456d9802ca8333ed424a", leader, id, changes);
  }

  // From now on, entries are of another boot, or later.
  std::string boot_id = "b1";
  std::int64_t now_us = 1000 * kSecond;

 private:
  Json Logind(const char* message_id, pid_t leader, const std::string& id, const Json& changes) {
    return Entry({{"_UID", "0"},
                  {"_EXE", "/usr/lib/systemd/systemd-logind"},
                  {"SYSLOG_IDENTIFIER", "systemd-logind"},
                  {"MESSAGE_ID", message_id},
                  {"SESSION_ID", id},
                  {"LEADER", std::to_string(leader)}},
                 changes);
  }
  Json Entry(Json entry, const Json& changes) {
    now_us += kSecond;
    entry["_BOOT_ID"] = boot_id;
    entry["__MONOTONIC_TIMESTAMP"] = std::to_string(now_us);
    entry["__REALTIME_TIMESTAMP"] = std::to_string(2000000000 * kSecond + now_us);
    if (!entry.contains("_PID")) entry["_PID"] = "77";
    if (changes.is_object()) entry.merge_patch(changes);
    return entry;
  }
};

std::vector<Session> JoinedWith(const std::optional<std::vector<LiveSession>>& live,
                                const std::vector<Json>& entries) {
  Records records{{}, live, "b1", 0, {}};
  for (const Json& entry : entries) {
    const std::optional<LogEntry> parsed = ParseLogEntry(entry.dump());
    const std::optional<Evidence> evidence =
        parsed ? Believe(*parsed, kAgent) : std::optional<Evidence>();
    if (evidence) records.evidence.push_back(*evidence);
  }
  return Join(records);
}

std::vector<Session> Joined(const std::vector<Json>& entries) {
  return JoinedWith(std::nullopt, entries);
}

std::vector<std::string> Principals(const Session& session) {
  std::vector<std::string> principals;
  for (const Caller& caller : session.callers) principals.push_back(caller.principal);
  return principals;
}

TEST(SessionsJoinTest, TheProcessOfSshdJoinsNotTheKey) {
  Log log;
  // Both push the same key at the same time; only the second comes in, and the first did not.
  for (const bool is_native : {true, false}) {
    const auto line = [&](pid_t sshd, const std::string& principal) {
      return is_native ? log.Native(sshd, principal) : log.Plain(sshd, principal);
    };
    const auto sessions = Joined({line(11, kMallory), line(12, kAlice), line(12, kAlice),
                                  line(11, kMallory), log.Login(12)});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
    EXPECT_THAT(Principals(sessions[0]), ElementsAre(kAlice));
    EXPECT_EQ(sessions[0].callers[0].request_id, "r-" + kAlice);
    EXPECT_EQ(sessions[0].login.user, "ec2-user");
    EXPECT_EQ(sessions[0].login.address, "192.0.2.7");
  }
}

TEST(SessionsJoinTest, OneKeyOfTwoCallersInOneProcessIsSaidToBeSo) {
  Log log;
  const auto sessions = Joined({log.Native(12, kAlice), log.Native(12, kMallory), log.Login(12)});
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kSeveral);
  EXPECT_THAT(Principals(sessions[0]), ElementsAre(kAlice, kMallory));
}

TEST(SessionsJoinTest, WhatIsNoProofOfTheCallerIsNone) {
  const struct {
    const char* name;
    std::function<Json(Log& log)> line;
  } kRows[] = {
      {"another boot",
       [](Log& log) {
         return log.Native(12, kAlice, {{"_BOOT_ID", "b0"}});
       }},
      {"another key",
       [](Log& log) {
         return log.Native(12, kAlice, {{"EIC_FINGERPRINT", "SHA256:other"}});
       }},
      {"too long ago",
       [](Log& log) {
         const Json line = log.Native(12, kAlice);
         log.now_us += kLoginUsMax;
         return line;
       }},
      {"a refusal",
       [](Log& log) {
         return log.Native(12, kAlice, {{"EIC_EVENT", "refused"}});
       }},
      {"written by another user",
       [](Log& log) {
         return log.Native(12, kAlice, {{"_UID", "1000"}});
       }},
      {"the plain line, written by another user",
       [](Log& log) {
         return log.Plain(12, kAlice, {{"_UID", "1000"}});
       }},
      {"written by root",
       [](Log& log) {
         return log.Native(12, kAlice, {{"_UID", "0"}});
       }},
      {"written by another program of the command's user",
       [](Log& log) {
         return log.Native(12, kAlice, {{"_EXE", "/usr/bin/logger"}});
       }},
      {"a program beside ours",
       [](Log& log) {
         return log.Native(12, kAlice, {{"_EXE", "/tmp/eic-authorized-keys"}});
       }},
      {"two identifiers",
       [](Log& log) {
         return log.Native(12, kAlice,
                           {{"SYSLOG_IDENTIFIER",
                             Json::array({"ec2-instance-connect", "ec2-instance-connect"})}});
       }},
      {"a field as bytes",
       [](Log& log) {
         return log.Native(12, kAlice, {{"EIC_FINGERPRINT", Json::array({83})}});
       }},
      {"a process that is no number",
       [](Log& log) { return log.Raw("request-id: r, for IAM principal: c sshd=12x"); }},
      {"a principal with a blank",
       [](Log& log) { return log.Raw("request-id: r, for IAM principal: c x sshd=12"); }},
      {"more before the line",
       [](Log& log) {
         Json line = log.Plain(12, kAlice);
         line["MESSAGE"] = "x " + line["MESSAGE"].get<std::string>();
         return line;
       }},
      {"more behind the line",
       [](Log& log) {
         Json line = log.Plain(12, kAlice);
         line["MESSAGE"] = line["MESSAGE"].get<std::string>() + " x";
         return line;
       }},
      {"more behind a line that names no process",
       [](Log& log) {
         Json line = log.Plain(0, kAlice);
         line["MESSAGE"] = line["MESSAGE"].get<std::string>() + " x";
         return line;
       }},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    Log log;
    const Json line = row.line(log);
    const auto sessions = Joined({line, log.Login(12)});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].identity, Identity::kOtherKey);
    EXPECT_THAT(sessions[0].callers, IsEmpty());
  }
}

TEST(SessionsJoinTest, AMissingProgramOfTheAgentIsNoDisproofNorIsOneThatWasReplaced) {
  const std::string program = *kAgent.programs.begin();
  for (const Json& exe : {Json(nullptr), Json(program), Json(program + " (deleted)")}) {
    for (const char* sshd :
         {"/usr/sbin/sshd", "/usr/sbin/sshd (deleted)", "/usr/lib/openssh/sshd-session",
          "/usr/libexec/openssh/sshd-session", "/usr/lib64/ssh/sshd-session"}) {
      Log log;
      const auto sessions =
          Joined({log.Native(12, kAlice, {{"_EXE", exe}}), log.Login(12, {{"_EXE", sshd}})});
      ASSERT_THAT(sessions, SizeIs(1)) << sshd;
      EXPECT_EQ(sessions[0].identity, Identity::kPushedKey) << exe;
    }
  }
}

// sudo writes what its caller likes, to the caller's socket, and may be gone before journald asks.
TEST(SessionsJoinTest, ALoginIsUncertainWhereJournaldDoesNotKnowWhoWroteOfIt) {
  Log log;
  const Json no_program{{"_EXE", nullptr}};
  auto sessions = Joined({log.Native(12, kAlice), log.Login(12, no_program)});
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kUncertain);
  EXPECT_THAT(Principals(sessions[0]), ElementsAre(kAlice));
  for (const char* line : {"Accepted publickey for bob from 6.6.6.6 port 1 ssh2: RSA SHA256:other",
                           "Accepted password for bob from 6.6.6.6 port 1 ssh2"}) {
    sessions = Joined({log.Login(12, {{"_EXE", nullptr}, {"MESSAGE", line}})});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].identity, Identity::kUncertain) << line;
    EXPECT_THAT(sessions[0].callers, IsEmpty());
    EXPECT_THAT(RenderSessions(sessions, Records{}), HasSubstr("uncertain: no proof that sshd"));
  }
  // Of an end the number is sshd's own; logind outlives what it says.
  const Json login = log.Login(12);
  const Json start = log.LogindStart(12, "3");
  EXPECT_EQ(Joined({login, log.PamEnd(12, no_program)})[0].state, State::kEnded);
  EXPECT_EQ(Joined({login, start, log.LogindEnd(12, no_program)})[0].state, State::kUnknown);
}

TEST(SessionsJoinTest, AWrongProgramOfRootsIsADisproof) {
  // What root's daemons relay, programs of root's that write under any name, and a user's own by
  // the names of sshd and logind, which journald takes for the setuid program that followed them.
  for (const char* exe :
       {"/usr/bin/dockerd", "/usr/sbin/rsyslogd", "/usr/bin/logger", "/usr/bin/systemd-cat",
        "/usr/libexec/ec2-instance-connect/x", "/usr/sbin/sshd/x", "/usr/sbin/mysshd", "/tmp/sshd",
        "/tmp/sshd-session", "/tmp/usr/lib/openssh/sshd-session", "/usr/lib/my-sshd-session",
        "/tmp/systemd-logind", "/tmp/usr/lib/systemd/systemd-logind",
        "/usr/lib/systemd/systemd-logind/x"}) {
    Log log;
    EXPECT_THAT(Joined({log.Login(12, {{"_EXE", exe}})}), IsEmpty()) << exe;
    const Json login = log.Login(12);
    const Json start = log.LogindStart(12, "3");
    for (const Json& end : {log.PamEnd(12, {{"_EXE", exe}}), log.LogindEnd(12, {{"_EXE", exe}})}) {
      EXPECT_EQ(Joined({login, start, end})[0].state, State::kUnknown) << exe;
    }
  }
  for (const char* exe : {"/usr/lib/systemd/systemd-logind", "/lib/systemd/systemd-logind",
                          "/usr/lib/systemd/systemd-logind (deleted)"}) {
    Log log;
    const Json login = log.Login(12);
    const Json start = log.LogindStart(12, "3");
    EXPECT_EQ(Joined({login, start, log.LogindEnd(12, {{"_EXE", exe}})})[0].state, State::kEnded);
  }
}

TEST(SessionsJoinTest, TheTimesOfSendingOrderTheLinesAndNotThoseOfArrival) {
  Log log;
  const auto late = [](Json entry, std::int64_t us) {
    entry["_SOURCE_REALTIME_TIMESTAMP"] = entry["__REALTIME_TIMESTAMP"];
    for (const char* field : {"__REALTIME_TIMESTAMP", "__MONOTONIC_TIMESTAMP"}) {
      entry[field] = std::to_string(std::stoll(entry[field].get<std::string>()) + us);
    }
    return entry;
  };
  // Somebody floods the journal's socket: our line arrives after the end of the session.
  const Json ours = late(log.Native(12, kAlice), 60 * kSecond);
  const auto sessions = Joined({log.Login(12), log.PamEnd(12), ours});
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
  EXPECT_THAT(Principals(sessions[0]), ElementsAre(kAlice));
}

TEST(SessionsJoinTest, OnlyTheLastRunOfTheAgentLetsIn) {
  Log log;
  const Json first{{"_PID", "101"}};
  const Json second{{"_PID", "102"}};
  // Alice's push had expired by the time of the signed attempt, and Mallory's was live.
  auto sessions =
      Joined({log.Native(12, kAlice, first), log.Native(12, kMallory, second), log.Login(12)});
  EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
  EXPECT_THAT(Principals(sessions[0]), ElementsAre(kMallory));
  // An offer that came to nothing, under a number that another login gets soon after.
  const std::string overdue = "Timeout before authentication for ";
  const struct {
    Json end;
    Identity identity;
  } kRows[] = {
      {log.Login(12, {{"MESSAGE",
                       "Connection closed by authenticating user ec2-user 192.0.2.9 port 1 "
                       "[preauth]"}}),
       Identity::kOtherKey},
      {log.Login(12, {{"MESSAGE", "fatal: " + overdue + "192.0.2.9 port 1"}}), Identity::kOtherKey},
      // From 9.8 on, by the listener.
      {log.Login(1, {{"MESSAGE", overdue + "connection from 192.0.2.9 to 192.0.2.1, pid = 12"}}),
       Identity::kOtherKey},
      {log.Login(1, {{"MESSAGE", overdue + "connection from 192.0.2.9 to 192.0.2.1, pid = 13"}}),
       Identity::kPushedKey},
      {log.Login(1, {{"MESSAGE", overdue + "connection from 192.0.2.9 to 192.0.2.1, pid = 12"},
                     {"_EXE", nullptr}}),
       Identity::kPushedKey},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.end.dump());
    Log again;  // the key and the login, before and after
    const Json key = again.Native(12, kMallory, first);
    again.now_us = log.now_us;
    sessions = Joined({key, row.end, again.Login(12)});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].identity, row.identity);
  }
}

TEST(SessionsJoinTest, TheKeyOfAnotherUserIsNone) {
  Log log;
  EXPECT_EQ(Joined({log.Native(12, kAlice, {{"EIC_USER", "root"}}), log.Login(12)})[0].identity,
            Identity::kOtherKey);
  EXPECT_EQ(Joined({log.Native(0, kAlice, {{"EIC_USER", "root"}}), log.Login(12)})[0].identity,
            Identity::kOtherKey);
  EXPECT_EQ(Joined({log.Native(12, kAlice, {{"EIC_USER", "ec2-user"}}), log.Login(12)})[0].identity,
            Identity::kPushedKey);
}

TEST(SessionsJoinTest, ALineOfAScriptInBetweenIsUncertain) {
  Log log;
  // 99 is the script that sshd ran, and logs nothing; 98 is sshd's process of another connection.
  auto sessions = Joined({log.Native(99, kAlice), log.Login(12)});
  EXPECT_EQ(sessions[0].identity, Identity::kUncertain);
  EXPECT_THAT(Principals(sessions[0]), ElementsAre(kAlice));
  sessions = Joined({log.Native(98, kAlice),
                     log.Login(98, {{"MESSAGE", "Connection closed by 192.0.2.9 port 1"}}),
                     log.Login(12)});
  EXPECT_EQ(sessions[0].identity, Identity::kOtherKey);
  // Nor does it become sshd's by a process of sshd that had its number an hour ago.
  const Json old = log.Login(99);
  log.now_us += 3600 * kSecond;
  sessions = Joined({old, log.Native(99, kAlice), log.Login(12)});
  ASSERT_THAT(sessions, SizeIs(2));
  EXPECT_EQ(sessions[1].identity, Identity::kUncertain);
}

TEST(SessionsJoinTest, AKeyAndASecondFactor) {
  Log log;
  const Json password{{"MESSAGE", "Accepted password for ec2-user from 192.0.2.7 port 4242 ssh2"}};
  const auto partial = [&log](const std::string& key) {
    return log.Login(12, {{"MESSAGE",
                           "Partial publickey for ec2-user from 192.0.2.7 port 4242 "
                           "ssh2: ED25519 " +
                               key}});
  };
  const Json ours = log.Native(12, kAlice);
  EXPECT_EQ(Joined({ours, partial("SHA256:key"), log.Login(12, password)})[0].identity,
            Identity::kPushedKey);
  EXPECT_EQ(Joined({ours, partial("SHA256:other"), log.Login(12, password)})[0].identity,
            Identity::kOtherWay);
  // An offer alone is no signature.
  EXPECT_EQ(Joined({ours, log.Login(12, password)})[0].identity, Identity::kUncertain);
  EXPECT_EQ(Joined({log.Login(12, password)})[0].identity, Identity::kOtherWay);
}

TEST(SessionsJoinTest, NamesThatLookLikeTheRestOfTheLine) {
  const std::string kRest = " from 192.0.2.7 port 4242 ssh2: ED25519 SHA256:key";
  const struct {
    std::string line;
    std::string user;
    std::string address;
  } kRows[] = {
      {"Accepted publickey for a from b" + kRest, "a from b", "192.0.2.7"},
      {"Accepted publickey for root from 6.6.6.6 port 1 ssh2: RSA SHA256:forged" + kRest,
       "root from 6.6.6.6 port 1 ssh2: RSA SHA256:forged", "192.0.2.7"},
      // Two readings: nothing is guessed.
      {"Accepted publickey for root from 6.6.6.6 port 1 ssh2: RSA-CERT SHA256:forged" + kRest, "",
       ""},
  };
  for (const auto& row : kRows) {
    const std::optional<LoginAccepted> login = ParseLoginLine(row.line);
    ASSERT_TRUE(login) << row.line;
    EXPECT_EQ(login->user, row.user);
    EXPECT_EQ(login->address, row.address);
    EXPECT_NE(login->fingerprint, "SHA256:forged");
  }
  for (const std::string& line :
       {"Accepted publickey for a" + kRest + " [preauth]", "Accepted publickey for" + kRest,
        std::string("Accepted publickey for a from b port x ssh2: RSA SHA256:k"),
        std::string("Accepted publickey for a from b port 1 ssh2")}) {
    EXPECT_FALSE(ParseLoginLine(line)) << line;
  }
}

TEST(SessionsJoinTest, LinesWithoutAProcessAreJoinedByTheKeyAndUncertain) {
  Log log;
  const Json line = log.Plain(0, kAlice);
  const auto sessions = Joined({line, log.Login(12), log.Login(13)});
  ASSERT_THAT(sessions, SizeIs(2));
  for (const Session& session : sessions) {
    EXPECT_EQ(session.identity, Identity::kUncertain);
    EXPECT_THAT(Principals(session), ElementsAre(kAlice));
  }
  log.now_us += kLoginUsMax;
  EXPECT_EQ(Joined({line, log.Login(12)})[0].identity, Identity::kOtherKey);
  // Nor by a key that was accepted later.
  Log other;
  const Json login = other.Login(12);
  other.now_us += 10 * kSecond;
  EXPECT_EQ(Joined({other.Plain(0, kAlice), login})[0].identity, Identity::kOtherKey);
  // A certain one is not made uncertain by others.
  Log mixed;
  const auto certain =
      Joined({mixed.Plain(0, kMallory), mixed.Native(12, kAlice), mixed.Login(12)});
  EXPECT_EQ(certain[0].identity, Identity::kPushedKey);
  EXPECT_THAT(Principals(certain[0]), ElementsAre(kAlice));
}

TEST(SessionsJoinTest, ANumberThatIsUsedAgainIsAnotherProcess) {
  Log log;
  const auto sessions = Joined({log.Native(12, kAlice), log.Login(12), log.PamEnd(12),
                                log.Login(12), log.Native(12, kMallory), log.Login(12)});
  ASSERT_THAT(sessions, SizeIs(3));
  EXPECT_EQ(sessions[0].state, State::kEnded);
  EXPECT_EQ(sessions[1].identity, Identity::kOtherKey);
  EXPECT_EQ(sessions[1].state, State::kUnknown);
  EXPECT_THAT(Principals(sessions[2]), ElementsAre(kMallory));
}

TEST(SessionsJoinTest, OnlyRootTellsOfLogins) {
  const struct {
    const char* name;
    Json changes;
  } kRows[] = {
      {"another user", {{"_UID", "1000"}}},
      {"the command's user", {{"_UID", "997"}}},
      {"no user", {{"_UID", nullptr}}},
      {"another program's name", {{"SYSLOG_IDENTIFIER", "mysshd"}}},
      {"no process", {{"_PID", nullptr}}},
      {"a failure", {{"MESSAGE", "Failed publickey for ec2-user from 192.0.2.7 port 4 ssh2"}}},
      {"a name that looks like a login",
       {{"MESSAGE", "Invalid user Accepted publickey for root from 192.0.2.7 port 4 ssh2"}}},
  };
  for (const auto& row : kRows) {
    Log log;
    EXPECT_THAT(Joined({log.Login(12, row.changes)}), IsEmpty()) << row.name;
  }
  Log log;
  EXPECT_THAT(Joined({log.Login(12, {{"SYSLOG_IDENTIFIER", "sshd-session"}})}), SizeIs(1));
}

TEST(SessionsJoinTest, OtherWaysInAreShownAsSuch) {
  Log log;
  const auto sessions =
      Joined({log.Native(11, kAlice),
              log.Login(12, {{"MESSAGE", "Accepted password for bob from ::1 port 5 ssh2"}}),
              log.Login(13, {{"MESSAGE",
                              "Accepted publickey for bob from ::1 port 5 ssh2: ED25519-CERT "
                              "SHA256:cert ID from 9.9.9.9 port 1 ssh2: X SHA256:key (serial 0)"
                              " CA ED25519 SHA256:ca"}})});
  ASSERT_THAT(sessions, SizeIs(2));
  EXPECT_EQ(sessions[0].identity, Identity::kOtherWay);
  EXPECT_EQ(sessions[0].login.method, "password");
  EXPECT_EQ(sessions[1].identity, Identity::kOtherKey);
  EXPECT_EQ(sessions[1].login.address, "::1");
  EXPECT_EQ(sessions[1].login.fingerprint, "SHA256:cert");
  // As sshd 7.4 has it.
  const auto old_certificate = ParseLoginLine(
      "Accepted publickey for bob from ::1 port 5 ssh2: RSA-CERT ID bob (serial 0) CA RSA "
      "SHA256:ca");
  ASSERT_TRUE(old_certificate);
  EXPECT_EQ(old_certificate->user, "bob");
  EXPECT_EQ(old_certificate->fingerprint, "");
}

// As journalctl writes what is no text.
Json Bytes(std::string_view text) {
  Json bytes = Json::array();
  for (const char byte : text) bytes.push_back(static_cast<unsigned char>(byte));
  return bytes;
}

TEST(SessionsJoinTest, TheEndIsToldByRootOrItIsUnknown) {
  Log log;
  const Json login = log.Login(12);
  const Json start = log.LogindStart(12, "3");
  const struct {
    const char* name;
    Json entry;
    State state;
  } kRows[] = {
      {"PAM", log.PamEnd(12), State::kEnded},
      {"PAM, with a name of bytes",
       log.PamEnd(12, {{"MESSAGE", Bytes("pam_x(sshd:session): session closed for user u\x1b")}}),
       State::kEnded},
      {"a message of several values",
       log.PamEnd(12,
                  {{"MESSAGE", Json::array({"pam_x(sshd:session): session closed for user u"})}}),
       State::kUnknown},
      {"logind", log.LogindEnd(12), State::kEnded},
      {"sshd, of a session of root's",
       log.PamEnd(12, {{"MESSAGE", "Disconnected from user root 192.0.2.7 port 4242"}}),
       State::kEnded},
      {"the user's own part of sshd",
       log.PamEnd(12, {{"_UID", "1000"},
                       {"MESSAGE", "Disconnected from user ec2-user 192.0.2.7 port 4242"}}),
       State::kUnknown},
      {"logind, of another session", log.LogindEnd(12, {}, "4"), State::kUnknown},
      {"another user, as logind", log.LogindEnd(12, {{"_UID", "1000"}}), State::kUnknown},
      {"another process", log.PamEnd(13), State::kUnknown},
      {"another boot", log.LogindEnd(12, {{"_BOOT_ID", "b0"}}), State::kUnknown},
      {"another service of PAM",
       log.PamEnd(12, {{"MESSAGE", "pam_unix(sudo:session): session closed for user root"}}),
       State::kUnknown},
  };
  for (const auto& row : kRows) {
    const auto sessions = Joined({login, start, row.entry});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].state, row.state) << row.name;
    EXPECT_EQ(sessions[0].until_us.has_value(), row.state == State::kEnded) << row.name;
  }
  Log older;
  older.boot_id = "b0";
  const auto sessions = Joined({older.Login(12)});
  EXPECT_EQ(sessions[0].state, State::kEnded) << "with its boot";
  EXPECT_FALSE(sessions[0].until_us);
}

TEST(SessionsJoinTest, WhatAUserLeftRunningEndsNoOtherSessionWhenItEnds) {
  // logind keeps the first session, which had the number 12, for as long as its user likes.
  Log log;
  const Json old_login = log.Login(12);
  const Json old_start = log.LogindStart(12, "1");
  const Json old_end = log.PamEnd(12);
  log.now_us += 3600 * kSecond;
  const Json key = log.Native(12, kAlice);
  const Json late_in_login = log.LogindEnd(12, {}, "1");
  const Json login = log.Login(12);
  const Json start = log.LogindStart(12, "2");
  const Json late = log.LogindEnd(12, {}, "1");
  const Json end = log.LogindEnd(12, {}, "2");

  auto sessions = Joined({old_login, old_start, old_end, key, login, start, late});
  ASSERT_THAT(sessions, SizeIs(2));
  EXPECT_EQ(sessions[1].state, State::kUnknown) << "another one's end";
  sessions = Joined({old_login, old_start, old_end, key, login, start, late, end});
  EXPECT_EQ(sessions[1].state, State::kEnded);
  EXPECT_GT(sessions[1].until_us, sessions[1].login.at.realtime_us + 2 * kSecond);
  // Nor does it part a key from its login.
  sessions = Joined({old_login, old_start, old_end, key, late_in_login, login, start});
  EXPECT_EQ(sessions[1].identity, Identity::kPushedKey);
  // Up to systemd 25x the new login has no session of logind's while the old one has its number.
  sessions = Joined({old_login, old_start, old_end, key, login, late});
  EXPECT_EQ(sessions[0].state, State::kEnded);
  EXPECT_EQ(sessions[1].state, State::kUnknown);
  // A start counts where root's logind tells of it, and an end without one says of whom.
  sessions = Joined({login, log.LogindStart(12, "2", {{"_UID", "1000"}}), end});
  EXPECT_EQ(sessions[0].state, State::kUnknown);
}

TEST(SessionsJoinTest, TheLinesOfEachReleaseOfSshd) {
  const struct {
    const char* release;
    Json changes;
  } kRows[] = {
      {"8.4", {{"SYSLOG_IDENTIFIER", "sshd"}, {"_EXE", "/usr/sbin/sshd"}}},
      {"9.8",
       {{"SYSLOG_IDENTIFIER", "sshd-session"}, {"_EXE", "/usr/libexec/openssh/sshd-session"}}},
      {"10.0", {{"SYSLOG_IDENTIFIER", "sshd-session"}, {"_EXE", "/usr/lib/openssh/sshd-session"}}},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.release);
    Log log;
    const auto sessions =
        Joined({log.Native(12, kAlice), log.Login(12, row.changes), log.PamEnd(12, row.changes)});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
    EXPECT_EQ(sessions[0].state, State::kEnded);
  }
}

TEST(SessionsJoinTest, LogindSaysWhatIsOpen) {
  Log log;
  const Json login = log.Login(12);
  const std::int64_t then = log.now_us;
  const auto live_at = [](const char* id, pid_t leader, const char* user, std::int64_t us) {
    return LiveSession{id, leader, user, "192.0.2.7", us, 2000000000 * kSecond + us};
  };
  const LiveSession ours = live_at("3", 12, "ec2-user", then + kSecond);
  const LiveSession older = live_at("4", 14, "bob", then - 500 * kSecond);
  // By a process that had the number before.
  const LiveSession other_login = live_at("3", 12, "ec2-user", then - 600 * kSecond);

  auto sessions = JoinedWith({{ours, older}}, {login});
  ASSERT_THAT(sessions, SizeIs(2)) << "the older first";
  EXPECT_EQ(sessions[0].identity, Identity::kNotLogged);
  EXPECT_EQ(sessions[0].login.user, "bob");
  EXPECT_EQ(sessions[1].state, State::kOpen);
  EXPECT_EQ(sessions[1].logind_id, "3");

  sessions = JoinedWith({{other_login}}, {login});
  ASSERT_THAT(sessions, SizeIs(2));
  EXPECT_EQ(sessions[0].identity, Identity::kNotLogged);
  EXPECT_EQ(sessions[1].state, State::kUnknown);
  EXPECT_EQ(JoinedWith(std::vector<LiveSession>(), {login})[0].state, State::kUnknown);
  // Who left something running has left all the same.
  sessions = JoinedWith({{ours}}, {login, log.PamEnd(12)});
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].state, State::kEnded);
}

TEST(LogEntryTest, WhatIsNoEntryOfAJournalIsNone) {
  for (const char* line : {"", "{", "[]", "null", "{}", "\xff", "-- No entries --",
                           R"({"_UID":"0","_BOOT_ID":"b","__REALTIME_TIMESTAMP":"-1"})"}) {
    EXPECT_FALSE(ParseLogEntry(line)) << line;
  }
}

Records AnsweringLogind() {
  Records records;
  records.live.emplace();
  return records;
}

TEST(SessionsRenderTest, NamesOfOthersAreHarmlessOnATerminal) {
  Session session;
  session.login.user = "a\x1b[2J b";
  session.login.address = "h\nUSER";
  session.login.at.realtime_us = 2000000000 * kSecond;
  session.identity = Identity::kPushedKey;
  session.callers = {{"arn\x9b\r\xff", "r\t"}};
  const std::string text = RenderSessions({session}, AnsweringLogind());
  EXPECT_EQ(text,
            "USER        ADDRESS  SINCE                 UNTIL    WHO\n"
            "a\\x1b[2J_b  h_USER   2033-05-18T03:33:20Z  unknown  arn\\x9b_\\xff "
            "(request r)\n");
  const std::string json = RenderSessionsJson({session}, AnsweringLogind());
  for (const char byte : json) EXPECT_TRUE(byte == '\n' || (byte >= ' ' && byte <= '~'));
  EXPECT_EQ(Json::parse(json)["sessions"][0]["user"], session.login.user);
}

TEST(SessionsRenderTest, JsonNamesAPrincipalOnlyWhereItIsCertain) {
  for (const Identity identity : {Identity::kPushedKey, Identity::kSeveral, Identity::kUncertain}) {
    Session session;
    session.identity = identity;
    session.callers = {{kAlice, "r"}};
    const Json json = Json::parse(RenderSessionsJson({session}, Records{}));
    EXPECT_EQ(json["logind"], false);
    const Json& one = json["sessions"][0];
    EXPECT_EQ(one["principal"].is_null(), identity != Identity::kPushedKey);
    EXPECT_EQ(one["callers"][0]["principal"], kAlice);
    EXPECT_TRUE(one["until"].is_null());
  }
}

TEST(SessionsRenderTest, JsonHasTheDocumentedMembersAndNullForWhatIsNotKnown) {
  const Json json = Json::parse(RenderSessionsJson({Session()}, AnsweringLogind()));
  const auto names = [](const Json& object) {
    std::vector<std::string> found;
    for (const auto& item : object.items()) found.push_back(item.key());
    return found;
  };
  // ec2-instance-connect(8), sessions: in any order, and no more.
  EXPECT_THAT(names(json),
              UnorderedElementsAre("version", "logind", "journal_begins", "notes", "sessions"));
  const Json& one = json["sessions"][0];
  EXPECT_THAT(names(one),
              UnorderedElementsAre("user", "address", "port", "since", "state", "until", "identity",
                                   "principal", "request_id", "callers", "method", "fingerprint",
                                   "sshd_pid", "boot_id", "logind_session"));
  EXPECT_TRUE(json["journal_begins"].is_null());
  for (const char* name : {"user", "address", "port", "until", "principal", "request_id", "method",
                           "fingerprint", "sshd_pid", "boot_id", "logind_session"}) {
    EXPECT_TRUE(one[name].is_null()) << name;
  }
}

TEST(ProgramLinesTest, EachLineOfWhateverLength) {
  std::vector<std::string> lines;
  const TakeLine take = [&lines](std::string_view line) {
    lines.emplace_back(line);
    return lines.size() < 3;
  };
  const auto run = [&](const std::string& script, std::chrono::milliseconds limit) {
    lines.clear();
    return RunForLines({"/bin/sh", "-c", script}, limit, 10, take);
  };
  const std::chrono::seconds kLong(60);
  EXPECT_TRUE(run("echo a; echo; echo 12345678901; printf b; echo c >&2", kLong).Succeeded());
  EXPECT_THAT(lines, ElementsAre("a", "b")) << "without one that is too long";
  ProgramResult result = run("echo x >&2; exit 3", kLong);
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.errors, "x\n");
  EXPECT_EQ(run("while :; do echo y; done", kLong).end, ProgramResult::End::kTimedOut);
  EXPECT_THAT(lines, ElementsAre("y", "y", "y"));
  EXPECT_EQ(run("exec sleep 60", std::chrono::milliseconds(50)).end, ProgramResult::End::kTimedOut);
  EXPECT_EQ(RunForLines({"/nonexistent"}, kLong, 10, take).end, ProgramResult::End::kNotStarted);
}

std::string BootIdOfThisSystem() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
  return id;
}

// journalctl and loginctl as scripted: what is asked, and what they say.
struct ScriptedHost {
  std::vector<std::string> asked;
  std::vector<std::string> beginning;  // the system's oldest entries
  std::vector<std::string> journal;    // for the first question alone
  std::string journal_errors;
  int journal_status = 0;
  bool has_logind = true;
  int shows_that_fail = 0;  // of loginctl show-session
  std::vector<std::string> list;
  std::vector<std::string> properties;

  LineRunner Runner() {
    return [this](const std::vector<std::string>& argv, const TakeLine& take) {
      std::string line;
      for (const std::string& word : argv) line += word + " ";
      asked.push_back(line);
      const bool is_journal = argv[0].find("journalctl") != std::string::npos;
      const bool is_probe = argv.back() == "--lines=1";
      const bool is_beginning = argv.back() == "--output=json";
      const bool is_list = argv.size() > 1 && argv[1] == "list-sessions";
      static const std::vector<std::string> kNone;
      const auto& lines = is_probe       ? kNone
                          : is_beginning ? beginning
                          : is_journal   ? journal
                          : is_list      ? list
                                         : properties;
      for (const std::string& one : lines) {
        if (!take(one)) break;
      }
      if (is_journal && !is_probe && !is_beginning) journal.clear();
      ProgramResult result;
      result.end = ProgramResult::End::kExited;
      result.status = is_probe || is_beginning ? 0
                      : is_journal             ? journal_status
                      : has_logind             ? 0
                                               : 1;
      if (!is_journal && !is_list && shows_that_fail > 0) {
        --shows_that_fail;
        result.status = 1;
      }
      result.errors = is_journal ? journal_errors : "";
      return result;
    };
  }
};

TEST(AskHostTest, WhoMaySeeOnlyAPartIsToldSo) {
  for (const char* hint :
       {"Hint: You are currently not seeing messages from other users and the system.\n",
        "No journal files were opened due to insufficient permissions.\n"}) {
    ScriptedHost host;
    host.journal_errors = hint;
    // It sees its own entries, and journalctl ends well.
    const auto records = AskHost(kAgent, "-7d", host.Runner());
    ASSERT_FALSE(records);
    EXPECT_THAT(records.error().text, HasSubstr("systemd-journal"));
    EXPECT_EQ(records.error().status, ExitStatus::kFailed);
  }
}

TEST(AskHostTest, WhatJournalctlRefusesIsHandedOn) {
  ScriptedHost host;
  host.journal_status = 1;
  host.journal_errors = "Failed to parse timestamp: x\n";
  const auto records = AskHost(kAgent, "x", host.Runner());
  ASSERT_FALSE(records);
  EXPECT_THAT(records.error().text, HasSubstr("Failed to parse timestamp: x"));
  EXPECT_EQ(records.error().status, ExitStatus::kUsage);
  EXPECT_THAT(host.asked.back(), HasSubstr(" --since=x "));
  // Any other failure is none of the person's who asks.
  host.journal_errors = "Failed to iterate through journal: Bad message\n";
  EXPECT_EQ(AskHost(kAgent, "-7d", host.Runner()).error().status, ExitStatus::kFailed);
}

TEST(AskHostTest, TheJournalBeginsWhereTheSystemsDoes) {
  ScriptedHost host;
  auto records = AskHost(kAgent, "-7d", host.Runner());
  ASSERT_TRUE(records);
  EXPECT_THAT(host.asked[1], HasSubstr("journalctl --no-pager --system --output=json "));
  EXPECT_EQ(records->journal_begins_us, 0) << "not known";
  Log log;
  host.beginning = {"-- No JSON --", log.Login(12).dump(), log.Login(13).dump()};
  records = AskHost(kAgent, "-7d", host.Runner());
  ASSERT_TRUE(records);
  EXPECT_EQ(records->journal_begins_us, 2000001001 * kSecond) << "the first entry of all";
  EXPECT_THAT(RenderSessionsJson({}, *records), HasSubstr("\"journal_begins\":\"2033-05-18T"));
  EXPECT_THAT(records->evidence, IsEmpty()) << "of the beginning, the time alone";
}

TEST(AskHostTest, AsksForWhatCanBeBelievedAndForOpenSessionsThatBeganBefore) {
  ScriptedHost host;
  host.list = {"     3 1000 ec2-user", "c1 1001 bob seat0 tty1"};
  host.properties = {"Id=3",
                     "Name=ec2-user",
                     "Timestamp=Sun",
                     "TimestampMonotonic=5000000",
                     "Service=sshd",
                     "Leader=12",
                     "RemoteHost=192.0.2.7",
                     "",
                     "Id=c1",
                     "Service=login",
                     "Leader=13"};
  const auto records = AskHost(kAgent, "-7d", host.Runner());
  ASSERT_TRUE(records);
  ASSERT_TRUE(records->live);
  ASSERT_THAT(*records->live, SizeIs(1)) << "of sshd alone";
  EXPECT_EQ(records->live->front().leader, 12);
  EXPECT_EQ(records->live->front().address, "192.0.2.7");
  ASSERT_THAT(host.asked, SizeIs(6));
  EXPECT_THAT(host.asked[3], HasSubstr(" -- 3 c1 "));
  EXPECT_THAT(host.asked[4], HasSubstr("--since=-7d SYSLOG_IDENTIFIER=ec2-instance-connect "
                                       "_UID=997 + SYSLOG_IDENTIFIER=sshd "));
  EXPECT_THAT(host.asked[5], HasSubstr(" -b _UID=0 _PID=12 + _UID=997 EIC_SSHD_PID=12 "));
}

TEST(AskHostTest, ASessionThatEndsBetweenTheTwoQuestionsHidesNoOther) {
  for (const int shows_that_fail : {1, 3}) {
    ScriptedHost host;
    host.list = {"3 1000 ec2-user"};
    host.properties = {"Id=3", "Name=ec2-user", "TimestampMonotonic=5", "Service=sshd",
                       "Leader=12"};
    host.shows_that_fail = shows_that_fail;
    const auto records = AskHost(kAgent, "-7d", host.Runner());
    ASSERT_TRUE(records);
    ASSERT_TRUE(records->live);
    EXPECT_THAT(*records->live, SizeIs(1)) << shows_that_fail;
  }
}

TEST(AskHostTest, ThousandsOfSessionsAreListed) {
  ScriptedHost host;
  for (int i = 0; i < 5000; ++i) {
    const std::string id = std::to_string(i);
    host.list.push_back(id + " 0 root");
    for (const std::string& line : {"Id=" + id, std::string("Service=cron"), "Leader=" + id}) {
      host.properties.push_back(line);
    }
  }
  for (const char* line : {"Id=x", "Service=sshd", "Leader=12"}) host.properties.push_back(line);
  const auto records = AskHost(kAgent, "-7d", host.Runner());
  ASSERT_TRUE(records);
  ASSERT_TRUE(records->live);
  EXPECT_THAT(*records->live, SizeIs(1));
}

TEST(AskHostTest, WithoutAJournalNothingIsClaimed) {
  ScriptedHost host;
  host.journal_errors = "No journal files were found.\n";
  const auto records = AskHost(kAgent, "-7d", host.Runner());
  ASSERT_FALSE(records);
  EXPECT_THAT(records.error().text, HasSubstr("there is none"));
}

TEST(AskHostTest, WhatJournalctlSaysBesideIsHandedOn) {
  ScriptedHost host;
  host.journal_errors = "Journal file x.journal is truncated, ignoring file.\n";
  host.journal = {Log().Login(12).dump()};
  AgentIdentity agent = kAgent;
  agent.doubt = "cannot tell";
  const auto records = AskHost(agent, "-7d", host.Runner());
  ASSERT_TRUE(records);
  ASSERT_THAT(records->notes, SizeIs(2)) << "once, however often it was asked";
  EXPECT_THAT(records->notes[0], HasSubstr("is truncated"));
  EXPECT_EQ(records->notes[1], "cannot tell");
  EXPECT_EQ(Json::parse(RenderSessionsJson({}, *records))["notes"], Json(records->notes));
}

TEST(AskHostTest, LinesThatJournaldDroppedAreTold) {
  const auto notes_of = [](const Json& changes) {
    ScriptedHost host;
    const Json dropped = Log().LogindStart(1, "1",
                                           {{"SYSLOG_IDENTIFIER", "systemd-journald"},
                                            {"_EXE", "/usr/lib/systemd/systemd-journald"},
                                            {"MESSAGE_ID", "a596d6fe7bfa4994828e72309e95d61e"},
                                            {"MESSAGE", "Suppressed 7 messages from ssh.service"},
                                            {"LEADER", nullptr}});
    Json changed = dropped;
    changed.merge_patch(changes);
    host.journal = {changed.dump(), changed.dump()};
    const auto records = AskHost(kAgent, "-7d", host.Runner());
    return records ? records->notes : std::vector<std::string>{"failed"};
  };
  EXPECT_THAT(notes_of(Json::object()), ElementsAre(HasSubstr("dropped lines of sshd")));
  EXPECT_THAT(notes_of({{"_UID", "1000"}}), IsEmpty());
  for (const Json& exe : {Json("/usr/bin/logger"), Json("/tmp/systemd-journald"), Json(nullptr)}) {
    EXPECT_THAT(notes_of({{"_EXE", exe}}), IsEmpty()) << exe;
  }
  const struct {
    const char* unit;
    const char* what;  // nullptr: nothing
  } kRows[] = {
      {"sshd.service", "lines of sshd"},
      {"ssh@3-192.0.2.1:22-192.0.2.7:4242.service", "lines of sshd"},
      {"session-3.scope", "lines of users' sessions"},
      // The paths of systemd 219.
      {"/system.slice/sshd.service", "lines of sshd"},
      {"/user.slice/user-1000.slice", "lines of users' sessions"},
      {"user@1000.service", nullptr},
      {"user-runtime-dir@1000.service", nullptr},
      {"/system.slice/cron.service", nullptr},
      {"my-ssh.service", nullptr},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.unit);
    const auto notes =
        notes_of({{"MESSAGE", std::string("Suppressed 7 messages from ") + row.unit}});
    ASSERT_THAT(notes, SizeIs(row.what == nullptr ? 0 : 1));
    if (row.what == nullptr) continue;
    EXPECT_THAT(notes[0], HasSubstr(row.what));
  }
}

TEST(AskHostTest, WhatSshdSaidArrivesBeforeTheKeyThatItIsAbout) {
  // Somebody floods the journal's socket, by which our lines come: sshd's overtake them.
  Log log;
  Json offer = log.Native(12, kMallory);
  const Json closed = log.Login(12, {{"MESSAGE", "Connection closed by 192.0.2.9 port 1"}});
  const Json login = log.Login(13);
  offer["_SOURCE_REALTIME_TIMESTAMP"] = offer["__REALTIME_TIMESTAMP"];
  for (const char* field : {"__REALTIME_TIMESTAMP", "__MONOTONIC_TIMESTAMP"}) {
    offer[field] = std::to_string(std::stoll(offer[field].get<std::string>()) + 30 * kSecond);
  }
  ScriptedHost host;
  host.journal = {closed.dump(), login.dump(), offer.dump()};
  const auto records = AskHost(kAgent, "-7d", host.Runner());
  ASSERT_TRUE(records);
  const auto sessions = Join(*records);
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kOtherKey) << "the offer came to nothing";
}

TEST(AskHostTest, WhatSaysNothingAboutALoginTakesNoRoom) {
  ScriptedHost host;
  Log log;
  const auto write = [&host](const Json& entry) { host.journal.push_back(entry.dump()); };
  write(log.Native(12, kAlice));
  write(log.Login(12));
  write(log.LogindStart(12, "3"));
  for (pid_t pid = 1000; pid < 1500; ++pid) {
    write(log.LogindStart(pid, "of cron"));
    write(log.LogindEnd(pid, {}, "of cron"));
    write(log.Login(pid, {{"MESSAGE", "Invalid user x from 192.0.2.9 port 1"}}));
  }
  write(log.LogindEnd(12));
  const auto records = AskHost(kAgent, "-7d", host.Runner(), 400);
  ASSERT_TRUE(records);
  EXPECT_THAT(records->notes, IsEmpty());
  const auto sessions = Join(*records);
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
  EXPECT_EQ(sessions[0].state, State::kEnded);
}

TEST(AskHostTest, OfTooManyLoginsTheNewestAreShownAndANoteSaysSinceWhen) {
  ScriptedHost host;
  Log log;
  const auto write = [&host](const Json& entry) { host.journal.push_back(entry.dump()); };
  for (pid_t pid = 1000; pid < 1500; ++pid) {
    write(log.Native(pid, kAlice));
    write(log.Login(pid));
    write(log.PamEnd(pid));
  }
  const auto records = AskHost(kAgent, "-7d", host.Runner(), 400);
  ASSERT_TRUE(records);
  EXPECT_LE(records->evidence.size(), 400);
  const std::int64_t begin_us = MomentOf(records->evidence.front()).realtime_us;
  // As if --since were the first of what was kept: what came right before it is asked for.
  EXPECT_THAT(host.asked.back(), HasSubstr("--until=@" + std::to_string(begin_us / kSecond + 1)));
  ASSERT_THAT(records->notes, SizeIs(1));
  EXPECT_THAT(records->notes[0], HasSubstr("more than 400 lines about logins"));
  EXPECT_THAT(records->notes[0], HasSubstr("complete only since " + Time(begin_us + kLoginUsMax)));
  const auto sessions = Join(*records);
  ASSERT_GE(sessions.size(), 99);
  for (std::size_t i = 1; i <= 99; ++i) {
    const Session& session = sessions[sessions.size() - i];
    EXPECT_EQ(session.login.sshd, 1500 - static_cast<pid_t>(i));
    EXPECT_EQ(session.identity, Identity::kPushedKey);
    EXPECT_EQ(session.state, State::kEnded);
  }
}

TEST(AskHostTest, ManyOlderSessionsAreOneQuestionAndTheNewestOfThemAreLookedUp) {
  ScriptedHost host;
  Log log;
  log.boot_id = BootIdOfThisSystem();
  std::vector<std::string> beginnings;
  for (pid_t leader = 1000; leader < 1300; ++leader) {
    const std::string number = std::to_string(leader);
    beginnings.push_back(log.Native(leader, kAlice).dump());
    beginnings.push_back(log.Login(leader).dump());
    host.list.push_back(number + " 1000 ec2-user");
    for (const std::string& line : {"Id=" + number, std::string("Service=sshd"), "Leader=" + number,
                                    "TimestampMonotonic=" + std::to_string(log.now_us)}) {
      host.properties.push_back(line);
    }
  }
  const LineRunner runner = [&, base = host.Runner()](const std::vector<std::string>& argv,
                                                      const TakeLine& take) {
    if (std::find(argv.begin(), argv.end(), "-b") != argv.end()) host.journal = beginnings;
    return base(argv, take);
  };
  const auto records = AskHost(kAgent, "-1h", runner);
  ASSERT_TRUE(records);
  ASSERT_THAT(host.asked, SizeIs(6)) << "the fifth for the list, and one for all of these";
  for (const char* what : {" _PID=1100 ", " _PID=1299 ", " EIC_SSHD_PID=1100 "}) {
    EXPECT_THAT(host.asked[5], HasSubstr(what));
  }
  EXPECT_THAT(host.asked[5], Not(HasSubstr("_PID=1099 ")));
  ASSERT_THAT(records->notes, SizeIs(1));
  EXPECT_THAT(records->notes[0], HasSubstr("300 open sessions began before --since"));
  const auto sessions = Join(*records);
  ASSERT_THAT(sessions, SizeIs(300));
  for (const Session& session : sessions) {
    EXPECT_EQ(session.state, State::kOpen);
    EXPECT_EQ(session.identity,
              session.login.sshd >= 1100 ? Identity::kPushedKey : Identity::kNotLogged);
  }
}

TEST(AskHostTest, WhatIsReadForOlderSessionsIsLimitedInAll) {
  ScriptedHost host;
  Log log;
  log.boot_id = BootIdOfThisSystem();
  // Opened one after the other while somebody logs much, by keys that are not ours: before each the
  // same lines are looked through.
  std::vector<std::string> flood;
  for (pid_t pid = 2000; pid < 2060; ++pid) {
    flood.push_back(log.Login(pid, {{"MESSAGE", "Invalid user x from 192.0.2.9 port 1"}}).dump());
  }
  std::vector<std::string> beginnings;
  for (pid_t leader = 1000; leader < 1010; ++leader) {
    const std::string number = std::to_string(leader);
    beginnings.push_back(log.Login(leader).dump());
    host.list.push_back(number + " 1000 ec2-user");
    for (const std::string& line : {"Id=" + number, std::string("Service=sshd"), "Leader=" + number,
                                    "TimestampMonotonic=" + std::to_string(log.now_us)}) {
      host.properties.push_back(line);
    }
  }
  const LineRunner runner = [&, base = host.Runner()](const std::vector<std::string>& argv,
                                                      const TakeLine& take) {
    const bool is_window = std::any_of(argv.begin(), argv.end(), [](const std::string& word) {
      return word.rfind("--until=@", 0) == 0;
    });
    if (std::find(argv.begin(), argv.end(), "-b") != argv.end()) host.journal = beginnings;
    if (is_window) host.journal = flood;
    return base(argv, take);
  };
  const auto records = AskHost(kAgent, "-1h", runner, 150);
  ASSERT_TRUE(records);
  EXPECT_LE(records->evidence.size(), 150 + 60 + 2);
  ASSERT_THAT(records->notes, SizeIs(1));
  EXPECT_THAT(records->notes[0], HasSubstr("Only the 3 newest were looked up"));
  const auto sessions = Join(*records);
  ASSERT_THAT(sessions, SizeIs(10));
  for (const Session& session : sessions) {
    EXPECT_EQ(session.identity,
              session.login.sshd >= 1007 ? Identity::kOtherKey : Identity::kNotLogged);
  }
}

// What is told of `before`, which lies before --since, and of `after`.
std::vector<Session> SessionsSince(const std::vector<Json>& before,
                                   const std::vector<Json>& after) {
  ScriptedHost host;
  bool is_first = true;
  const LineRunner runner = [&, base = host.Runner()](const std::vector<std::string>& argv,
                                                      const TakeLine& take) {
    const bool is_main = std::find(argv.begin(), argv.end(), "--since=-7d") != argv.end();
    const bool is_window = std::any_of(argv.begin(), argv.end(), [](const std::string& word) {
      return word.rfind("--until=@", 0) == 0;
    });
    if (is_window && is_first) {
      for (const Json& entry : before) host.journal.push_back(entry.dump());
      is_first = false;
    }
    // journalctl takes whole seconds, so that the two ranges overlap.
    if (is_main || is_window) {
      for (const Json& entry : after) host.journal.push_back(entry.dump());
    }
    return base(argv, take);
  };
  const auto records = AskHost(kAgent, "-7d", runner);
  EXPECT_TRUE(records);
  return records ? Join(*records) : std::vector<Session>();
}

TEST(AskHostTest, SinceMayLieBetweenTheTwoLinesOfALogin) {
  Log log;
  const std::vector<Json> before = {log.Native(12, kAlice)};
  const auto sessions = SessionsSince(before, {log.Login(12)});
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
}

TEST(AskHostTest, WhatBecameOfAKeyBeforeSinceCounts) {
  Log log;
  // An offer that came to nothing is not another's login by the key, nor by the number.
  const Json offer = log.Native(12, kMallory);
  const Json closed = log.Login(12, {{"MESSAGE", "Connection closed by 192.0.2.9 port 1"}});
  for (const pid_t sshd : {12, 13}) {
    const auto sessions = SessionsSince({offer, closed}, {log.Login(sshd)});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].identity, Identity::kOtherKey) << sshd;
  }
  EXPECT_EQ(SessionsSince({offer}, {closed, log.Login(13)})[0].identity, Identity::kOtherKey);
  // A login that was, and is not told of, has its key to itself.
  Log used;
  const Json key = used.Native(12, kMallory);
  const Json login = used.Login(12);
  for (const pid_t sshd : {12, 13}) {
    const auto sessions = SessionsSince({key, login}, {used.Login(sshd)});
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_EQ(sessions[0].identity, Identity::kOtherKey) << sshd;
  }
  // Which key was one of two factors.
  Log two;
  const Json first = two.Native(12, kAlice);
  const Json factor = two.Login(
      12, {{"MESSAGE",
            "Partial publickey for ec2-user from 192.0.2.7 port 4242 ssh2: ED25519 SHA256:key"}});
  const auto sessions = SessionsSince(
      {first, factor},
      {two.Login(12, {{"MESSAGE", "Accepted password for ec2-user from 192.0.2.7 port 4 ssh2"}})});
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
}

TEST(SessionsJoinTest, ThatALoginSettledItsKeysTakesNoneFromIt) {
  Log log;
  const Json key = log.Native(12, kAlice);
  const Json login = log.Login(12);
  Records records{{}, std::nullopt, "b1", 0, {}};
  for (const Json& entry : {key, login}) {
    records.evidence.push_back(*Believe(*ParseLogEntry(entry.dump()), kAgent));
  }
  // Of the time before another session's beginning the same login may be told without being asked.
  const Moment at = std::get<LoginAccepted>(records.evidence.back()).at;
  records.evidence.insert(records.evidence.begin(), SshdSpoke{at, 12, true});
  const auto sessions = Join(records);
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
}

TEST(AskHostTest, AnOlderSessionBringsInNoOtherOfItsNumber) {
  ScriptedHost host;
  host.list = {"3 1000 ec2-user"};
  Log log;
  log.boot_id = BootIdOfThisSystem();
  // The number was another login's before, and is another's by now: the user left something
  // running, so that logind still has the session.
  const Json before = log.Login(12);
  log.now_us += 3600 * kSecond;
  const Json key = log.Plain(12, kAlice);
  const Json login = log.Login(12);
  host.properties = {"Id=3", "Name=ec2-user", "Service=sshd", "Leader=12",
                     "TimestampMonotonic=" + std::to_string(log.now_us + kSecond)};
  log.now_us += 3600 * kSecond;
  const Json after = log.Login(12);
  const LineRunner runner = [&, base = host.Runner()](const std::vector<std::string>& argv,
                                                      const TakeLine& take) {
    const auto has = [&argv](const std::string& start) {
      return std::any_of(argv.begin(), argv.end(),
                         [&start](const std::string& word) { return word.rfind(start, 0) == 0; });
    };
    if (has("--since=-1h")) host.journal = {after.dump()};
    if (has("-b")) host.journal = {before.dump(), login.dump(), after.dump()};
    // The keys before the login, and not before the one that had its number first.
    const std::string window =
        "--since=@" + std::to_string(2000000000 + (log.now_us / kSecond - 3601) - 121);
    if (has(window)) host.journal = {key.dump()};
    return base(argv, take);
  };
  Outcome<Records> records = AskHost(kAgent, "-1h", runner);
  ASSERT_TRUE(records);
  const auto sessions = Join(*records);
  ASSERT_THAT(sessions, SizeIs(2));
  EXPECT_EQ(sessions[0].state, State::kOpen);
  EXPECT_EQ(sessions[0].identity, Identity::kPushedKey);
  EXPECT_EQ(sessions[1].state, State::kUnknown);
}

TEST(AskHostTest, TheEndOfAnOlderSessionIsItsOwn) {
  for (const char* ended : {"3", "2"}) {
    ScriptedHost host;
    host.list = {"3 1000 ec2-user"};
    Log log;
    log.boot_id = BootIdOfThisSystem();
    const Json login = log.Login(12);
    host.properties = {"Id=3", "Name=ec2-user", "Service=sshd", "Leader=12",
                       "TimestampMonotonic=" + std::to_string(log.now_us)};
    log.now_us += 3600 * kSecond;
    const Json end = log.LogindEnd(12, {}, ended);
    const LineRunner runner = [&, base = host.Runner()](const std::vector<std::string>& argv,
                                                        const TakeLine& take) {
      const auto has = [&argv](const char* word) {
        return std::find(argv.begin(), argv.end(), word) != argv.end();
      };
      if (has("--since=-1h")) host.journal = {end.dump()};
      if (has("-b")) host.journal = {login.dump()};
      return base(argv, take);
    };
    const Outcome<Records> records = AskHost(kAgent, "-1h", runner);
    ASSERT_TRUE(records);
    const auto sessions = Join(*records);
    ASSERT_THAT(sessions, SizeIs(1));
    // logind listed it before it told of the end.
    EXPECT_EQ(sessions[0].state, *ended == '3' ? State::kEnded : State::kOpen) << ended;
  }
}

TEST(AskHostTest, WithoutLogindTheRestIsTold) {
  ScriptedHost host;
  host.has_logind = false;
  Log log;
  host.journal = {log.Login(12).dump(), "not JSON", log.PamEnd(12).dump()};
  const auto records = AskHost(kAgent, "-7d", host.Runner());
  ASSERT_TRUE(records);
  EXPECT_FALSE(records->live);
  EXPECT_THAT(records->evidence, SizeIs(2));
}

}  // namespace
}  // namespace eic::admin
