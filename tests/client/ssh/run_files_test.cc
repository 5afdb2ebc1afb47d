#include "client/ssh/run_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "aws/system/files.h"
#include "client/limits.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

namespace fs = std::filesystem;

TEST(RunFiles, ShareWhatSaysTheSame) {
  const eic::fakes::TempFolder home;
  const Folder folder{home.path().string()};
  const auto one = KeepRunFile(folder, "Host a\n");
  const auto same = KeepRunFile(folder, "Host a\n");
  const auto other = KeepRunFile(folder, "Host b\n");
  ASSERT_TRUE(one && same && other);
  EXPECT_EQ(*one, *same);
  EXPECT_NE(*one, *other);
  EXPECT_EQ(*LoadFile(*one, 100), "Host a\n");
  EXPECT_EQ(fs::status(*one).permissions(), fs::perms(0600));
  EXPECT_EQ(fs::status(folder.RunFolder()).permissions(), fs::perms(0700));
}

TEST(RunFiles, AreWrittenAnewWhereTheyWereChanged) {
  const eic::fakes::TempFolder home;
  const Folder folder{home.path().string()};
  const auto one = KeepRunFile(folder, "Host a\n");
  ASSERT_TRUE(one);
  home.Write(fs::relative(*one, home.path()).string(), "Host evil\n");
  ASSERT_TRUE(KeepRunFile(folder, "Host a\n"));
  EXPECT_EQ(*LoadFile(*one, 100), "Host a\n");
}

TEST(RunFiles, DropTheOldest) {
  const eic::fakes::TempFolder home;
  const Folder folder{home.path().string()};
  const auto first = KeepRunFile(folder, "first");
  ASSERT_TRUE(first);
  const timespec long_ago[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, first->c_str(), long_ago, 0), 0);
  for (std::size_t at = 0; at < kRunFilesMax; ++at) {
    ASSERT_TRUE(KeepRunFile(folder, std::to_string(at)));
  }
  EXPECT_FALSE(fs::exists(*first));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.RunFolder()), fs::directory_iterator()),
            static_cast<std::ptrdiff_t>(kRunFilesMax));
}

TEST(RunFiles, SayWhyThereIsNone) {
  const eic::fakes::TempFolder home;
  const auto none = KeepRunFile(Folder{home.Of("missing")}, "x");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "BadFile");
}

}  // namespace
}  // namespace eic::client
