#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "aws/system/files.h"
#include "client/limits.h"
#include "client/target/resolve.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

using eic::fakes::TempFolder;
using testing::HasSubstr;

constexpr const char* kId = "i-0123456789abcdef0";

Remembered Sample() {
  Remembered what;
  what.os_user = "ubuntu";
  what.image_looks_like = "Ubuntu";
  what.name = "web";
  what.address = "203.0.113.25";
  what.region = "us-west-2";
  what.availability_zone = "us-west-2a";
  what.last_user = "bob";
  return what;
}

std::string Read(const std::string& file) {
  const auto text = LoadFile(file, kRememberedBytesMax);
  return text ? *text : text.error().code;
}

TEST(Remember, KeepsWhatItWasTold) {
  const TempFolder folder;
  const std::string file = folder.Of("remembered.json");
  Remember(file, kId, Sample());
  const auto known = Recall(file, kId);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->os_user, "ubuntu");
  EXPECT_FALSE(known->is_user_from_tag);
  EXPECT_EQ(known->image_looks_like, "Ubuntu");
  EXPECT_EQ(known->name, "web");
  EXPECT_EQ(known->address, "203.0.113.25");
  EXPECT_EQ(known->region, "us-west-2");
  EXPECT_EQ(known->availability_zone, "us-west-2a");
  EXPECT_EQ(known->last_user, "bob");
  EXPECT_FALSE(Recall(file, "i-0fedcba9876543210"));
  struct stat found {};
  ASSERT_EQ(stat(file.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(Remember, LeavesWhatItIsNotTold) {
  const TempFolder folder;
  const std::string file = folder.Of("remembered.json");
  Remember(file, kId, Sample());
  Remembered more;
  more.address = "203.0.113.26";
  Remember(file, kId, more);
  const auto known = Recall(file, kId);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->address, "203.0.113.26");
  EXPECT_EQ(known->os_user, "ubuntu");
}

TEST(Remember, WritesUsersForSsh) {
  const TempFolder folder;
  const std::string file = folder.Of("remembered.json");
  Remember(file, kId, Sample());
  Remembered plain = Sample();
  plain.os_user = "ec2-user";
  Remember(file, "i-0fedcba9876543210", plain);
  const std::string users = Read(folder.Of("users.conf"));
  EXPECT_THAT(users, HasSubstr("Match host i-0123456789abcdef0,i-0123456789abcdef0.*\n"
                               "  User ubuntu\n"));
  EXPECT_EQ(users.find("i-0fedcba9876543210"), std::string::npos);
  EXPECT_TRUE(Forget(file, kId));
  EXPECT_EQ(Read(folder.Of("users.conf")).find(kId), std::string::npos);
  EXPECT_FALSE(Forget(file, kId));
}

TEST(Recall, KnowsNothingOfWhatIsCorrupt) {
  const TempFolder folder;
  const std::string file = folder.Of("remembered.json");
  for (const char* text : {"", "{", "[]", "{\"version\":2,\"instances\":{}}", "null",
                           "{\"version\":1,\"instances\":[]}",
                           "{\"version\":1,\"instances\":{\"i-0123456789abcdef0\":7}}"}) {
    SCOPED_TRACE(text);
    folder.Write("remembered.json", text);
    EXPECT_FALSE(Recall(file, kId));
    EXPECT_FALSE(RecallLatest(file));
  }
  Remember(file, kId, Sample());
  EXPECT_TRUE(Recall(file, kId));
}

TEST(Recall, BelievesNoUserThatIsNone) {
  const TempFolder folder;
  const std::string file = folder.Write(
      "remembered.json",
      R"({"version":1,"instances":{"i-0123456789abcdef0":{"user":"a\nProxyCommand x"}}})");
  ASSERT_TRUE(Recall(file, kId));
  EXPECT_EQ(Recall(file, kId)->os_user, "");
  Remember(file, "i-0fedcba9876543210", Sample());
  EXPECT_EQ(Read(folder.Of("users.conf")).find("ProxyCommand"), std::string::npos);
}

TEST(Remember, DropsTheOldest) {
  const TempFolder folder;
  nlohmann::json instances = nlohmann::json::object();
  for (std::size_t at = 0; at < kRememberedMax; ++at) {
    const std::string digits = std::to_string(10000000 + at);
    instances["i-" + digits] = {{"user", "ubuntu"}, {"when", 1000 + at}};
  }
  const std::string file = folder.Write(
      "remembered.json", nlohmann::json{{"version", 1}, {"instances", instances}}.dump());
  Remember(file, kId, Sample());
  EXPECT_TRUE(Recall(file, kId));
  EXPECT_FALSE(Recall(file, "i-10000000"));
  EXPECT_TRUE(Recall(file, "i-10000001"));
  EXPECT_EQ(RecallLatest(file)->instance_id, kId);
}

TEST(Remember, LosesNothingWhenManyDoItAtOnce) {
  const TempFolder folder;
  const std::string file = folder.Of("remembered.json");
  std::vector<pid_t> children;
  for (int child = 0; child < 8; ++child) {
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      for (int at = 0; at < 4; ++at) {
        Remember(file, "i-0000000" + std::to_string(child) + std::to_string(at), Sample());
      }
      _exit(0);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) ASSERT_EQ(waitpid(pid, nullptr, 0), pid);
  for (int child = 0; child < 8; ++child) {
    for (int at = 0; at < 4; ++at) {
      EXPECT_TRUE(Recall(file, "i-0000000" + std::to_string(child) + std::to_string(at)));
    }
  }
}

TEST(Remember, IsNoFailureWhereItCannotWrite) {
  const TempFolder folder;
  Remember(folder.Of("missing/remembered.json"), kId, Sample());
  EXPECT_FALSE(Recall(folder.Of("missing/remembered.json"), kId));
  Remember(folder.Of("remembered.json"), "no id", Sample());
  EXPECT_EQ(Read(folder.Of("remembered.json")), "NoFile");
}

}  // namespace
}  // namespace eic::client
