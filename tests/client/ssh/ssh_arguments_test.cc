#include "client/ssh/ssh_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace eic::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Mode = SshLine::Mode;
using Words = std::vector<std::string>;

constexpr SshVersion kNow{9, 2};

// Blanks set words apart; `~` stands for a blank in a word.
Words Split(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) {
    for (char& c : word) c = c == '~' ? ' ' : c;
    words.push_back(word);
  }
  return words;
}

std::string Joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

SshLine Parse(const std::string& text, const SshVersion& version = kNow) {
  auto line = ParseSshLine(Split(text), version);
  EXPECT_TRUE(line) << text << ": " << line.error().message;
  return line ? *line : SshLine{};
}

// The line as ssh would be given it, with `@` where the destination goes.
std::string Passed(const SshLine& line) {
  return Joined(line.before) + " @ " + Joined(line.after) + " @ " + Joined(line.command);
}

// What the old mssh takes (first those that it did well, then those that it read wrongly), and what
// is made of it. ID is an instance id.
struct OldRow {
  const char* line;
  const char* host;
  const char* user;
  const char* instance_id;
  const char* passed;
};

const OldRow kOldRows[] = {
    {"ID", "ID", "", "", " @  @ "},
    {"ubuntu@ID", "ID", "ubuntu", "", " @  @ "},
    {"-l bob ID", "ID", "bob", "", "-l bob @  @ "},
    {"-lbob ID", "ID", "bob", "", "-lbob @  @ "},
    {"-t ID host.example.com", "host.example.com", "", "ID", " @  @ "},
    {"-t ID 10.0.0.5 df", "10.0.0.5", "", "ID", " @  @ df"},
    {"-t ID root@10.0.0.5", "10.0.0.5", "root", "ID", " @  @ "},
    {"-t ID -z us-west-2a 10.0.0.5", "10.0.0.5", "", "ID", " @  @ "},
    {"-t ID fe80::1", "fe80::1", "", "ID", " @  @ "},
    {"-tID 10.0.0.5", "10.0.0.5", "", "ID", " @  @ "},
    {"--instance_id ID bastion", "bastion", "", "ID", " @  @ "},
    {"--inst ID bastion", "bastion", "", "ID", " @  @ "},
    {"--instance-id=ID bastion", "bastion", "", "ID", " @  @ "},
    {"host.example.com -t ID", "host.example.com", "", "ID", " @  @ "},
    {"host.example.com", "host.example.com", "", "", " @  @ "},
    {"ID -r us-east-1", "ID", "", "", " @  @ "},
    {"ID cmd args", "ID", "", "", " @  @ cmd args"},
    {"-A ID", "ID", "", "", "-A @  @ "},
    {"-v -N -L x ID", "ID", "", "", "-v -N -L x @  @ "},
    {"-J bast ID", "ID", "", "", "-J bast @  @ "},
    {"ID df -h", "ID", "", "", " @  @ df -h"},
    {"ID sudo -u root id", "ID", "", "", " @  @ sudo -u root id"},
    {"ID -t top", "ID", "", "", " @ -t @ top"},
    {"-tt ID top", "ID", "", "", "-tt @  @ top"},
    {"-A ID ls", "ID", "", "", "-A @  @ ls"},
    {"-p22 ID ls", "ID", "", "", "-p22 @  @ ls"},
    {"-oX=y ID ls", "ID", "", "", "-oX=y @  @ ls"},
    {"-i k ID", "ID", "", "", "-i k @  @ "},
    {"-ik ID", "ID", "", "", "-ik @  @ "},
    {"Bob@ID", "ID", "Bob", "", " @  @ "},
    {"user.name@ID", "ID", "user.name", "", " @  @ "},
    {"a@b@ID", "ID", "a@b", "", " @  @ "},
    {"-z us-west-2-lax-1a ID", "ID", "", "", " @  @ "},
    // A terminal: nothing that has the shape of a HOST follows the id.
    {"-t ID", "ID", "", "", "-t @  @ "},
    {"-t ID top", "ID", "", "", "-t @  @ top"},
    {"-t ID ./x.sh", "ID", "", "", "-t @  @ ./x.sh"},
    {"-t ubuntu@ID htop", "ID", "ubuntu", "", "-t @  @ htop"},
    {"-t -t ID", "ID", "", "", "-t -t @  @ "},
};

std::string WithId(std::string text) {
  for (std::size_t at = text.find("ID"); at != std::string::npos; at = text.find("ID")) {
    text.replace(at, 2, "i-0123456789abcdef0");
  }
  return text;
}

TEST(SshLine, TakesWhatTheOldProgramTookAndReadsTheRestAsSsh) {
  for (const OldRow& row : kOldRows) {
    SCOPED_TRACE(row.line);
    const SshLine line = Parse(WithId(row.line));
    EXPECT_EQ(line.destination.host, WithId(row.host));
    EXPECT_EQ(line.user, row.user);
    EXPECT_EQ(line.own.instance_id, WithId(row.instance_id));
    EXPECT_EQ(Passed(line), row.passed);
    EXPECT_EQ(line.mode, Mode::kConnect);
  }
}

TEST(SshLine, KnowsOurOptionsInEveryForm) {
  for (const char* text :
       {"-r eu-west-1 -u work -z eu-west-1a -d web", "-reu-west-1 -uwork -zeu-west-1a -d web",
        "web -r eu-west-1 -u work -z eu-west-1a -d",
        "--reg eu-west-1 --prof work --zone=eu-west-1a "
        "--deb web",
        "web --region=eu-west-1 --p work --z eu-west-1a --debug",
        "-dr eu-west-1 -u work -z eu-west-1a web"}) {
    SCOPED_TRACE(text);
    const SshLine line = Parse(text);
    EXPECT_EQ(line.own.region, "eu-west-1");
    EXPECT_EQ(line.own.profile, "work");
    EXPECT_EQ(line.own.zone, "eu-west-1a");
    EXPECT_TRUE(line.own.is_verbose);
    EXPECT_EQ(line.destination.host, "web");
    EXPECT_EQ(Passed(line), " @  @ ");
  }
  const SshLine more = Parse(
      "--address private --key-type rsa --endpoint-url http://x --ca-bundle f --print-command web");
  EXPECT_EQ(more.own.address, AddressKind::kPrivate);
  EXPECT_EQ(more.own.key_type, KeyType::kRsa);
  EXPECT_EQ(more.own.endpoint_url, "http://x");
  EXPECT_EQ(more.own.ca_bundle, "f");
  EXPECT_TRUE(more.own.prints_command);
  EXPECT_TRUE(Parse("-h").own.wants_help);
  EXPECT_TRUE(Parse("--help").own.wants_help);
  EXPECT_TRUE(Parse("--version").own.wants_version);
}

TEST(SshLine, TakesNothingOfTheCommand) {
  const SshLine line = Parse("web grep --region -r x~y -t i-0123abcd -- -l bob");
  EXPECT_THAT(line.command,
              ElementsAre("grep", "--region", "-r", "x y", "-t", "i-0123abcd", "--", "-l", "bob"));
  EXPECT_EQ(line.own.region, "");
  EXPECT_EQ(line.user, "");
}

TEST(SshLine, EndsOptionsAsGetoptDoes) {
  const SshLine before = Parse("-v -- web -v");
  EXPECT_EQ(Passed(before), "-v -- @  @ -v");
  const SshLine after = Parse("web -v -- -x --region");
  EXPECT_EQ(Passed(after), " @ -v -- @ -x --region");
  const SshLine dash = Parse("web -");
  EXPECT_THAT(dash.command, ElementsAre("-"));
}

TEST(SshLine, KeepsClustersWhole) {
  EXPECT_EQ(Passed(Parse("-4vNL 1:h:2 web")), "-4vNL 1:h:2 @  @ ");
  EXPECT_EQ(Passed(Parse("-vLx web")), "-vLx @  @ ");
  // Ours is taken out of the middle, and ends the cluster with its value.
  EXPECT_EQ(Passed(Parse("-4vr us-east-1 web")), "-4v @  @ ");
  EXPECT_EQ(Passed(Parse("-vdN web")), "-vN @  @ ");
  EXPECT_EQ(Passed(Parse("-NFmy.conf web")), "-N @  @ ");
  EXPECT_EQ(Parse("-NFmy.conf web").config_file, "my.conf");
}

TEST(SshLine, TakesTheFirstUserAsSshDoes) {
  EXPECT_EQ(Parse("-l bob ubuntu@web").user, "bob");
  EXPECT_EQ(Parse("ubuntu@web -l bob").user, "ubuntu");
  EXPECT_EQ(Parse("-o User=bob -l carol web").user, "bob");
  EXPECT_EQ(Parse("web -ouser~bob").user, "bob");
}

TEST(SshLine, ReadsUris) {
  struct Row {
    const char* text;
    const char* user;
    const char* host;
    const char* port;
  };
  for (const Row& row :
       {Row{"ssh://web", "", "web", ""}, Row{"ssh://bob@web:2222", "bob", "web", "2222"},
        Row{"ssh://bob;fingerprint=x@web/", "bob", "web", ""},
        Row{"ssh://[2001:db8::5]:22", "", "2001:db8::5", "22"}}) {
    SCOPED_TRACE(row.text);
    const SshLine line = Parse(row.text);
    EXPECT_EQ(line.destination.user, row.user);
    EXPECT_EQ(line.destination.host, row.host);
    EXPECT_EQ(line.destination.port, row.port);
  }
}

TEST(SshLine, SeesWhatWouldNotReachUs) {
  const SshLine line =
      Parse("-o IdentitiesOnly=yes -oIdentityAgent=/a -o ProxyCommand~nc~%h -J bast web");
  EXPECT_TRUE(line.wants_only_identities);
  EXPECT_EQ(line.identity_agent, "/a");
  EXPECT_EQ(line.proxy_command, "nc %h");
  EXPECT_TRUE(line.has_jump);
  EXPECT_FALSE(Parse("-J none web").has_jump);
  EXPECT_TRUE(Parse("-o ProxyJump=b web").has_jump);
}

TEST(SshLine, KnowsWhatNeedsNoLogin) {
  EXPECT_EQ(Parse("-G web").mode, Mode::kShowSettings);
  EXPECT_EQ(Parse("-O check web").mode, Mode::kControl);
  EXPECT_EQ(Parse("-V").mode, Mode::kTell);
  EXPECT_EQ(Parse("-Q key").mode, Mode::kTell);
  EXPECT_EQ(Parse("").destination_word, "");
}

TEST(SshLine, ReadsLettersByVersion) {
  // A flag before 9.4, and since then the name of a tag.
  EXPECT_EQ(Parse("-P tag web", {9, 2}).destination.host, "tag");
  EXPECT_EQ(Parse("-P tag web", {9, 4}).destination.host, "web");
  EXPECT_TRUE(Parse("-P tag web").depends_on_version);
  EXPECT_FALSE(Parse("-p 22 web").depends_on_version);
}

TEST(SshLine, SaysWhatIsWrong) {
  struct Row {
    const char* line;
    const char* message;
  };
  for (const Row& row :
       {Row{"web -p", "-p needs a value"}, Row{"-r", "-r needs a value"},
        Row{"--region", "--region needs a value"}, Row{"--region= web", "--region needs a value"},
        Row{"--nothing web", "unknown option --nothing"},
        Row{"--debug=1 web", "--debug takes no value"},
        Row{"--v web", "--v may be any of --verbose --version"},
        Row{"--address any web", "--address is one of"},
        Row{"--key-type dsa web", "--key-type is one of"},
        Row{"--instance-id web h", "is not an instance id"},
        Row{"@web", "there is no host in @web"}, Row{"bob@", "there is no host in bob@"},
        Row{"ssh://[::1", "there is no host"}, Row{"-- -oProxyCommand=x", "there is no host"}}) {
    SCOPED_TRACE(row.line);
    const auto line = ParseSshLine(Split(row.line), kNow);
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, "Usage");
    EXPECT_THAT(line.error().message, HasSubstr(row.message));
  }
}

}  // namespace
}  // namespace eic::client
