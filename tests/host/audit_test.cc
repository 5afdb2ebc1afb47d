#include "host/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/host/syslog_fixture.h"

namespace eic {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::MatchesRegex;
using testing::StartsWith;

TEST(SyslogAuditTest, PriorityTellsWhatHappened) {
  const SyslogDaemon daemon;
  const std::unique_ptr<AuditLog> audit = OpenSyslogAudit(daemon.path());
  audit->RecordAccepted({{"SHA256:x", "r", "c"}});
  audit->RecordRefused({Reason::kKeyExpired, "alice", {}, ""});
  audit->RecordFault("wrong usage");
  const std::vector<std::string> messages = daemon.Received();
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_THAT(messages[0], StartsWith("<86>"));  // authpriv.info
  EXPECT_THAT(messages[0], EndsWith(": Providing ssh key from EC2 Instance Connect with "
                                    "fingerprint: SHA256:x, request-id: r, for IAM principal: c"));
  EXPECT_THAT(messages[1], StartsWith("<84>"));  // authpriv.warning
  EXPECT_THAT(messages[1], EndsWith("reason=key-expired user=\"alice\""));
  EXPECT_THAT(messages[2], StartsWith("<83>"));  // authpriv.err
  EXPECT_THAT(messages[2], EndsWith(": wrong usage"));
  for (const std::string& message : messages) {
    EXPECT_THAT(message, MatchesRegex("<[0-9]+>.* ec2-instance-connect\\[[0-9]+\\]: .*"));
  }
}

TEST(SyslogAuditTest, BracesAndPercentSignsAreText) {
  const SyslogDaemon daemon;
  const std::unique_ptr<AuditLog> audit = OpenSyslogAudit(daemon.path());
  audit->RecordFault("{} {0} {:d} %s %n %%");
  audit->RecordAccepted({{"{}", "%n", "{0}"}});
  EXPECT_THAT(daemon.Received(),
              ElementsAre(EndsWith(": {} {0} {:d} %s %n %%"),
                          EndsWith("fingerprint: {}, request-id: %n, for IAM principal: {0}")));
}

TEST(SyslogAuditTest, EveryLineIsSentAtOnce) {
  const SyslogDaemon daemon;
  const std::unique_ptr<AuditLog> audit = OpenSyslogAudit(daemon.path());
  audit->RecordAccepted({{"SHA256:x", "", ""}});
  EXPECT_EQ(daemon.Received().size(), 1U) << "it waits for a flush";
}

TEST(SyslogAuditTest, LastWordsCanBeSentWithOneCall) {
  const SyslogDaemon daemon;
  const std::unique_ptr<AuditLog> audit = OpenSyslogAudit(daemon.path());
  const std::string bytes = audit->FaultBytes("last words");
  ASSERT_GE(audit->Descriptor(), 0);
  EXPECT_EQ(send(audit->Descriptor(), bytes.data(), bytes.size(), MSG_DONTWAIT),
            static_cast<ssize_t>(bytes.size()));
  EXPECT_THAT(daemon.Received(),
              ElementsAre(MatchesRegex("<83>.* ec2-instance-connect\\[[0-9]+\\]: last words")));
}

TEST(SyslogAuditTest, WithoutADaemonThereIsNoDescriptorAndNoHarm) {
  const fakes::TempFolder folder;
  const std::unique_ptr<AuditLog> audit = OpenSyslogAudit(folder.Of("log"));
  EXPECT_EQ(audit->Descriptor(), -1);
  audit->RecordAccepted({{"SHA256:x", "", ""}});
  audit->RecordRefused({Reason::kKeyExpired, "alice", {}, ""});
  audit->RecordFault("x");
}

TEST(StderrAuditTest, OneLineEach) {
  testing::internal::CaptureStderr();
  const std::unique_ptr<AuditLog> audit = OpenStderrAudit();
  audit->RecordAccepted({{"SHA256:x", "", ""}});
  audit->RecordRefused({Reason::kKeyExpired, "alice", {}, "a\nb"});
  audit->RecordFault("{}");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:x\n"
            "Refused ssh key from EC2 Instance Connect: reason=key-expired user=\"alice\" "
            "detail=\"a\\x0ab\"\n"
            "{}\n");
  EXPECT_EQ(audit->Descriptor(), STDERR_FILENO);
  EXPECT_EQ(audit->FaultBytes("last words"), "last words\n");
}

}  // namespace
}  // namespace eic
