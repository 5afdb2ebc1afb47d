#include "chain/member_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "chain/limits.h"
#include "tests/fakes/temp_folder.h"

namespace eic::chain {
namespace {

class MemberFolderTest : public testing::Test {
 protected:
  MemberFolderTest() {
    std::filesystem::create_directory(Path("chain.d"));
    chmod(Path("chain.d").c_str(), 0755);
    chmod(folder_.path().c_str(), 0755);
    Write("program", "#!/bin/sh\n", 0755);
  }

  std::string Path(const std::string& name) const {
    return std::filesystem::canonical(folder_.path()).string() + "/" + name;
  }

  void Write(const std::string& name, const std::string& text, mode_t mode = 0644) {
    std::ofstream(Path(name)) << text;
    chmod(Path(name).c_str(), mode);
  }

  void Member(const std::string& name, mode_t mode = 0644) {
    Write("chain.d/" + name, "command = " + Path("program") + " %u\nuser = root\n", mode);
  }

  Outcome<MemberFolder> Read() const { return ReadMemberFolder(Path("chain.d"), trust_); }

  // Why the one file of the folder is refused.
  std::string Refusal() const {
    const auto folder = Read();
    if (!folder) return folder.error().text;
    if (folder->refused.size() != 1) return "refused: " + std::to_string(folder->refused.size());
    return folder->refused.front().why;
  }

  fakes::TempFolder folder_;
  Trust trust_{geteuid(), std::filesystem::canonical(folder_.path()).string()};
};

TEST_F(MemberFolderTest, GivesMembersInTheOrderOfTheirNames) {
  for (const char* name : {"50-b.conf", "10-a.conf", "9.conf", "B.conf"}) Member(name);
  Write("chain.d/README", "not a member");
  Write("chain.d/.60-hidden.conf", "not a member");
  Write("chain.d/70-old.conf~", "not a member");
  const auto folder = Read();
  ASSERT_TRUE(folder) << folder.error().text;
  std::string names;
  for (const auto& member : folder->members) names += member.name + " ";
  EXPECT_EQ(names, "10-a 50-b 9 B ");
  EXPECT_TRUE(folder->refused.empty());
}

TEST_F(MemberFolderTest, ABadFileIsRefusedAndTheOthersGoOn) {
  Member("10-good.conf");
  Write("chain.d/20-bad.conf", "command = /a\n");
  Member("30-good.conf");
  const auto folder = Read();
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->members.size(), 2U);
  ASSERT_EQ(folder->refused.size(), 1U);
  EXPECT_EQ(folder->refused.front().name, "20-bad.conf");
  EXPECT_EQ(folder->refused.front().why, "`user` is missing");
}

TEST_F(MemberFolderTest, WhoElseCouldWriteIsNamed) {
  Member("a.conf", 0664);
  EXPECT_EQ(Refusal(), "the file is writable by its group or by others");
  Member("a.conf", 0646);
  EXPECT_EQ(Refusal(), "the file is writable by its group or by others");
  Member("a.conf");
  chmod(Path("program").c_str(), 0775);
  EXPECT_EQ(Refusal(), "its program cannot be trusted: " + Path("program") +
                           " is writable by its group or by others");
  chmod(Path("program").c_str(), 0755);
  EXPECT_EQ(Refusal(), "refused: 0");
  trust_.owner = geteuid() + 1;
  EXPECT_EQ(Refusal(), trust_.top + " is owned by uid " + std::to_string(geteuid()) +
                           ", not by uid " + std::to_string(trust_.owner));
}

TEST_F(MemberFolderTest, IsReadOnlyWhereTheFoldersAboveAreTheOwnersToo) {
  Member("a.conf");
  for (const char* part : {"chain.d", "."}) {
    chmod(Path(part).c_str(), 0777);
    EXPECT_FALSE(Read()) << part;
    chmod(Path(part).c_str(), 0755);
  }
  EXPECT_TRUE(Read());
  EXPECT_FALSE(ReadMemberFolder(Path("none"), trust_));
}

TEST_F(MemberFolderTest, LinksAndWhatIsNoFileAreRefused) {
  Write("elsewhere", "command = /a\nuser = b\n");
  std::filesystem::create_symlink(Path("elsewhere"), Path("chain.d/a.conf"));
  EXPECT_EQ(Refusal(), "the file is a symbolic link, which is not allowed");
  std::filesystem::remove(Path("chain.d/a.conf"));
  mkfifo(Path("chain.d/a.conf").c_str(), 0644);
  EXPECT_EQ(Refusal(), "the file is not a regular file");
  std::filesystem::remove(Path("chain.d/a.conf"));
  std::filesystem::create_directory(Path("chain.d/a.conf"));
  chmod(Path("chain.d/a.conf").c_str(), 0755);
  EXPECT_EQ(Refusal(), "the file is not a regular file");
}

TEST_F(MemberFolderTest, HasALimit) {
  for (std::size_t i = 0; i <= kMembersMax; ++i) Member(std::to_string(100 + i) + ".conf");
  const auto folder = Read();
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->members.size(), kMembersMax);
  ASSERT_EQ(folder->refused.size(), 1U);
  EXPECT_EQ(folder->refused.front().name, std::to_string(100 + kMembersMax) + ".conf");
  Write("chain.d/100.conf", std::string(kMemberFileBytesMax + 1, '#'));
  EXPECT_EQ(Read()->refused.front().why, "the file is larger than 16 KiB");
  for (std::size_t i = 0; i <= kFolderEntriesMax; ++i) Member(std::to_string(1000 + i) + ".conf");
  EXPECT_EQ(Read().error().text, Path("chain.d") + " has more than 256 member files");
}

}  // namespace
}  // namespace eic::chain
