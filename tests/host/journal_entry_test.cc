#include "host/journal_entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/limits.h"
#include "core/printable.h"
#include "host/audit.h"
#include "host/limits.h"
#include "tests/host/syslog_fixture.h"

namespace eic {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Fields = std::map<std::string, std::string>;

const RecordLabel kLabel = {"SHA256:x", "1234-ab", "arn:aws:iam::1:user/alice"};

// As journald reads a datagram whose lines all have the simple form; fails with any other.
Fields Read(const std::string& entry) {
  Fields fields;
  std::istringstream lines(entry);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find('=');
    EXPECT_NE(at, std::string::npos) << "not NAME=VALUE: " << line;
    if (at == std::string::npos) continue;
    EXPECT_TRUE(fields.emplace(line.substr(0, at), line.substr(at + 1)).second)
        << "twice: " << line;
  }
  EXPECT_EQ(entry.back(), '\n');
  return fields;
}

TEST(JournalEntryTest, AnAcceptedKeyHasAllThatTheLineHasAndEachPartByItself) {
  const Acceptance acceptance{kLabel, 4711, "alice", "i-0123456789abcdef0"};
  EXPECT_EQ(Read(AcceptedEntry(acceptance)), (Fields{{"MESSAGE", AcceptedLine(acceptance)},
                                                     {"PRIORITY", "6"},
                                                     {"SYSLOG_FACILITY", "10"},
                                                     {"SYSLOG_IDENTIFIER", "ec2-instance-connect"},
                                                     {"SYSLOG_PID", std::to_string(getpid())},
                                                     {"MESSAGE_ID", kAcceptedMessageId},
                                                     {"EIC_EVENT", "accepted"},
                                                     {"EIC_USER", "alice"},
                                                     {"EIC_FINGERPRINT", "SHA256:x"},
                                                     {"EIC_PRINCIPAL", "arn:aws:iam::1:user/alice"},
                                                     {"EIC_REQUEST_ID", "1234-ab"},
                                                     {"EIC_INSTANCE", "i-0123456789abcdef0"},
                                                     {"EIC_SSHD_PID", "4711"}}));
}

TEST(JournalEntryTest, ARefusalHasItsReason) {
  const Refusal refusal{Reason::kKeyExpired, "alice", kLabel, "12 s ago", "i-1"};
  Fields fields = Read(RefusedEntry(refusal, LOG_WARNING));
  EXPECT_EQ(fields["MESSAGE"], RefusedLine(refusal));
  EXPECT_EQ(fields["PRIORITY"], "4");
  EXPECT_EQ(fields["MESSAGE_ID"], kRefusedMessageId);
  EXPECT_EQ(fields["EIC_EVENT"], "refused");
  EXPECT_EQ(fields["EIC_REASON"], "key-expired");
  EXPECT_EQ(fields["EIC_USER"], "alice");
  EXPECT_EQ(fields["EIC_INSTANCE"], "i-1");
}

TEST(JournalEntryTest, WhatIsNotKnownIsLeftOut) {
  EXPECT_THAT(Read(RefusedEntry({Reason::kImdsTimeout, "alice", {}, ""}, LOG_WARNING)), SizeIs(9));
  EXPECT_THAT(Read(AcceptedEntry({{"SHA256:x", "", ""}})), SizeIs(8));
  EXPECT_THAT(Read(FaultEntry("x")), SizeIs(6));
}

TEST(JournalEntryTest, HostileValuesMakeNoFieldsAndStayWithinOneDatagram) {
  const std::string rows[] = {
      "a\nEIC_PRINCIPAL=root",       std::string("a\0b", 3),       "\x1b[2J",
      std::string(100 * 1024, '\n'), std::string(100 * 1024, '='),
  };
  for (const std::string& hostile : rows) {
    const RecordLabel label{hostile, hostile, hostile};
    const std::string escaped = Printable(hostile, kLoggedValueBytesMax);
    const std::string accepted = AcceptedEntry({label, 1, hostile, hostile});
    const std::string refused =
        RefusedEntry({Reason::kKeyExpired, hostile, label, hostile, hostile}, LOG_WARNING);
    EXPECT_EQ(Read(accepted)["EIC_PRINCIPAL"], escaped);
    EXPECT_THAT(Read(accepted), SizeIs(13));
    EXPECT_THAT(Read(refused), SizeIs(13));
    EXPECT_THAT(Read(FaultEntry(hostile)), SizeIs(6));
    for (const std::string& entry : {accepted, refused, FaultEntry(hostile)}) {
      EXPECT_LE(entry.size(), kJournalEntryBytesMax);
    }
  }
}

TEST(JournalEntryTest, TheCatalogExplainsEachId) {
  std::ifstream file(EIC_CATALOG);
  std::vector<std::string> ids;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("-- ", 0) == 0) ids.push_back(line.substr(3));
    EXPECT_EQ(line.find('@'), std::string::npos) << "a field, printed as it came: " << line;
  }
  EXPECT_THAT(ids, testing::ElementsAre(kAcceptedMessageId, kRefusedMessageId));
}

// A folder with a link as systemd makes it, and a journal and a syslog daemon.
class JournalAuditTest : public testing::Test {
 protected:
  // /dev/log as systemd makes it, journald's socket for syslog lines, and its native one.
  LogSockets Sockets() const {
    std::filesystem::remove(folder_.Of("dev-log"));
    std::filesystem::create_symlink(syslog_.path(), folder_.Of("dev-log"));
    return {folder_.Of("dev-log"), syslog_.path(), journal_.path()};
  }

  fakes::TempFolder folder_;
  SyslogDaemon journal_;
  SyslogDaemon syslog_;
};

TEST_F(JournalAuditTest, OneDatagramForEachEventWhereTheLogIsJournalds) {
  const auto audit = OpenJournalOrSyslogAudit(Sockets());
  audit->RecordAccepted({kLabel, 4711, "alice", "i-1"});
  audit->RecordRefused({Reason::kKeyExpired, "alice", {}, ""});
  audit->RecordFault("{} %n\nEIC_EVENT=accepted");
  const std::vector<std::string> entries = journal_.Received();
  EXPECT_THAT(syslog_.Received(), IsEmpty()) << "an event went both ways";
  ASSERT_THAT(entries, SizeIs(3));
  EXPECT_EQ(entries[0], AcceptedEntry({kLabel, 4711, "alice", "i-1"}));
  EXPECT_EQ(Read(entries[1])["PRIORITY"], "4");
  EXPECT_EQ(Read(entries[2])["PRIORITY"], "3");
  EXPECT_EQ(Read(entries[2])["MESSAGE"], "{} %n EIC_EVENT=accepted");
  EXPECT_EQ(Read(entries[2])["EIC_EVENT"], "fault");
}

TEST_F(JournalAuditTest, ThePlainLineAnywhereElse) {
  const auto expect_plain = [this](const LogSockets& sockets) {
    OpenJournalOrSyslogAudit(sockets)->RecordAccepted({kLabel});
    EXPECT_THAT(syslog_.Received(),
                testing::ElementsAre(testing::EndsWith("]: " + AcceptedLine({kLabel}))));
    EXPECT_THAT(journal_.Received(), IsEmpty());
  };
  // A daemon that listens itself; and a link to another one.
  LogSockets itself = Sockets();
  itself.syslog = syslog_.path();
  expect_plain(itself);
  LogSockets other = Sockets();
  other.journal_syslog = "/run/systemd/journal/dev-log";
  expect_plain(other);
  // journald's link, and nobody at its native socket.
  LogSockets deaf = Sockets();
  deaf.journal = folder_.Of("nobody");
  expect_plain(deaf);
}

TEST_F(JournalAuditTest, LastWordsAreOneDatagramOfTheSameForm) {
  const auto audit = OpenJournalOrSyslogAudit(Sockets());
  const std::string words = audit->RefusalBytes({Reason::kRunOverran, "alice", {}, "hung"});
  ASSERT_EQ(send(audit->Descriptor(), words.data(), words.size(), MSG_DONTWAIT),
            static_cast<ssize_t>(words.size()));
  const std::vector<std::string> entries = journal_.Received();
  ASSERT_THAT(entries, SizeIs(1));
  Fields fields = Read(entries[0]);
  EXPECT_EQ(fields["EIC_REASON"], "run-overran");
  EXPECT_EQ(fields["PRIORITY"], "3");
  EXPECT_EQ(fields["MESSAGE_ID"], kRefusedMessageId);
  EXPECT_EQ(Read(audit->FaultBytes("x")), Read(FaultEntry("x")));
}

TEST_F(JournalAuditTest, AFullJournalDelaysARunNoLongerThanAFullSyslog) {
  const auto audit = OpenJournalOrSyslogAudit(Sockets());
  journal_.Fill();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) audit->RecordAccepted({kLabel});
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLogWaitMax + std::chrono::seconds(1));
  EXPECT_THAT(journal_.Received(), Each(testing::StrEq("full")));
}

TEST_F(JournalAuditTest, AJournalThatWasRestartedIsConnectedToAnew) {
  const auto audit = OpenJournalOrSyslogAudit(Sockets());
  journal_.Stop();
  journal_.Start();
  audit->RecordAccepted({kLabel});
  EXPECT_THAT(journal_.Received(), SizeIs(1));
}

}  // namespace
}  // namespace eic
