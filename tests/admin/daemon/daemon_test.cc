// Which process is taken for the running sshd where systemd did not start it.
#include "admin/daemon/daemon.h"

#include <gtest/gtest.h>

#include "tests/admin/support.h"

namespace eic::admin {
namespace {

TEST(Daemon, APidFileIsBelievedOfRootsSshdAlone) {
  struct Row {
    const char* defect;
    const char* uid;
    const char* program;
    bool is_believed;
  };
  const Row kRows[] = {
      {"sshd", "0", "/usr/sbin/sshd", true},
      {"sshd of before an upgrade", "0", "/usr/sbin/sshd (deleted)", true},
      {"a stale number, now a user's process", "65534", "/usr/bin/perl", false},
      {"sshd that a user started", "65534", "/usr/sbin/sshd", false},
      {"root's, that calls itself sshd", "0", "/usr/bin/perl", false},
      {"a deleted one of another name", "0", "/tmp/sshd (deleted)", false},
  };
  for (const Row& row : kRows) {
    Host host;
    host.StartByHand("/run/sshd.pid", row.uid, row.program);
    const auto daemon = Daemon(host.layout, host.runner).Find({});
    EXPECT_EQ(daemon.has_value(), row.is_believed) << row.defect;
    if (daemon.has_value()) {
      EXPECT_EQ(daemon->options.config_file, "/etc/ssh/its") << row.defect;
    }
  }
}

TEST(Daemon, OneWithAPidFileOfItsOwnIsFoundWithItsOptions) {
  Host host;
  host.StartByHand("/run/my.pid");
  host.runner.pid_file = "/run/my.pid";
  Sshd sshd(host.layout, host.runner, host.files);
  const Outcome<Survey> survey = TakeSurvey(host.outside(), sshd);
  ASSERT_TRUE(survey);
  ASSERT_TRUE(survey->daemon);
  EXPECT_EQ(survey->daemon->pid, 77);
  EXPECT_EQ(survey->main_file, "/etc/ssh/its");
}

}  // namespace
}  // namespace eic::admin
