#include "emulator/server/address.h"

#include <gtest/gtest.h>

#include "emulator/emulator_error.h"

namespace eic::emulator {
namespace {

TEST(Address, BothFamiliesAreReadAndWritten) {
  for (const char* text : {"127.0.0.1:1338", "[::1]:80", "169.254.169.254:80", "[fd00:ec2::254]:80",
                           "0.0.0.0:0", "10.0.0.1:65535"}) {
    EXPECT_EQ(Url(ParseAddress(text)), std::string("http://") + text);
  }
}

TEST(Address, WhatIsNoAddressAndPortIsRefused) {
  for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:80x",
                           "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "localhost:80",
                           "::1:80", "[::1]", "[]:80", "[127.0.0.1]:80", "1.2.3:80"}) {
    EXPECT_THROW(ParseAddress(text), EmulatorError) << text;
  }
}

TEST(Address, LoopbackIsToldApart) {
  for (const char* text : {"127.0.0.1:1", "127.255.0.9:1", "[::1]:1"}) {
    EXPECT_TRUE(IsLoopback(ParseAddress(text))) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "169.254.169.254:1", "[fd00:ec2::254]:1",
                           "128.0.0.1:1", "[::ffff:127.0.0.1]:1"}) {
    EXPECT_FALSE(IsLoopback(ParseAddress(text))) << text;
  }
}

}  // namespace
}  // namespace eic::emulator
