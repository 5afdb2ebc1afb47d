#include "client/target/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

using testing::HasSubstr;

constexpr const char* kFile =
    "# people's own\n"
    "[i-0123*]\n"
    "user = admin\n"
    "address=private\n"
    "\n"
    "[web-* db-?]\n"
    "user=ubuntu\r\n"
    "  host_keys = yes\n"
    "; the rest\n"
    "[*]\n"
    "region=eu-west-1\n"
    "profile=work\n"
    "key_type=rsa\n"
    "user=ec2-user\n";

TEST(Settings, TakeTheFirstThatCounts) {
  const auto file = SettingsFile::Parse(kFile, "config");
  ASSERT_TRUE(file) << file.error().message;
  const Settings by_id = file->For({"i-0123abcd", "", ""});
  EXPECT_EQ(by_id.user, "admin");
  EXPECT_EQ(by_id.address, AddressKind::kPrivate);
  EXPECT_EQ(by_id.region, "eu-west-1");
  EXPECT_EQ(by_id.key_type, KeyType::kRsa);
  EXPECT_FALSE(by_id.host_keys);
  // By the name of an instance that was typed by its id.
  const Settings by_name = file->For({"i-0fffffff", "i-0fffffff", "db-1"});
  EXPECT_EQ(by_name.user, "ubuntu");
  EXPECT_EQ(by_name.host_keys, HostKeys::kYes);
  EXPECT_EQ(file->For({"db-10"}).user, "ec2-user");
  EXPECT_EQ(file->For({""}).user, "");
}

TEST(Settings, NameTheLineThatIsWrong) {
  struct Row {
    const char* what;
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"an unknown name", "[*]\n\nusr=a\n", "config:3: the setting usr is unknown"},
      {"nothing behind =", "[*]\nregion=\n", "config:2: the setting region has no value"},
      {"no =", "[*]\nuser\n", "config:2: neither"},
      {"an open section", "[web\n", "config:1: a section is [PATTERN]"},
      {"a section without a pattern", "[ ]\n", "config:1: a section names a pattern"},
      {"a setting before a section", "user=a\n", "config:1: before the first section"},
      {"a wrong address", "[*]\naddress=any\n", "config:2: the setting address is one of auto"},
      {"a wrong key", "[*]\nkey_type=dsa\n", "config:2: the setting key_type is one of"},
      {"a wrong word for host keys", "[*]\nhost_keys=no\n", "config:2: the setting host_keys"},
      {"a user that is none", "[*]\nuser=a b\n", "config:2: the setting user is a user name"},
      {"a control character", "[*]\n\x1b[2J=1\n", "config:2: the setting \\x1b[2J"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const auto file = SettingsFile::Parse(row.text, "config");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, "BadConfiguration");
    EXPECT_THAT(file.error().message, HasSubstr(row.message));
  }
}

TEST(Settings, NeedNoFile) {
  const eic::fakes::TempFolder folder;
  const auto missing = SettingsFile::Read(folder.Of("config"));
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->For({"web"}).user, "");
  const auto large = SettingsFile::Read(folder.Write("config", std::string(70000, '\n')));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, "BadConfiguration");
  EXPECT_FALSE(SettingsFile::Read(folder.path().string()));
}

}  // namespace
}  // namespace eic::client
