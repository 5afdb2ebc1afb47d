#include <gtest/gtest.h>

#include "client/target/resolve.h"
#include "tests/client/fake_api.h"

namespace eic::client {
namespace {

using eic::fakes::SampleInstance;

aws::Instance Sample() { return SampleInstance("i-0123456789abcdef0", "web"); }

std::vector<aws::Image> ImageNamed(const std::string& name) {
  return {{"ami-0123456789abcdef0", name, "123456789012"}};
}

TEST(GuessUser, GoesByTheNameOfTheImage) {
  struct Row {
    const char* image;
    const char* user;
    const char* looks_like;
  };
  const Row rows[] = {
      {"al2023-ami-2023.7.20250609.0-kernel-6.1-x86_64", "ec2-user", "Amazon Linux 2023"},
      {"amzn2-ami-hvm-2.0.20250603.0-x86_64-gp2", "ec2-user", "Amazon Linux 2"},
      {"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20250610", "ubuntu", "Ubuntu"},
      {"ubuntu-pro-server/images/hvm-ssd/ubuntu-jammy-22.04-amd64", "ubuntu", "Ubuntu Pro"},
      {"debian-12-amd64-20250530-2128", "admin", "Debian"},
      {"RHEL-9.5.0_HVM-20250313-x86_64-0-Hourly2-GP3", "ec2-user", "Red Hat Enterprise Linux"},
      {"CentOS Stream 9 x86_64 20250610", "ec2-user", "CentOS Stream"},
      {"CentOS Stream 8 x86_64 20220127", "centos", "CentOS Stream 8"},
      {"CentOS 7.9.2009 x86_64", "centos", "CentOS"},
      {"Fedora-Cloud-Base-AmazonEC2.x86_64-42-1.1", "fedora", "Fedora"},
      {"Rocky-9-EC2-Base-9.5-20241118.0.x86_64", "rocky", "Rocky Linux"},
      {"AlmaLinux OS 9.6.20250522 x86_64", "ec2-user", "AlmaLinux"},
      {"FreeBSD 14.2-RELEASE-amd64 UFS", "ec2-user", "FreeBSD"},
      {"suse-sles-15-sp6-v20250305-hvm-ssd-x86_64", "ec2-user", "SUSE Linux Enterprise"},
      {"OL9.5-x86_64-HVM-2025-01-01", "ec2-user", "Oracle Linux"},
      {"bitnami-wordpress-6.8.1-r01-linux-debian-12-x86_64", "bitnami", "Bitnami"},
      {"our-golden-image", "ec2-user", ""},
      {"OLD-web-server", "ec2-user", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.image);
    const UserGuess guess = GuessUser(Sample(), ImageNamed(row.image));
    EXPECT_EQ(guess.os_user, row.user);
    EXPECT_EQ(guess.image_looks_like, row.looks_like);
  }
}

TEST(GuessUser, GoesByThePlatformWhereTheImageIsGone) {
  aws::Instance instance = Sample();
  instance.platform_details = "Ubuntu Pro";
  EXPECT_EQ(GuessUser(instance, {}).os_user, "ubuntu");
  instance.platform_details = "Linux/UNIX";
  EXPECT_EQ(GuessUser(instance, {}).os_user, "ec2-user");
}

TEST(GuessUser, BelievesItsTagFirst) {
  aws::Instance instance = Sample();
  instance.tags["eic:user"] = "deploy";
  const UserGuess guess = GuessUser(instance, ImageNamed("debian-12-amd64-20250530-2128"));
  EXPECT_EQ(guess.os_user, "deploy");
  EXPECT_EQ(guess.image_looks_like, "Debian");
}

TEST(GuessUser, BelievesNoTagThatIsNoUser) {
  for (const char* value : {"", "-oProxyCommand=x", "a b", "a\nProxyCommand x", "a\"b", "..", "%u",
                            "a123456789012345678901234567890123"}) {
    SCOPED_TRACE(value);
    aws::Instance instance = Sample();
    instance.tags["eic:user"] = value;
    EXPECT_EQ(TaggedUser(instance), "");
    EXPECT_EQ(GuessUser(instance, {}).os_user, "ec2-user");
  }
}

TEST(GuessUser, TakesNoOtherImage) {
  EXPECT_EQ(GuessUser(Sample(), {{"ami-0aaaaaaaaaaaaaaaa", "debian-12", ""}}).os_user, "ec2-user");
}

}  // namespace
}  // namespace eic::client
