#include "client/commands/ssh_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/commands/wrapper.h"
#include "client/target/resolve.h"
#include "tests/client/fake_outside.h"

namespace eic::client {
namespace {

using eic::fakes::FakeOutside;
using eic::fakes::SampleInstance;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kId = "i-0123456789abcdef0";
constexpr const char* kDescribeId = "DescribeInstances i-0123456789abcdef0";

class SshCommandTest : public testing::Test {
 protected:
  SshCommandTest() {
    outside_.cloud.instances = {SampleInstance(kId, "web-1")};
    outside_.cloud.images = {{"ami-0123456789abcdef0", "ubuntu/images/hvm-ssd/ubuntu-24.04", ""}};
  }

  int Run(const std::vector<std::string>& words) { return RunSshCommand(outside_, words); }

  // As if `user` had been found out by an earlier login.
  void Know(const std::string& user, bool is_tagged = false) {
    Remembered known;
    known.os_user = user;
    known.is_user_from_tag = is_tagged;
    known.image_looks_like = user == "ubuntu" ? "Ubuntu" : "";
    known.address = "203.0.113.25";
    Remember(outside_.home.Of("remembered.json"), kId, known);
  }

  std::vector<std::string>& Calls() { return outside_.cloud.calls; }

  FakeOutside outside_;
};

TEST_F(SshCommandTest, AsksAndPushesAtOnceWhereTheUserIsKnown) {
  Know("ubuntu");
  Run({kId, "df", "-h", "a b"});
  EXPECT_THAT(Calls(),
              ElementsAre(kDescribeId, "Push ubuntu@i-0123456789abcdef0 ssh-ed25519 KEY1 "));
  EXPECT_THAT(outside_.became, ElementsAre("ssh", "-F", testing::_, kId, "df", "-h", "a b"));
  EXPECT_THAT(outside_.events, ElementsAre("pushed 4242", "became ssh", "dropped 4242"));
  ASSERT_EQ(outside_.keys.size(), 1U);
  EXPECT_EQ(outside_.keys[0].ssh_pid, 4242);
  EXPECT_EQ(outside_.keys[0].instance_id, kId);
  EXPECT_EQ(outside_.keys[0].os_user, "ubuntu");
  EXPECT_THAT(outside_.keys[0].host_names, ElementsAre(kId));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("Host i-0123456789abcdef0\n"
                                               "  HostName i-0123456789abcdef0\n"
                                               "  HostKeyAlias i-0123456789abcdef0\n"
                                               "  User ubuntu\n"
                                               "  ProxyCommand /usr/bin/eic proxy "));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr(" -- '%h' '%p' '%r'\n"));
}

// The proxy asks ssh nothing that the wrapper knows; but not where ssh is given another word, for
// which other sections of the person's files may count.
TEST_F(SshCommandTest, TellsTheProxyWhatSshSays) {
  outside_.answers["ssh -G"] = {0, "connecttimeout 7\nforwardagent yes\ntcpkeepalive no\n", ""};
  Run({kId});
  EXPECT_THAT(outside_.ConfigText(),
              HasSubstr("--ssh-says 'connecttimeout=7,forwardagent=yes,tcpkeepalive=no' --"));
  outside_.cloud.instances[0].tags["Name"] = "Web One";
  Run({"Web One"});
  EXPECT_THAT(outside_.ConfigText(), Not(HasSubstr("--ssh-says")));
}

TEST_F(SshCommandTest, CountsConnectTimeoutFromItsOwnBegin) {
  outside_.answers["ssh -G"] = {0, "connecttimeout 7\n", ""};
  Run({"-G", kId});
  EXPECT_EQ(outside_.ends_after_s, 0);  // nothing is connected
  Run({kId});
  EXPECT_EQ(outside_.ends_after_s, 7);
  outside_.ends_after_s = 0;
  outside_.answers["ssh -G"] = {0, "connecttimeout none\n", ""};
  Run({kId});
  EXPECT_EQ(outside_.ends_after_s, 0);
}

TEST_F(SshCommandTest, TakesTheUserThatTheConfigurationHasForThisHost) {
  const std::string other = std::string("ssh -G ") + kNobodysHost;
  outside_.answers["ssh -G"] = {0, "user bob\nhostname i-0123456789abcdef0\n", ""};
  outside_.answers[other] = {0, "user me\n", ""};
  Calls().clear();
  Run({kId});
  EXPECT_THAT(Calls(), Contains(HasSubstr("Push bob@")));
  Calls().clear();
  Run({"-l", "carol", kId});
  EXPECT_THAT(Calls(), Contains(HasSubstr("Push carol@")));
  // One for every host is no choice for this one, and neither is what no account can be called.
  outside_.answers[other] = {0, "user bob\n", ""};
  Calls().clear();
  Run({kId});
  EXPECT_THAT(Calls(), Contains(HasSubstr("Push ubuntu@")));
  outside_.answers["ssh -G"] = {0, "user -bob\nhostname i-0123456789abcdef0\n", ""};
  Calls().clear();
  Run({kId});
  EXPECT_THAT(Calls(), Contains(HasSubstr("Push ubuntu@")));
  // What an earlier login has found out stands in our own block of ssh's configuration.
  Know("admin");
  outside_.answers["ssh -G"] = {0, "user admin\nhostname i-0123456789abcdef0\n", ""};
  outside_.ran_lines.clear();
  Run({kId});
  EXPECT_EQ(outside_.ran_lines.size(), 2U);
}

TEST_F(SshCommandTest, GuessesTheUserOnce) {
  Run({kId});
  EXPECT_THAT(Calls(), ElementsAre(kDescribeId, "DescribeImages ami-0123456789abcdef0",
                                   "Push ubuntu@i-0123456789abcdef0 ssh-ed25519 KEY1 us-west-2a"));
  const auto known = Recall(outside_.home.Of("remembered.json"), kId);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->os_user, "ubuntu");
  EXPECT_EQ(known->image_looks_like, "Ubuntu");
  EXPECT_EQ(known->address, "203.0.113.25");
  EXPECT_EQ(known->region, "us-west-2");
  EXPECT_EQ(known->last_user, "ubuntu");
}

TEST_F(SshCommandTest, FindsByName) {
  Run({"bob@web-1"});
  EXPECT_THAT(Calls()[0], HasSubstr("tag:Name=web-1"));
  EXPECT_EQ(outside_.BecameLine(), "ssh -F FILE bob@web-1");
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("Host web-1\n  HostName i-0123456789abcdef0\n"));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("  User bob\n"));
}

TEST_F(SshCommandTest, GivesSshTheIdWhereTheNameIsNoHost) {
  outside_.cloud.instances[0].tags["Name"] = "Web One";
  Run({"-v", "bob@Web One", "-p", "2222", "id"});
  EXPECT_EQ(outside_.BecameLine(), "ssh -F FILE -v bob@i-0123456789abcdef0 -p 2222 id");
  Run({"ssh://bob@Web One:2222"});
  EXPECT_EQ(outside_.BecameLine(), "ssh -F FILE ssh://bob@i-0123456789abcdef0:2222");
}

TEST_F(SshCommandTest, FollowsAnAliasOfTheConfiguration) {
  Know("ubuntu");
  outside_.answers["ssh -G"] = {0, "hostname i-0123456789abcdef0\nport 22\n", ""};
  Run({"box"});
  EXPECT_EQ(Calls()[0], kDescribeId);
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("Host box\n  HostName i-0123456789abcdef0\n"));
}

TEST_F(SshCommandTest, PushesAgainForTheUserOfATag) {
  Know("ubuntu");
  outside_.cloud.instances[0].tags["eic:user"] = "deploy";
  Run({kId});
  EXPECT_THAT(Calls(), ElementsAre(kDescribeId, "Push ubuntu@i-0123456789abcdef0 ssh-ed25519 KEY1 ",
                                   "Push deploy@i-0123456789abcdef0 ssh-ed25519 KEY2 us-west-2a"));
  EXPECT_EQ(outside_.keys[1].os_user, "deploy");
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("User deploy"));
  Calls().clear();
  Run({kId});
  EXPECT_EQ(Calls().size(), 2U);
}

TEST_F(SshCommandTest, HasUsersInTheirOrder) {
  outside_.home.Write(".config/eic/config", "[web-*]\nuser=admin\n[i-*]\naddress=private\n");
  Know("ubuntu");
  Run({kId});  // the name is known only when AWS has answered
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("User admin"));
  Run({"-l", "bob", kId});
  EXPECT_THAT(Calls().back(), HasSubstr("Push bob@"));
  outside_.cloud.instances[0].tags["eic:user"] = "deploy";
  Run({kId});
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("User deploy"));
}

TEST_F(SshCommandTest, WarnsOfAUserThatTheImageHasNot) {
  Run({"ec2-user@i-0123456789abcdef0"});
  EXPECT_THAT(
      outside_.errors.str(),
      HasSubstr(
          "i-0123456789abcdef0 looks like Ubuntu, whose default user is ubuntu; logging in as "
          "ec2-user\n"));
  outside_.errors.str("");
  Run({"ubuntu@i-0123456789abcdef0"});
  EXPECT_THAT(outside_.errors.str(), Not(HasSubstr("looks like")));
  outside_.is_terminal = false;
  Run({"ec2-user@i-0123456789abcdef0"});
  EXPECT_THAT(outside_.errors.str(), Not(HasSubstr("looks like")));
  Run({"-v", "ec2-user@i-0123456789abcdef0"});
  EXPECT_THAT(outside_.errors.str(), HasSubstr("looks like"));
}

TEST_F(SshCommandTest, AsksNothingWhereHostIdAndZoneAreGiven) {
  Run({"-t", kId, "-z", "us-west-2a", "host.example.com"});
  EXPECT_THAT(Calls(),
              ElementsAre("Push ec2-user@i-0123456789abcdef0 ssh-ed25519 KEY1 us-west-2a"));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("Host host.example.com\n"
                                               "  HostName host.example.com\n"
                                               "  HostKeyAlias i-0123456789abcdef0\n"
                                               "  User ec2-user\n"
                                               "  ProxyCommand none\n"));
}

TEST_F(SshCommandTest, LeavesTheWayToAJumpHost) {
  Know("ubuntu");
  Run({"-J", "bastion", kId});
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("HostName 10.0.0.5\n"));
  EXPECT_EQ(outside_.BecameLine(), "ssh -F FILE -J bastion i-0123456789abcdef0");
  const std::string host = outside_.ConfigText().substr(0, outside_.ConfigText().find("Match"));
  EXPECT_THAT(host, Not(HasSubstr("ProxyCommand")));
  outside_.answers["ssh -G"] = {0, "proxyjump bastion\n", ""};
  Run({kId});
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("HostName 10.0.0.5\n"));
}

TEST_F(SshCommandTest, PushesNothingWhereAMasterIsAlive) {
  Know("ubuntu");
  outside_.answers["ssh -G"] = {0, "controlpath /tmp/x\n", ""};
  Run({"-o", "ControlPath=/tmp/x", kId, "id"});
  EXPECT_THAT(Calls(), IsEmpty());
  EXPECT_EQ(outside_.BecameLine(), "ssh -F FILE -o ControlPath=/tmp/x i-0123456789abcdef0 id");
  ASSERT_EQ(outside_.ran_lines.size(), 3U);
  EXPECT_THAT(outside_.ran_lines[2],
              HasSubstr(" -O check -o ControlPath=/tmp/x i-0123456789abcdef0 id"));
  // With a dead one it is pushed.
  outside_.answers["ssh -F"] = {255, "", "Control socket connect: No such file\n"};
  Run({"-o", "ControlPath=/tmp/x", kId, "id"});
  EXPECT_EQ(Calls().size(), 2U);
}

TEST_F(SshCommandTest, PushesNothingForAQuestion) {
  Know("ubuntu");
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"-G", kId}, {"-O", "exit", kId}, {"-V"}, {"-Q", "key"}, {"--print-command", kId}}) {
    Run(words);
    EXPECT_THAT(Calls(), IsEmpty());
    EXPECT_THAT(outside_.keys, IsEmpty());
  }
}

TEST_F(SshCommandTest, PrintsALineForAShell) {
  Know("ubuntu");
  EXPECT_EQ(Run({"--print-command", kId, "echo", "it's $HOME"}), 0);
  EXPECT_THAT(outside_.output.str(), HasSubstr("/run/"));
  EXPECT_THAT(outside_.output.str(), HasSubstr(" i-0123456789abcdef0 echo 'it'\\''s $HOME'\n"));
  EXPECT_THAT(outside_.became, IsEmpty());
}

TEST_F(SshCommandTest, PutsItsKeyBeforeWhatForbidsIt) {
  Know("ubuntu");
  Run({"-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=/a", kId});
  EXPECT_EQ(outside_.BecameLine(), "ssh -F FILE -o IdentitiesOnly=no -o IdentityAgent=\"" +
                                       outside_.home.Of("agent.sock") +
                                       "\" -o IdentitiesOnly=yes -o IdentityAgent=/a "
                                       "i-0123456789abcdef0");
}

TEST_F(SshCommandTest, RelaysThePersonsAgentWhereItIsForwarded) {
  Know("ubuntu");
  outside_.environment["SSH_AUTH_SOCK"] = "/tmp/agent";
  Run({kId});
  outside_.answers["ssh -G"] = {0, "forwardagent no\n", ""};
  Run({kId});
  EXPECT_EQ(outside_.keys[1].user_agent_socket, "");
  struct Row {
    const char* identity_agent;
    const char* relayed;
  };
  for (const Row& row : {Row{"", "/tmp/agent"}, Row{"identityagent SSH_AUTH_SOCK\n", "/tmp/agent"},
                         Row{"identityagent /b\n", "/b"}, Row{"identityagent none\n", ""},
                         Row{"identityagent $OTHER\n", "/c"}}) {
    outside_.environment["OTHER"] = "/c";
    outside_.answers["ssh -G"] = {0, std::string("forwardagent yes\n") + row.identity_agent, ""};
    Run({"-A", kId});
    EXPECT_EQ(outside_.keys.back().user_agent_socket, row.relayed) << row.identity_agent;
  }
  // Ours is nobody else's, whoever says it.
  outside_.environment["SSH_AUTH_SOCK"] = outside_.home.Of("agent.sock");
  outside_.answers["ssh -G"] = {
      0, "forwardagent yes\nidentityagent " + outside_.home.Of("agent.sock") + "\n", ""};
  Run({"-A", kId});
  EXPECT_EQ(outside_.keys.back().user_agent_socket, "");
}

TEST_F(SshCommandTest, TakesPlaceAndKeyFromLineWordAndSettings) {
  outside_.home.Write(".config/eic/config", "[*]\nregion=eu-west-1\nprofile=work\nkey_type=rsa\n");
  Run({"bob@i-0123456789abcdef0.us-west-2", "--profile", "Home"});
  ASSERT_FALSE(outside_.cloud.opened.empty());
  EXPECT_EQ(outside_.cloud.opened[0].region, "us-west-2");
  EXPECT_EQ(outside_.cloud.opened[0].profile, "Home");
  EXPECT_EQ(outside_.keys[0].type, KeyType::kRsa);
  EXPECT_THAT(outside_.ConfigText(),
              HasSubstr("proxy --region us-west-2 --profile Home --ssh-says "));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("HostName i-0123456789abcdef0\n"));
}

TEST_F(SshCommandTest, LetsSshSayWhatItDoesNotTake) {
  outside_.answers["ssh -G"] = {255, "", "unknown option -- Z"};
  EXPECT_EQ(Run({"-Z", kId}), 255);
  EXPECT_EQ(outside_.errors.str(), "unknown option -- Z\n");
  EXPECT_THAT(Calls(), IsEmpty());
}

TEST_F(SshCommandTest, MakesAKeyAnewWhereTheKeeperWasKilled) {
  Know("ubuntu");
  outside_.keys_lost = 2;
  Run({kId});
  EXPECT_EQ(outside_.keys.size(), 3U);
  EXPECT_EQ(outside_.events.back(), "dropped 4242");
  EXPECT_FALSE(outside_.became.empty());
}

TEST_F(SshCommandTest, SaysWhyAndHowItEnds) {
  struct Row {
    const char* what;
    std::vector<std::string> words;
    int status;
    const char* message;
  };
  outside_.cloud.instances[0].public_ip.clear();
  outside_.cloud.instances[0].private_ip.clear();
  const Row rows[] = {
      {"no target", {}, 64, "eic: give an instance"},
      {"wrong usage", {"--nothing"}, 64, "eic: unknown option --nothing\neic: --help"},
      {"no address", {"-J", "bastion", kId}, 8, "eic: web-1 (i-0123456789abcdef0) has no private"},
      {"no such name", {"db"}, 1, "eic: no instance in us-west-2 is named db"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    outside_.errors.str("");
    outside_.became.clear();
    EXPECT_EQ(Run(row.words), row.status);
    EXPECT_THAT(outside_.errors.str(), HasSubstr(row.message));
    EXPECT_THAT(outside_.became, IsEmpty());
  }
  EXPECT_THAT(outside_.events, Contains("recorded db NoSuchInstance"));
}

TEST_F(SshCommandTest, TellsOfAStoppedInstanceBeforeThePushesOwnWords) {
  Know("ubuntu");
  outside_.cloud.instances[0].state = "stopped";
  outside_.cloud.push_fails = aws::Failure{"EC2InstanceStateInvalidException", "not running"};
  EXPECT_EQ(Run({kId}), 1);
  EXPECT_THAT(outside_.errors.str(), HasSubstr("is stopped"));
  EXPECT_THAT(outside_.events, Contains("dropped 4242"));
}

TEST_F(SshCommandTest, LogsInWithoutDescribingWhereTheAddressIsKnown) {
  Know("ubuntu");
  outside_.cloud.describe_fails = aws::Failure{"UnauthorizedOperation", "You are not authorized"};
  Run({kId});
  EXPECT_EQ(outside_.BecameLine(), "ssh -F FILE i-0123456789abcdef0");
  Run({"bob@i-0fedcba9876543210"});
  EXPECT_THAT(outside_.errors.str(), HasSubstr("You are not authorized"));
}

TEST_F(SshCommandTest, IncludesWhatFSays) {
  Know("ubuntu");
  Run({"-F", "/my own", kId});
  EXPECT_THAT(outside_.ran_lines[1], HasSubstr("ssh -G -F /my own "));
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("Include \"/my own\"\n"));
  EXPECT_THAT(outside_.ConfigText(), Not(HasSubstr(".ssh/config")));
  for (const char* nothing : {"none", "/dev/null"}) {
    Run({"-F", nothing, kId});
    EXPECT_THAT(outside_.ConfigText(), Not(HasSubstr("my own"))) << nothing;
    EXPECT_THAT(outside_.ConfigText(), Not(HasSubstr("/dev/null"))) << nothing;
  }
  Run({kId});
  EXPECT_THAT(outside_.ConfigText(), HasSubstr("/.ssh/config\n"));
}

}  // namespace
}  // namespace eic::client
