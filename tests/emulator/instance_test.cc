#include "emulator/instance.h"

#include <gtest/gtest.h>

namespace eic::emulator {
namespace {

TEST(InstanceNames, FollowFromAddressAndRegionAsEc2GivesThem) {
  Instance instance;
  instance.private_ip = "10.0.0.1";
  instance.public_ip = "203.0.113.9";
  EXPECT_EQ(DefaultPrivateDnsName(instance), "ip-10-0-0-1.us-west-2.compute.internal");
  EXPECT_EQ(DefaultPublicDnsName(instance), "ec2-203-0-113-9.us-west-2.compute.amazonaws.com");
  instance.region = "us-east-1";
  EXPECT_EQ(DefaultPrivateDnsName(instance), "ip-10-0-0-1.ec2.internal");
  EXPECT_EQ(DefaultPublicDnsName(instance), "ec2-203-0-113-9.compute-1.amazonaws.com");
  instance.region = "cn-north-1";
  instance.domain = "amazonaws.com.cn";
  EXPECT_EQ(DefaultPublicDnsName(instance), "ec2-203-0-113-9.cn-north-1.compute.amazonaws.com.cn");
}

TEST(InstanceNames, ThereIsNoneWithoutAnAddress) {
  Instance instance;
  instance.private_ip = "";
  instance.public_ip = "";
  EXPECT_EQ(DefaultPrivateDnsName(instance), "");
  EXPECT_EQ(DefaultPublicDnsName(instance), "");
}

}  // namespace
}  // namespace eic::emulator
