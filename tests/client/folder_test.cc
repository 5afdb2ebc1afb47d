#include "client/folder.h"

#include <gtest/gtest.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fakes/needs.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

class FolderTest : public testing::Test {
 protected:
  ~FolderTest() override { unsetenv("EIC_HOME"); }

  // The code of the failure, or nothing.
  std::string Open(const std::string& path) {
    setenv("EIC_HOME", path.c_str(), 1);
    const auto folder = OpenFolder();
    if (folder) opened_ = folder->path;
    return folder ? "" : folder.error().code;
  }
  fakes::TempFolder temp_;
  std::string opened_;
};

TEST_F(FolderTest, IsMadeForItsUserAlone) {
  EXPECT_EQ(Open(temp_.Of("new") + "//"), "");
  EXPECT_EQ(opened_, temp_.Of("new"));
  struct stat status {};
  ASSERT_EQ(stat(opened_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
  EXPECT_EQ(Open(opened_), "");
}

TEST_F(FolderTest, RefusesWhatIsNotItsUsersAlone) {
  const std::string shared = temp_.Of("shared");
  ASSERT_EQ(mkdir(shared.c_str(), 0700), 0);
  for (const mode_t mode : {0750U, 0701U, 0777U}) {
    ASSERT_EQ(chmod(shared.c_str(), mode), 0);
    EXPECT_EQ(Open(shared), "BadFolder") << mode;
  }
  ASSERT_EQ(chmod(shared.c_str(), 0700), 0);
  ASSERT_EQ(symlink("shared", temp_.Of("link").c_str()), 0);
  EXPECT_EQ(Open(temp_.Of("link")), "BadFolder");
  EXPECT_EQ(Open(temp_.Write("file", "")), "BadFolder");
  EXPECT_EQ(Open("relative"), "BadFolder");
  EXPECT_EQ(Open(temp_.Of("no/parent")), "BadFolder");
}

TEST_F(FolderTest, RefusesAnotherUsers) {
  EIC_NEEDS(geteuid() == 0, "root, to make a folder of another user's");
  const std::string path = temp_.Of("theirs");
  ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
  ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);
  EXPECT_EQ(Open(path), "BadFolder");
}

TEST_F(FolderTest, RefusesAPathThatIsTooLongForASocket) {
  const std::string longest(107 - std::string("/control.sock.new").size(), 'x');
  const std::string base = temp_.path().string() + '/';
  EXPECT_EQ(Open(base + longest.substr(base.size())), "");
  EXPECT_EQ(Open(base + longest.substr(base.size()) + 'x'), "BadFolder");
}

}  // namespace
}  // namespace eic::client
