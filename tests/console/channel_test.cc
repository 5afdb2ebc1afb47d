#include "console/link/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "console/limits.h"

namespace eic::console {
namespace {

TEST(Channel, PacketsKeepTheirBounds) {
  const auto [one, other] = MakeChannel();
  ASSERT_EQ(SendPacket(one.get(), "first"), Sent::kDone);
  ASSERT_EQ(SendPacket(one.get(), std::string(kPacketBytesMax + 1, 'x')), Sent::kDone);
  EXPECT_EQ(ReceivePacket(other.get()).packet, "first");
  EXPECT_EQ(ReceivePacket(other.get()).packet.size(), kPacketBytesMax + 1);
  EXPECT_EQ(ReceivePacket(other.get()).state, Received::State::kAgain);
}

TEST(Channel, WhatIsTooLargeEndsIt) {
  const auto [one, other] = MakeChannel();
  ASSERT_EQ(SendPacket(one.get(), std::string(kPacketBytesMax + 2, 'x')), Sent::kDone);
  EXPECT_EQ(ReceivePacket(other.get()).state, Received::State::kGone);
}

TEST(Channel, AFullOneSaysSoAndLosesNothing) {
  const auto [one, other] = MakeChannel();
  const std::string packet(kPacketBytesMax, 'x');
  int sent = 0;
  while (SendPacket(one.get(), packet) == Sent::kDone) ++sent;
  ASSERT_GT(sent, 0);
  EXPECT_FALSE(SendWithin(one.get(), packet, std::chrono::milliseconds(10)));
  int received = 0;
  while (ReceivePacket(other.get()).state == Received::State::kPacket) ++received;
  EXPECT_EQ(received, sent);
  EXPECT_TRUE(SendWithin(one.get(), packet, std::chrono::seconds(5)));
}

TEST(Channel, TheOtherEndsEndIsSeen) {
  auto [one, other] = MakeChannel();
  other.Close();
  EXPECT_EQ(SendPacket(one.get(), "x"), Sent::kGone);
  EXPECT_EQ(AwaitPacket(one.get(), std::chrono::seconds(5)).state, Received::State::kGone);
}

TEST(Channel, WhatAnEndSaidLastIsReadThoughItLeftSomethingUnread) {
  auto [one, other] = MakeChannel();
  ASSERT_EQ(SendPacket(one.get(), "unread"), Sent::kDone);
  ASSERT_EQ(SendPacket(other.get(), "last words"), Sent::kDone);
  other.Close();
  EXPECT_EQ(ReceivePacket(one.get()).packet, "last words");
  EXPECT_EQ(ReceivePacket(one.get()).state, Received::State::kGone);
}

TEST(Channel, DescriptorsGoAlongWhereTheyAreExpected) {
  const auto [one, other] = MakeChannel();
  const Descriptor file(open("/dev/null", O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(SendPacket(one.get(), "F", {file.get(), file.get()}), Sent::kDone);
  Received received = ReceivePacket(other.get(), 2);
  ASSERT_EQ(received.state, Received::State::kPacket);
  ASSERT_EQ(received.descriptors.size(), 2U);
  struct stat status {};
  EXPECT_EQ(fstat(received.descriptors[1].get(), &status), 0);
  EXPECT_NE(fcntl(received.descriptors[0].get(), F_GETFD) & FD_CLOEXEC, 0);
  // Where none is expected, one is a fault.
  ASSERT_EQ(SendPacket(one.get(), "F", {file.get()}), Sent::kDone);
  EXPECT_EQ(ReceivePacket(other.get()).state, Received::State::kGone);
}

TEST(Channel, WaitingEnds) {
  const auto [one, other] = MakeChannel();
  EXPECT_EQ(AwaitPacket(one.get(), std::chrono::milliseconds(10)).state, Received::State::kAgain);
}

}  // namespace
}  // namespace eic::console
