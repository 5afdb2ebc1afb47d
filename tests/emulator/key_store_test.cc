#include "emulator/metadata/key_store.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "emulator/limits.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

class Keys : public testing::Test {
 protected:
  bool Add(const std::string& user, const std::string& record, std::int64_t seconds) {
    return store_.Add(user, record, clock_.now() + seconds);
  }

  ManualClock clock_;
  KeyStore store_{clock_.clock()};
};

TEST_F(Keys, AUserWithoutKeysHasNoBlob) {
  EXPECT_EQ(store_.Blob("alice"), std::nullopt);
  EXPECT_TRUE(Add("bob", "record\n", 60));
  EXPECT_EQ(store_.Blob("alice"), std::nullopt);
}

TEST_F(Keys, ARecordLivesUntilItsExpiry) {
  EXPECT_TRUE(Add("alice", "record\n", 60));
  clock_.Advance(59);
  EXPECT_EQ(store_.Blob("alice"), "record\n");
  clock_.Advance(1);
  EXPECT_EQ(store_.Blob("alice"), std::nullopt);
}

TEST_F(Keys, RecordsOfOneUserStandApartAndExpireAlone) {
  EXPECT_TRUE(Add("alice", "first\n", 60));
  clock_.Advance(30);
  EXPECT_TRUE(Add("alice", "second\n", 60));
  EXPECT_EQ(store_.Blob("alice"), "first\n\nsecond\n");
  clock_.Advance(30);
  EXPECT_EQ(store_.Blob("alice"), "second\n");
}

TEST_F(Keys, AHandMadeBlobStandsInFront) {
  EXPECT_TRUE(Add("alice", "record\n", 60));
  EXPECT_TRUE(store_.SetHandMade("alice", "anything"));
  EXPECT_EQ(store_.Blob("alice"), "anything");
  EXPECT_TRUE(store_.SetHandMade("alice", ""));
  EXPECT_EQ(store_.Blob("alice"), "");
  EXPECT_TRUE(store_.ClearHandMade("alice"));
  EXPECT_EQ(store_.Blob("alice"), "record\n");
  EXPECT_FALSE(store_.ClearHandMade("alice"));
}

TEST_F(Keys, KeysOfAUserAreBoundedWhileTheyLive) {
  for (std::size_t i = 0; i < kKeysPerUserMax; ++i) ASSERT_TRUE(Add("alice", "r\n", 60));
  EXPECT_FALSE(Add("alice", "r\n", 60));
  EXPECT_TRUE(Add("bob", "r\n", 60));
  clock_.Advance(60);
  EXPECT_TRUE(Add("alice", "r\n", 60));
}

TEST_F(Keys, UsersAndHandMadeBlobsAreBounded) {
  for (std::size_t i = 0; i < kUsersMax; ++i) ASSERT_TRUE(Add("u" + std::to_string(i), "r\n", 60));
  EXPECT_FALSE(Add("one-more", "r\n", 60));
  EXPECT_TRUE(Add("u0", "r\n", 60));
  for (std::size_t i = 0; i < kHandMadeBlobsMax; ++i) {
    ASSERT_TRUE(store_.SetHandMade("u" + std::to_string(i), "b"));
  }
  EXPECT_FALSE(store_.SetHandMade("one-more", "b"));
  EXPECT_TRUE(store_.SetHandMade("u0", "c"));
}

TEST_F(Keys, SeveralThreadsMayUseIt) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, i] {
      for (int j = 0; j < 16; ++j) {
        EXPECT_TRUE(Add("alice", std::to_string(i), 60));
        EXPECT_TRUE(store_.Blob("alice"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(Add("alice", "r\n", 60));
}

}  // namespace
}  // namespace eic::emulator
