#include "admin/sshd/sshd_config.h"

#include <gtest/gtest.h>

#include "admin/slot/owner.h"
#include "admin/sshd/match_connection.h"
#include "tests/admin/support.h"

namespace eic::admin {
namespace {

constexpr auto kCommand = Setting::Keyword::kCommand;
constexpr auto kUser = Setting::Keyword::kUser;

std::string Winner(const Host& host, Setting::Keyword keyword = kCommand) {
  const SshdConfig config = ReadSshdConfig(Tree(host.layout), "/etc/ssh/sshd_config");
  const std::optional<Setting> winner = WinningSetting(config, keyword);
  return winner ? winner->value + " at " + winner->place.Text() : "none";
}

TEST(SshdConfig, TheFirstValueWinsWhereverItStands) {
  struct Row {
    const char* what;
    std::string main;
    std::string drop_in_10;
    std::string drop_in_90;
    const char* winner;
  };
  const Row kRows[] = {
      {"nothing", "Port 22\n", "", "", "none"},
      {"in sshd_config", "Port 22\nAuthorizedKeysCommand /a %u\n", "", "",
       "/a %u at /etc/ssh/sshd_config:2"},
      {"a drop-in beats what stands below the Include",
       "Include /etc/ssh/sshd_config.d/*.conf\nAuthorizedKeysCommand /a\n", "",
       "AuthorizedKeysCommand /b\n", "/b at /etc/ssh/sshd_config.d/90-b.conf:1"},
      {"and not what stands above",
       "AuthorizedKeysCommand /a\nInclude /etc/ssh/sshd_config.d/*.conf\n", "",
       "AuthorizedKeysCommand /b\n", "/a at /etc/ssh/sshd_config:1"},
      {"the lower name", "Include sshd_config.d/*.conf\n", "# x\n AuthorizedKeysCommand=/a\n",
       "AuthorizedKeysCommand /b\n", "/a at /etc/ssh/sshd_config.d/10-a.conf:2"},
      {"a Match block counts not for all", "Match User bob\nAuthorizedKeysCommand /a\n", "", "",
       "none"},
      {"Match all does, and beats the rest",
       "AuthorizedKeysCommand /a\nMatch all\n"
       "AuthorizedKeysCommand /b\n",
       "", "", "/b at /etc/ssh/sshd_config:3"},
      {"a Match block ends with its file", "Include /etc/ssh/sshd_config.d/*.conf\n",
       "Match User bob\nAuthorizedKeysCommand /a\n", "AuthorizedKeysCommand /b\n",
       "/b at /etc/ssh/sshd_config.d/90-b.conf:1"},
      {"an Include in a Match block belongs to it",
       "Match User bob\nInclude /etc/ssh/sshd_config.d/*.conf\n", "AuthorizedKeysCommand /a\n", "",
       "none"},
      {"commented out", "#AuthorizedKeysCommand /a\n  # AuthorizedKeysCommand /b\n", "", "",
       "none"},
      {"carriage returns", "Port 22\r\nAUTHORIZEDKEYSCOMMAND\t/a %u\r\n", "", "",
       "/a %u at /etc/ssh/sshd_config:2"},
      {"two files in one Include",
       "Include /etc/ssh/sshd_config.d/90-b.conf \"/etc/ssh/sshd_config.d/10-a.conf\"\n",
       "AuthorizedKeysCommand /a\n", "AuthorizedKeysCommand /b\n",
       "/b at /etc/ssh/sshd_config.d/90-b.conf:1"},
  };
  for (const Row& row : kRows) {
    Host host;
    host.Write("/etc/ssh/sshd_config", row.main);
    host.Write("/etc/ssh/sshd_config.d/10-a.conf", row.drop_in_10);
    host.Write("/etc/ssh/sshd_config.d/90-b.conf", row.drop_in_90);
    EXPECT_EQ(Winner(host), row.winner) << row.what;
  }
}

TEST(SshdConfig, CommandAndUserAreResolvedSeparately) {
  Host host;
  host.Write("/etc/ssh/sshd_config.d/10-a.conf", "AuthorizedKeysCommandUser \"nobody\" # x\n");
  host.Write("/etc/ssh/sshd_config.d/20-b.conf",
             "AuthorizedKeysCommand /b\nAuthorizedKeysCommandUser root\n");
  EXPECT_EQ(Winner(host), "/b at /etc/ssh/sshd_config.d/20-b.conf:1");
  EXPECT_EQ(Winner(host, kUser), "nobody at /etc/ssh/sshd_config.d/10-a.conf:1");
}

TEST(SshdConfig, AnIncludeOfItselfEnds) {
  Host host;
  host.Write("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config\nAuthorizedKeysCommand /a\n");
  EXPECT_EQ(Winner(host), "/a at /etc/ssh/sshd_config:2");
}

TEST(SshdConfig, AnAbsoluteLinkStaysInTheTree) {
  Host host;
  host.Write("/etc/ssh/real", "AuthorizedKeysCommand /a\n");
  std::filesystem::remove(host.layout.root + "/etc/ssh/sshd_config");
  std::filesystem::create_symlink("/etc/ssh/real", host.layout.root + "/etc/ssh/sshd_config");
  EXPECT_EQ(Winner(host), "/a at /etc/ssh/sshd_config:1");
}

TEST(Owner, IsToldByTheProgram) {
  const std::pair<const char*, Owner> kRows[] = {
      {"", Owner::kNobody},
      {"none", Owner::kNobody},
      {EIC_LIBEXECDIR "/eic-authorized-keys -- %u %f %t", Owner::kOurs},
      {EIC_LIBEXECDIR "/eic-authorized-keys --timeout 9 -- %u", Owner::kOurs},
      {"/usr/share/ec2-instance-connect/eic_run_authorized_keys %u %f", Owner::kShellAgent},
      {"/opt/aws/bin/eic_run_authorized_keys %u %f", Owner::kShellAgent},
      {"/usr/bin/timeout 5s /opt/aws/bin/curl_authorized_keys %u %f", Owner::kShellAgent},
      {"/usr/bin/timeout 5s /usr/bin/sss_ssh_authorizedkeys %u", Owner::kSomebodyElse},
      {"/usr/bin/sss_ssh_authorizedkeys %u", Owner::kSomebodyElse},
      {"/tmp/eic_run_authorized_keys %u %f", Owner::kSomebodyElse},
      {"/bin/sh /opt/aws/bin/eic_run_authorized_keys", Owner::kSomebodyElse},
      {"/usr/bin/other 'a quote that is not closed", Owner::kSomebodyElse},
  };
  for (const auto& [command, owner] : kRows) EXPECT_EQ(OwnerOf(command), owner) << command;
  EXPECT_EQ(Describe("/usr/bin/sss_ssh_authorizedkeys %u"),
            "SSSD (/usr/bin/sss_ssh_authorizedkeys)");
}

TEST(MatchProbe, IsSomebodyWhomTheBlockMeans) {
  const std::pair<const char*, const char*> kRows[] = {
      {"User alice", "addr=192.0.2.1,host=host.invalid,laddr=192.0.2.2,lport=22,user=alice"},
      {"user !root,ops-*", "addr=192.0.2.1,host=host.invalid,laddr=192.0.2.2,lport=22,user=ops-x"},
      {"Address 10.0.0.0/8,127.0.0.1 User bob",
       "addr=10.0.0.0,host=host.invalid,laddr=192.0.2.2,lport=22,user=bob"},
      {"LocalPort 2222 Host *.example.com",
       "addr=192.0.2.1,host=x.example.com,laddr=192.0.2.2,lport=2222,"
       "user=eic-nobody-in-particular"},
      {"all",
       "addr=192.0.2.1,host=host.invalid,laddr=192.0.2.2,lport=22,"
       "user=eic-nobody-in-particular"},
  };
  for (const auto& [criteria, connection] : kRows) {
    EXPECT_EQ(ConnectionFor(SplitMatchWords(criteria)).value_or("none"), connection) << criteria;
  }
  EXPECT_FALSE(ConnectionFor(SplitMatchWords("RDomain x")));
  EXPECT_FALSE(ConnectionFor(SplitMatchWords("User !root")));
  EXPECT_FALSE(ConnectionFor(SplitMatchWords("Group no-such-group-here")));
}

}  // namespace
}  // namespace eic::admin
