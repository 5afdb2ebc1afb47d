#include "admin/daemon/daemon_options.h"

#include <gtest/gtest.h>

#include "admin/daemon/ssh_unit.h"
#include "admin/daemon/unit_words.h"
#include "tests/admin/support.h"

namespace eic::admin {
namespace {

using Words = std::vector<std::string>;

TEST(DaemonOptions, AreReadFromArguments) {
  const DaemonOptions options = ParseDaemonArguments(
      {"/usr/sbin/sshd", "-D", "-oAuthorizedKeysCommand=/a %u", "-De", "-f", "/etc/other", "-h",
       "/key", "-Do", "AuthorizedKeysCommandUser nobody", "-p", "22", "-o"});
  EXPECT_EQ(options.Command(), "/a %u");
  EXPECT_EQ(options.User(), "nobody");
  EXPECT_EQ(options.config_file, "/etc/other");
  EXPECT_EQ(options.host_keys, Words{"/key"});
  EXPECT_FALSE(options.WithoutCommand().SetsCommandOrUser());
}

TEST(DaemonOptions, AreReadFromATitle) {
  const DaemonOptions options = ParseDaemonTitle(
      "sshd: /usr/sbin/sshd -D -o AuthorizedKeysCommand "
      "/usr/share/ec2-instance-connect/eic_run_authorized_keys %u %f -o AuthorizedKeysCommandUser "
      "ec2-instance-connect -p 22 [listener] 0 of 10-100 startups");
  EXPECT_EQ(options.Command(), "/usr/share/ec2-instance-connect/eic_run_authorized_keys %u %f");
  EXPECT_EQ(options.User(), "ec2-instance-connect");
  EXPECT_EQ(ParseDaemonTitle("sshd: /usr/sbin/sshd -D -oPort=22 [listener] x").settings,
            Words{"Port=22"});
  EXPECT_FALSE(ParseDaemonTitle("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups")
                   .SetsCommandOrUser());
}

TEST(UnitWords, AreSplitAsSystemdDoes) {
  EXPECT_EQ(SplitUnitWords("-/usr/sbin/sshd -D -o \"A /x %%u\" 'b c' $X"),
            (Words{"/usr/sbin/sshd", "-D", "-o", "A /x %u", "b c", "$X"}));
  EXPECT_EQ(ExpandVariables({"a", "$X", "b${X}c", "$NONE", "$x-y"}, {{"X", "1 '2 3'"}}),
            (Words{"a", "1", "2 3", "b1 '2 3'c", "$x-y"}));
  const Variables variables = ParseEnvironmentFile("# c\nA=\nB=\"-o x\"\n C=d e \nbad\n");
  EXPECT_EQ(variables, (Variables{{"A", ""}, {"B", "-o x"}, {"C", "d e"}}));
}

TEST(UnitWords, EnvironmentFilesAreReadAsSystemdDoes) {
  struct Row {
    const char* defect;
    const char* text;
    const char* value;  // of X
  };
  const Row kRows[] = {
      {"continued between quotes", "X=\"-o a \\\n -o b\"\n", "-o a  -o b"},
      {"continued without quotes", "X=-o a \\\n -o b  \nY=1\n", "-o a  -o b"},
      {"several lines between single quotes", "X='-o a\n -o \\b'\n", "-o a\n -o \\b"},
      {"a blank escaped", "X=-o\\ a\n", "-o a"},
      {"a quote escaped", "X=\"a \\\"b\\\" \\c\"\n", "a \"b\" \\c"},
      {"quotes inside stay", "X=-o \"a b\" \r\n", "-o \"a b\""},
      {"two quoted pieces", "X=\"a\" 'b'\n", "ab"},
      {"the last one counts", "X=a\n;X=c\nX=\n", ""},
      {"no end of the quote", "X=\"a b", "a b"},
      {"a backslash at the end", "X=a\\", "a"},
      {"a comment ends with its line", "# \\\nX=a\n", "a"},
  };
  for (const Row& row : kRows) {
    const Variables variables = ParseEnvironmentFile(row.text);
    ASSERT_EQ(variables.count("X"), 1U) << row.defect;
    EXPECT_EQ(variables.at("X"), row.value) << row.defect;
  }
}

TEST(SshUnit, DropInsAndVariablesMakeTheCommandLine) {
  Host host;
  host.Write("/lib/systemd/system/ssh.service", kStockUnit);
  host.Write("/etc/default/ssh", "SSHD_OPTS=\"-p 2222\"\n");
  SshUnit unit = ReadSshUnit(Tree(host.layout));
  EXPECT_EQ(unit.name, "ssh.service");
  EXPECT_EQ(unit.argv, (Words{"/usr/sbin/sshd", "-D", "-p", "2222"}));
  EXPECT_EQ(unit.exec_start.Text(), "/lib/systemd/system/ssh.service:5");

  host.Write("/usr/lib/systemd/system/ssh.service.d/ec2-instance-connect.conf", kShellAgentUnit);
  unit = ReadSshUnit(Tree(host.layout));
  EXPECT_EQ(OwnerOf(unit.options().Command().value_or("")), Owner::kShellAgent);
  EXPECT_EQ(unit.exec_start.file,
            "/usr/lib/systemd/system/ssh.service.d/ec2-instance-connect.conf");
  EXPECT_EQ(unit.exec_start.line, 3U);

  // A file of the same name in a folder of higher priority hides it; here one of systemd's own
  // kind.
  std::filesystem::create_directories(host.layout.root + "/etc/systemd/system/ssh.service.d");
  std::filesystem::create_symlink(
      "/dev/null",
      host.layout.root + "/etc/systemd/system/ssh.service.d/ec2-instance-connect.conf");
  EXPECT_FALSE(ReadSshUnit(Tree(host.layout)).options().SetsCommandOrUser());
}

TEST(SshUnit, AnAliasBringsItsDropIns) {
  Host host;
  host.Write("/usr/lib/systemd/system/ssh.service", kStockUnit);
  std::filesystem::create_directories(host.layout.root + "/etc/systemd/system");
  std::filesystem::create_symlink("/lib/systemd/system/ssh.service",
                                  host.layout.root + "/etc/systemd/system/sshd.service");
  std::filesystem::create_symlink("usr/lib", host.layout.root + "/lib");
  host.Write("/etc/systemd/system/sshd.service.d/x.conf", kShellAgentUnit);
  const SshUnit unit = ReadSshUnit(Tree(host.layout));
  EXPECT_EQ(unit.name, "ssh.service");
  EXPECT_TRUE(unit.options().SetsCommandOrUser());
}

TEST(SshUnit, TheEnvironmentFileIsNamed) {
  Host host;
  host.Write("/lib/systemd/system/ssh.service", kStockUnit);
  host.Write("/etc/default/ssh", "# x\nSSHD_OPTS=-oAuthorizedKeysCommand=/x\n");
  const SshUnit unit = ReadSshUnit(Tree(host.layout));
  EXPECT_EQ(unit.options().Command(), "/x");
  ASSERT_TRUE(unit.environment);
  EXPECT_EQ(unit.environment->Text(), "/etc/default/ssh:2");
}

TEST(SshUnit, WithoutOneTheFilesOfInitScriptsCount) {
  Host host;
  host.Write("/etc/sysconfig/sshd", "OPTIONS=\"-o 'AuthorizedKeysCommand /x %u'\"\n");
  const SshUnit unit = ReadSshUnit(Tree(host.layout));
  EXPECT_EQ(unit.name, "");
  EXPECT_EQ(unit.options().Command(), "/x %u");
}

}  // namespace
}  // namespace eic::admin
