#include "client/ssh/config_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/ssh/config_words.h"
#include "client/ssh/run_ssh.h"
#include "client/ssh/ssh_settings.h"
#include "tests/fakes/needs.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

using eic::fakes::TempFolder;
using testing::HasSubstr;

constexpr const char* kId = "i-0123456789abcdef0";

BlockSpec SampleBlock(const std::string& folder, SshVersion version = {9, 2}) {
  return {version, Folder{folder}, {"/usr/bin/eic", "proxy", "--", "%h", "%p", "%r"}};
}

HostSection SampleHost() {
  HostSection host;
  host.word = "web-1";
  host.instance_id = kId;
  host.host_name = kId;
  host.user = "ubuntu";
  host.proxy_command = {"/usr/bin/eic", "proxy", "--region", "us-west-2", "--", "%h", "%p", "%r"};
  return host;
}

// What the ssh of this machine makes of `text` for `host`.
SshSettings AskSsh(const TempFolder& folder, const std::string& text, const std::string& host) {
  const std::string file = folder.Write("written.conf", text);
  const auto ran = RunSsh({"ssh", "-F", file, "-G", host});
  EXPECT_TRUE(ran && ran->status == 0) << (ran ? ran->errors : ran.error().message);
  return SshSettings::Parse(ran ? ran->output : "");
}

TEST(ConfigWord, IsQuotedByVersion) {
  struct Row {
    const char* value;
    const char* since_8_7;
    const char* before;  // empty: refused
  };
  const Row rows[] = {
      {"/home/a/.ssh/eic", "/home/a/.ssh/eic", "/home/a/.ssh/eic"},
      {"/a b", "\"/a b\"", "\"/a b\""},
      {"/a\\b", "\"/a\\\\b\"", "\"/a\\b\""},
      {"/a\"b", "\"/a\\\"b\"", ""},
      {"/a#b", "\"/a#b\"", "\"/a#b\""},
      {"/a'b", "\"/a'b\"", "\"/a'b\""},
      {"/\xc3\xa4", "\"/\xc3\xa4\"", "\"/\xc3\xa4\""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.value);
    const auto now = ConfigWord(row.value, {8, 7});
    ASSERT_TRUE(now);
    EXPECT_EQ(*now, row.since_8_7);
    const auto before = ConfigWord(row.value, {8, 6});
    EXPECT_EQ(before ? *before : "", row.before);
  }
  for (const char* value : {"", "a\nb", "a\rb", "a\tb", "a\x7f"}) {
    EXPECT_FALSE(ConfigWord(value, {9, 2})) << value;
  }
}

TEST(ConfigPath, IsWhatSshExpandsItTo) {
  const auto path = [](PathSetting setting, const char* text, SshVersion version) {
    const auto word = ConfigPath(setting, text, version);
    return word ? *word : word.error().code;
  };
  EXPECT_EQ(path(PathSetting::kIdentityAgent, "/a%h", {7, 4}), "/a%%h");
  EXPECT_EQ(path(PathSetting::kUserKnownHostsFile, "/a%h", {8, 3}), "/a%h");
  EXPECT_EQ(path(PathSetting::kUserKnownHostsFile, "/a%h", {8, 4}), "/a%%h");
  EXPECT_EQ(path(PathSetting::kInclude, "/a%h", {9, 8}), "/a%h");
  EXPECT_EQ(path(PathSetting::kInclude, "/a%h", {9, 9}), "/a%%h");
  EXPECT_EQ(path(PathSetting::kInclude, "/a*b", {8, 4}), "\"/a\\*b\"");
  EXPECT_EQ(path(PathSetting::kInclude, "/a*b", {9, 2}), "\"/a\\\\*b\"");
  EXPECT_EQ(path(PathSetting::kIdentityAgent, "a", {9, 2}), "BadPath");
  EXPECT_EQ(path(PathSetting::kIdentityAgent, "/${HOME}", {9, 2}), "BadPath");
}

TEST(ConfigCommand, IsForTheShell) {
  const auto command = ConfigCommand({"/a b/eic", "it's", "100%", "%h", "%x", ""});
  ASSERT_TRUE(command);
  EXPECT_EQ(*command, "'/a b/eic' 'it'\\''s' 100%% '%h' %%x ''");
  EXPECT_FALSE(ConfigCommand({"a\nb"}));
}

TEST(WriteBlock, SaysWhatIsMeantByVersion) {
  const auto now = WriteBlock(SampleBlock("/home/a/.ssh/eic"));
  ASSERT_TRUE(now);
  EXPECT_EQ(*now,
            "Match host i-????????,i-?????????????????,i-????????.*,i-?????????????????.*\n"
            "  ProxyCommand /usr/bin/eic proxy -- '%h' '%p' '%r'\n"
            "  ProxyUseFdpass yes\n"
            "  IdentityAgent /home/a/.ssh/eic/agent.sock\n"
            "  IdentitiesOnly no\n"
            "  StrictHostKeyChecking accept-new\n"
            "  UserKnownHostsFile /home/a/.ssh/eic/known_hosts\n"
            "  HashKnownHosts no\n"
            "Match all\n"
            "Include /home/a/.ssh/eic/users.conf\n"
            "Match host i-????????,i-?????????????????,i-????????.*,i-?????????????????.*\n"
            "  User ec2-user\n"
            "Match all\n");
  EXPECT_THAT(*WriteBlock(SampleBlock("/a", {7, 5})), HasSubstr("StrictHostKeyChecking ask\n"));
  BlockSpec strict = SampleBlock("/a");
  strict.host_keys = HostKeys::kYes;
  EXPECT_THAT(*WriteBlock(strict), HasSubstr("StrictHostKeyChecking yes\n"));
}

TEST(WriteBlock, IsReadBackBySsh) {
  const auto version = AskSshVersion();
  EIC_NEEDS(version.ok(), "ssh");
  const TempFolder folder;
  for (const char* name : {"/home/a/.ssh/eic", "/a b/c", "/a%h%%d", "/a\\b\\\\c", "/a'b;c`d`$e",
                           "/a#b =c", "/\xc3\xa4\xff", "/a[b]*?{c}", "/=", "/a\"b", "/~x"}) {
    SCOPED_TRACE(name);
    BlockSpec spec = SampleBlock(name, *version);
    spec.proxy_command = {std::string(name) + "/eic", "proxy", "--", "%h", "%p", "%r"};
    const auto text = WriteBlock(spec);
    if (!text) {
      EXPECT_NE(std::string(name).find('"'), std::string::npos) << text.error().message;
      continue;
    }
    const SshSettings read = AskSsh(folder, *text, "i-0123abcd.us-west-2");
    EXPECT_EQ(read.Get("identityagent"), spec.folder.AgentSocket());
    EXPECT_EQ(read.Get("userknownhostsfile"), spec.folder.KnownHosts());
    EXPECT_EQ(read.Get("proxycommand"), *ConfigCommand(spec.proxy_command));
    EXPECT_EQ(read.Get("proxyusefdpass"), "yes");
    EXPECT_EQ(read.Get("user"), "ec2-user");
    // Hosts of others are let alone.
    for (const char* other : {"web", "i-tunes", "i-0123abcde", "xi-0123abcd"}) {
      EXPECT_FALSE(AskSsh(folder, *text, other).Has("proxycommand")) << other;
    }
  }
}

TEST(WriteBlock, TakesRememberedUsers) {
  const auto version = AskSshVersion();
  EIC_NEEDS(version.ok(), "ssh");
  const TempFolder folder;
  const std::string home = folder.Of("a b%");
  folder.Write("a b%/users.conf", "Match host i-0123abcd,i-0123abcd.*\n  User ubuntu\n");
  const auto text = WriteBlock(SampleBlock(home, *version));
  ASSERT_TRUE(text);
  EXPECT_EQ(AskSsh(folder, *text, "i-0123abcd").Get("user"), "ubuntu");
  EXPECT_EQ(AskSsh(folder, *text, "i-0123abce").Get("user"), "ec2-user");
}

TEST(WriteCommandConfig, PutsTheHostFirstAndThePersonsLast) {
  const auto version = AskSshVersion();
  EIC_NEEDS(version.ok(), "ssh");
  const TempFolder folder;
  const std::string own = folder.Write("own *.conf",
                                       "Host web-1\n  HostName 192.0.2.1\n  Compression yes\n"
                                       "Host *\n  IdentityAgent /x\n  ServerAliveInterval 7\n");
  CommandSpec spec{SampleBlock("/home/a/.ssh/eic", *version), {SampleHost()}, {own}};
  const auto text = WriteCommandConfig(spec);
  ASSERT_TRUE(text) << text.error().message;
  const SshSettings web = AskSsh(folder, *text, "web-1");
  EXPECT_EQ(web.Get("hostname"), kId);
  EXPECT_EQ(web.Get("hostkeyalias"), kId);
  EXPECT_EQ(web.Get("user"), "ubuntu");
  EXPECT_EQ(web.Get("identityagent"), "/home/a/.ssh/eic/agent.sock");
  EXPECT_EQ(web.Get("compression"), "yes");
  EXPECT_EQ(web.Get("serveraliveinterval"), "7");
  EXPECT_THAT(web.Get("proxycommand"), HasSubstr("--region us-west-2"));
  // A jump host that is an instance, and one that is not.
  EXPECT_EQ(AskSsh(folder, *text, "i-0123abcd").Get("identityagent"),
            "/home/a/.ssh/eic/agent.sock");
  EXPECT_EQ(AskSsh(folder, *text, "bastion").Get("identityagent"), "/x");
}

TEST(WriteCommandConfig, LeavesTheWayToOthers) {
  const auto version = AskSshVersion();
  EIC_NEEDS(version.ok(), "ssh");
  const TempFolder folder;
  const std::string own = folder.Write("own.conf", "Host *\n  ProxyJump bastion\n");
  HostSection host = SampleHost();
  host.host_name = "10.0.0.5";
  host.proxy_command.clear();
  CommandSpec spec{SampleBlock("/home/a/.ssh/eic", *version), {host}, {own}};
  const SshSettings jumps = AskSsh(folder, *WriteCommandConfig(spec), "web-1");
  EXPECT_EQ(jumps.Get("proxyjump"), "bastion");
  EXPECT_EQ(jumps.Get("hostname"), "10.0.0.5");
  spec.hosts[0].connects_itself = true;
  const SshSettings direct = AskSsh(folder, *WriteCommandConfig(spec), "web-1");
  EXPECT_FALSE(direct.Has("proxyjump"));
  EXPECT_FALSE(direct.Has("proxycommand"));
}

TEST(WriteCommandConfig, WritesNoWordThatIsNoHost) {
  for (const char* word : {"a b", "a\nb", "*", "!a", "a,b", "-x", "WEB", "", "a\"b"}) {
    SCOPED_TRACE(word);
    HostSection host = SampleHost();
    host.word = word;
    EXPECT_FALSE(WriteCommandConfig({SampleBlock("/a"), {host}, {}}));
    host = SampleHost();
    host.host_name = word;
    EXPECT_FALSE(WriteCommandConfig({SampleBlock("/a"), {host}, {}}));
  }
  HostSection host = SampleHost();
  host.user = "a\nProxyCommand x";
  EXPECT_FALSE(WriteCommandConfig({SampleBlock("/a"), {host}, {}}));
}

}  // namespace
}  // namespace eic::client
