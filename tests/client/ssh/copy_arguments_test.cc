#include "client/ssh/copy_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace eic::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string>;

Words Split(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

CopyLine Parse(CopyProgram program, const std::string& text) {
  auto line = ParseCopyLine(program, Split(text));
  EXPECT_TRUE(line) << text << ": " << line.error().message;
  return line ? *line : CopyLine{};
}

CopyLine Scp(const std::string& text) { return Parse(CopyProgram::kScp, text); }
CopyLine Sftp(const std::string& text) { return Parse(CopyProgram::kSftp, text); }

TEST(ScpLine, TellsHostsFromFiles) {
  struct Row {
    const char* word;
    const char* user;
    const char* host;  // empty: a file
    const char* with_x;
  };
  const Row rows[] = {
      {"file", "", "", ""},
      {"./a:b", "", "", ""},
      {"/a:b", "", "", ""},
      {":b", "", "", ""},
      {"web:", "", "web", "X:"},
      {"web:a:b", "", "web", "X:a:b"},
      {"bob@web:/etc/hosts", "bob", "web", "bob@X:/etc/hosts"},
      {"a@b@web:x", "a@b", "web", "a@b@X:x"},
      {"[2001:db8::5]:x", "", "2001:db8::5", "X:x"},
      {"bob@[2001:db8::5]:x", "bob", "2001:db8::5", "bob@X:x"},
      {"scp://bob@web:2222/x/y", "bob", "web", "scp://bob@X:2222/x/y"},
      {"scp://web", "", "web", "scp://X"},
      {"scp://[2001:db8::5]:22/x", "", "2001:db8::5", "scp://X:22/x"},
      {"i-0123456789abcdef0:x", "", "i-0123456789abcdef0", "X:x"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.word);
    const CopyLine line = Scp(std::string(row.word) + " to");
    ASSERT_EQ(line.operands.size(), 2U);
    const CopyLine::Operand& operand = line.operands[0];
    ASSERT_EQ(operand.remote.has_value(), *row.host != '\0');
    if (!operand.remote) continue;
    EXPECT_EQ(operand.remote->user, row.user);
    EXPECT_EQ(operand.remote->host, row.host);
    EXPECT_EQ(OperandWithHost(operand, "X"), row.with_x);
    EXPECT_EQ(OperandWithHost(operand, row.host), row.word);
  }
}

TEST(ScpLine, LeavesScpsLettersToScp) {
  const CopyLine line = Scp("-3rp -O -l 100 -P 2222 -o User=bob --region eu-west-1 a b web:x");
  EXPECT_THAT(line.options, ElementsAre("-3rp", "-O", "-l", "100", "-P", "2222", "-o", "User=bob"));
  EXPECT_EQ(line.own.region, "eu-west-1");
  EXPECT_EQ(line.user, "bob");
  ASSERT_EQ(line.operands.size(), 3U);
  EXPECT_TRUE(line.operands[2].remote);
}

TEST(ScpLine, TakesOursAmongItsOperands) {
  const CopyLine line = Scp("a web:x --profile work");
  EXPECT_EQ(line.own.profile, "work");
  EXPECT_EQ(line.operands.size(), 2U);
  EXPECT_EQ(Scp("-- a web:x --profile").operands.size(), 3U);
}

TEST(ScpLine, TakesJumpHostsOut) {
  const CopyLine line = Scp("-J bast -v a web:x");
  EXPECT_THAT(line.options, ElementsAre("-v"));
  EXPECT_EQ(line.jump, "bast");
  EXPECT_TRUE(line.has_jump);
  EXPECT_TRUE(line.is_verbose);
  EXPECT_FALSE(Scp("-o ProxyJump=none a web:x").has_jump);
}

TEST(ScpLine, PassesOnWhatReachesNoHost) {
  EXPECT_TRUE(Scp("-t /tmp").reaches_no_host);
  EXPECT_TRUE(Scp("-rf /tmp").reaches_no_host);
  EXPECT_TRUE(Sftp("-D /usr/lib/sftp-server").reaches_no_host);
  EXPECT_FALSE(Scp("-r a web:").reaches_no_host);
}

TEST(SftpLine, TakesWhatTheOldProgramTook) {
  const CopyLine hosts = Sftp("i-0123abcd:/etc/hosts");
  EXPECT_EQ(hosts.operands[0].remote->host, "i-0123abcd");
  EXPECT_EQ(hosts.operands[0].behind_host, ":/etc/hosts");

  const CopyLine local = Sftp("bob@i-0123abcd:dir/ local:x");
  EXPECT_EQ(local.operands[0].remote->user, "bob");
  EXPECT_FALSE(local.operands[1].remote);

  const CopyLine batch = Sftp("-P 2222 -b file i-0123abcd");
  EXPECT_THAT(batch.options, ElementsAre("-P", "2222", "-b", "file"));
  EXPECT_EQ(batch.operands[0].remote->host, "i-0123abcd");

  for (const char* text :
       {"-r us-west-2 -u work -z us-west-2a -d web", "-rus-west-2 -uwork -zus-west-2a -d web",
        "web -r us-west-2 -u work -z us-west-2a -d",
        "web --reg us-west-2 --prof work --zone us-west-2a --deb"}) {
    SCOPED_TRACE(text);
    const CopyLine line = Sftp(text);
    EXPECT_EQ(line.own.region, "us-west-2");
    EXPECT_EQ(line.own.profile, "work");
    EXPECT_EQ(line.own.zone, "us-west-2a");
    EXPECT_TRUE(line.own.is_verbose);
    EXPECT_TRUE(line.options.empty());
  }
  const CopyLine by_id = Sftp("-t i-0123abcd bob@10.0.0.5:x");
  EXPECT_EQ(by_id.own.instance_id, "i-0123abcd");
  EXPECT_EQ(by_id.operands[0].remote->host, "10.0.0.5");
}

TEST(SftpLine, LeavesItsOwnRAlone) {
  const CopyLine line = Sftp("-r web");
  EXPECT_THAT(line.options, ElementsAre("-r"));
  EXPECT_EQ(line.operands[0].remote->host, "web");
  EXPECT_THAT(Sftp("-rp web:x").options, ElementsAre("-rp"));
  EXPECT_THAT(Sftp("-r i-0123abcd").options, ElementsAre("-r"));
}

TEST(SftpLine, ReadsDestinations) {
  EXPECT_EQ(Sftp("sftp://bob@web:2222/x").operands[0].remote->port, "2222");
  EXPECT_EQ(Sftp("[2001:db8::5]").operands[0].remote->host, "2001:db8::5");
  EXPECT_EQ(OperandWithHost(Sftp("[2001:db8::5]:x").operands[0], "2001:db8::5"), "[2001:db8::5]:x");
}

TEST(CopyLines, SayWhatIsWrong) {
  for (const char* text : {"-P", "--region", "--nothing a", "@:x b", "-t web a"}) {
    SCOPED_TRACE(text);
    const auto line =
        ParseCopyLine(text[1] == 't' ? CopyProgram::kSftp : CopyProgram::kScp, Split(text));
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, "Usage");
  }
}

}  // namespace
}  // namespace eic::client
