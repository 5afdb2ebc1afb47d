#include "host/log_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/limits.h"

namespace eic {
namespace {

using testing::HasSubstr;
using testing::Not;

const RecordLabel kLabel = {"SHA256:9d8Q4uQDUV", "1234abcd-12ab", "arn:aws:iam::1:user/alice"};

TEST(AcceptedLineTest, IsTheSentenceThatLogRulesKnow) {
  EXPECT_EQ(AcceptedLine({kLabel}),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:9d8Q4uQDUV, "
            "request-id: 1234abcd-12ab, for IAM principal: arn:aws:iam::1:user/alice");
}

TEST(AcceptedLineTest, AbsentFieldsDropTheirPart) {
  EXPECT_EQ(AcceptedLine({{"SHA256:x", "", ""}}),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:x");
  EXPECT_EQ(AcceptedLine({{"SHA256:x", "r", ""}}),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:x, "
            "request-id: r");
  EXPECT_EQ(AcceptedLine({{"SHA256:x", "", "c"}}),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:x, "
            "for IAM principal: c");
}

TEST(AcceptedLineTest, NoValueEndsWithWhatLooksLikeTheProcess) {
  EXPECT_EQ(AcceptedLine({{"SHA256:x", "r sshd=1", "c sshd=2"}}),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:x, "
            "request-id: r\\x20sshd=1, for IAM principal: c\\x20sshd=2");
}

TEST(AcceptedLineTest, TheProcessOfSshdStandsLast) {
  EXPECT_EQ(AcceptedLine({kLabel, 4711}),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:9d8Q4uQDUV, "
            "request-id: 1234abcd-12ab, for IAM principal: arn:aws:iam::1:user/alice sshd=4711");
  EXPECT_EQ(AcceptedLine({{"SHA256:x", "", ""}, 1}),
            "Providing ssh key from EC2 Instance Connect with fingerprint: SHA256:x sshd=1");
}

TEST(RefusedLineTest, SaysAllThatIsKnown) {
  EXPECT_EQ(RefusedLine({Reason::kKeyExpired, "alice", kLabel, "12 s ago"}),
            "Refused ssh key from EC2 Instance Connect: reason=key-expired user=\"alice\" "
            "fingerprint=SHA256:9d8Q4uQDUV request-id=\"1234abcd-12ab\" "
            "principal=\"arn:aws:iam::1:user/alice\" detail=\"12 s ago\"");
}

TEST(RefusedLineTest, AbsentFieldsDropTheirPart) {
  EXPECT_EQ(RefusedLine({Reason::kImdsTimeout, "alice", {}, ""}),
            "Refused ssh key from EC2 Instance Connect: reason=imds-timeout user=\"alice\"");
}

TEST(LogLinesTest, HostileBytesAreEscapedWhereverTheyStand) {
  const struct {
    const char* name;
    std::string value;
    const char* escaped;
  } kRows[] = {
      {"LF", "a\nb", "a\\x0ab"},
      {"CR", "a\rb", "a\\x0db"},
      {"a quote that would end the value", "a\" reason=\"ok", "a\\x22 reason=\\x22ok"},
      {"a backslash", "a\\x0ab", "a\\x5cx0ab"},
      {"UTF-8", "\xc3\xbc", "\\xc3\\xbc"},
      {"ESC, which terminals obey", "\x1b[2J", "\\x1b[2J"},
      {"NUL", std::string("a\0b", 3), "a\\x00b"},
      {"DEL", "\x7f", "\\x7f"},
      {"a format", "%s%n{}", "%s%n{}"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const std::string& hostile = row.value;
    const std::string escaped = row.escaped;
    // These two have no quotes around them: a blank would end them, and begin ` sshd=`.
    std::string bare;
    for (const char byte : escaped)
      bare += byte == ' ' ? std::string("\\x20") : std::string(1, byte);
    EXPECT_EQ(AcceptedLine({{hostile, hostile, hostile}}),
              "Providing ssh key from EC2 Instance Connect with fingerprint: " + escaped +
                  ", request-id: " + bare + ", for IAM principal: " + bare);
    EXPECT_EQ(RefusedLine({Reason::kKeyExpired, hostile, {hostile, hostile, hostile}, hostile}),
              "Refused ssh key from EC2 Instance Connect: reason=key-expired user=\"" + escaped +
                  "\" fingerprint=" + escaped + " request-id=\"" + escaped + "\" principal=\"" +
                  escaped + "\" detail=\"" + escaped + "\"");
  }
}

TEST(LogLinesTest, LongValuesAreCutAndSaySo) {
  const std::string kLong(100 * 1024, 'x');
  const std::string kHostile(100 * 1024, '\n');
  for (const std::string& value : {kLong, kHostile}) {
    const std::string accepted = AcceptedLine({{value, value, value}});
    EXPECT_LT(accepted.size(), 3 * kLoggedValueBytesMax + 200);
    EXPECT_THAT(accepted, HasSubstr("..."));
    const std::string refused =
        RefusedLine({Reason::kKeyExpired, value, {value, value, value}, value});
    EXPECT_LT(refused.size(), 5 * kLoggedValueBytesMax + 200);
    EXPECT_THAT(refused, HasSubstr("...\""));
    EXPECT_THAT(refused, Not(HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace eic
