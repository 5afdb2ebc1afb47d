#include "host/instance.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fakes/child_process.h"
#include "tests/fakes/temp_folder.h"

namespace eic {
namespace {

constexpr const char* kTag = "devices/virtual/dmi/id/board_asset_tag";
constexpr const char* kUuid = "hypervisor/uuid";

// The instance id; `xen` where only metadata knows it; `not an instance`.
std::string Identify(const fakes::TempFolder& sysfs) {
  const Result<Instance> instance = IdentifyInstance(sysfs.path().string());
  if (instance.ok()) return instance->id.value_or("xen");
  EXPECT_EQ(instance.error().reason, Reason::kNotAnInstance);
  return "not an instance";
}

TEST(InstanceTest, TableOfTagsAndUuids) {
  const struct {
    const char* name;
    const char* tag;   // null: no file
    const char* uuid;  // null: no file
    const char* identity;
  } kRows[] = {
      {"Nitro", "i-0123456789abcdef0\n", nullptr, "i-0123456789abcdef0"},
      {"no line end", "i-0123456789abcdef0", nullptr, "i-0123456789abcdef0"},
      {"blanks behind it", "i-0123456789abcdef0  \r\n", nullptr, "i-0123456789abcdef0"},
      {"an old id", "i-01234567\n", nullptr, "i-01234567"},
      {"Xen", nullptr, "ec2e1916-9099-7caf-fd21-012345abcdef\n", "xen"},
      {"Xen with the tag of another machine", "Not Specified\n", "ec2e1916-9099\n", "xen"},
      {"Xen with an empty tag", "", "ec2e1916-9099\n", "xen"},
      {"both: the tag says more", "i-01234567\n", "ec2e1916-9099\n", "i-01234567"},
      {"neither", nullptr, nullptr, "not an instance"},
      {"another machine", "Not Specified\n", nullptr, "not an instance"},
      {"another Xen", nullptr, "4d3e1916-9099-7caf-fd21-012345abcdef\n", "not an instance"},
      {"ec2 not at the beginning", nullptr, "0ec2e1916-9099\n", "not an instance"},
      {"the guest of a host without Xen", nullptr, "00000000-0000-0000\n", "not an instance"},
      {"upper case", "I-0123456789ABCDEF0\n", nullptr, "not an instance"},
      {"upper-case digits", "i-0123456789ABCDEF0\n", nullptr, "not an instance"},
      {"too short", "i-0123456\n", nullptr, "not an instance"},
      {"too long", "i-0123456789abcdef0123456789abcdef0\n", nullptr, "not an instance"},
      {"two lines", "i-01234567\ni-01234567\n", nullptr, "not an instance"},
      {"another kind of id", "mi-0123456789abcdef0\n", nullptr, "not an instance"},
      {"an empty tag", "", nullptr, "not an instance"},
      {"a blank tag", " \n", nullptr, "not an instance"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const fakes::TempFolder sysfs;
    if (row.tag != nullptr) sysfs.Write(kTag, row.tag);
    if (row.uuid != nullptr) sysfs.Write(kUuid, row.uuid);
    EXPECT_EQ(Identify(sysfs), row.identity);
  }
}

TEST(InstanceTest, MissingRootIsNoInstance) {
  const Result<Instance> instance = IdentifyInstance("/nonexistent");
  ASSERT_FALSE(instance.ok());
  EXPECT_EQ(instance.error().reason, Reason::kNotAnInstance);
}

TEST(InstanceTest, FolderInPlaceOfTheTagFallsThrough) {
  const fakes::TempFolder sysfs;
  std::filesystem::create_directories(sysfs.path() / kTag);
  EXPECT_EQ(Identify(sysfs), "not an instance");
  sysfs.Write(kUuid, "ec2e1916-9099\n");
  EXPECT_EQ(Identify(sysfs), "xen");
}

TEST(InstanceTest, FifoInPlaceOfTheTagDoesNotHoldUpALogin) {
  const fakes::TempFolder sysfs;
  sysfs.Write(kUuid, "ec2e1916-9099\n");
  std::filesystem::create_directories((sysfs.path() / kTag).parent_path());
  ASSERT_EQ(mkfifo(sysfs.Of(kTag).c_str(), 0600), 0);
  const fakes::Ended ended =
      fakes::RunForked([&] { _exit(IdentifyInstance(sysfs.path().string()).ok() ? 0 : 1); },
                       std::chrono::seconds(3));
  EXPECT_FALSE(ended.was_late);
  EXPECT_EQ(ended.status, 0);
}

TEST(InstanceTest, DanglingLinkFallsThrough) {
  const fakes::TempFolder sysfs;
  std::filesystem::create_directories((sysfs.path() / kTag).parent_path());
  std::filesystem::create_symlink("/nonexistent", sysfs.path() / kTag);
  EXPECT_EQ(Identify(sysfs), "not an instance");
}

TEST(InstanceTest, UnreadableTagFallsThrough) {
  const fakes::TempFolder sysfs;
  sysfs.Write(kTag, "i-0123456789abcdef0\n");
  sysfs.Write(kUuid, "ec2e1916-9099\n");
  ASSERT_EQ(chmod(sysfs.Of(kTag).c_str(), 0), 0);
  ASSERT_EQ(chmod(sysfs.path().c_str(), 0755), 0);
  // As somebody to whom modes apply.
  const fakes::Ended ended = fakes::RunForked(
      [&] {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
        const Result<Instance> instance = IdentifyInstance(sysfs.path().string());
        _exit(instance.ok() && !instance->id ? 0 : 1);
      },
      std::chrono::seconds(3));
  EXPECT_EQ(ended.status, 0);
}

}  // namespace
}  // namespace eic
