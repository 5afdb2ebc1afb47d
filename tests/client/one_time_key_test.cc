#include "client/signing/one_time_key.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include "client/signing/host_key.h"
#include "client/signing/wire.h"
#include "core/ssh_public_key.h"
#include "tests/client/wire_samples.h"

namespace eic::client {
namespace {

TEST(OneTimeKey, ItsPublicHalfIsOneThatTheServiceTakes) {
  for (const KeyType type : {KeyType::kEd25519, KeyType::kRsa}) {
    const OneTimeKey key = fakes::NewKey(type);
    EXPECT_EQ(key.type(), type);
    const auto parsed = ParseSshPublicKey(key.PublicLine());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->wire, key.blob());
  }
}

TEST(OneTimeKey, IsFreshEachTime) { EXPECT_NE(fakes::NewKey().blob(), fakes::NewKey().blob()); }

TEST(OneTimeKey, ItsSignaturesVerify) {
  for (const KeyType type : {KeyType::kEd25519, KeyType::kRsa}) {
    const OneTimeKey key = fakes::NewKey(type);
    const auto verifier = ParseHostKey(key.blob());
    ASSERT_TRUE(verifier);
    for (const std::uint32_t flags : {2U, 4U}) {
      const auto signature = key.Sign("data", *key.AlgorithmFor(flags));
      ASSERT_TRUE(signature);
      EXPECT_TRUE(IsSignedByHost(*verifier, *signature, "data"));
      EXPECT_FALSE(IsSignedByHost(*verifier, *signature, "date"));
    }
  }
}

TEST(OneTimeKey, TheFlagsChooseTheDigest) {
  const OneTimeKey rsa = fakes::NewKey(KeyType::kRsa);
  EXPECT_EQ(rsa.AlgorithmFor(2), "rsa-sha2-256");
  EXPECT_EQ(rsa.AlgorithmFor(4), "rsa-sha2-512");
  EXPECT_FALSE(rsa.AlgorithmFor(0));
  EXPECT_EQ(fakes::NewKey().AlgorithmFor(0), "ssh-ed25519");
}

// The process that runs this test has no secure memory before; each key that lives takes some of
// it.
TEST(OneTimeKey, LivesInSecureMemory) {
  ASSERT_EQ(CRYPTO_secure_malloc_initialized(), 0) << "another test has prepared it";
  (void)PrepareSecureMemory();
  ASSERT_EQ(CRYPTO_secure_malloc_initialized(), 1);
  EXPECT_EQ(PrepareSecureMemory(), "");
  for (const KeyType type : {KeyType::kEd25519, KeyType::kRsa}) {
    const std::size_t before = CRYPTO_secure_used();
    {
      const OneTimeKey key = fakes::NewKey(type);
      EXPECT_GE(CRYPTO_secure_used(), before + 32);
    }
    EXPECT_EQ(CRYPTO_secure_used(), before);
  }
  // Full, and room again.
  std::vector<OneTimeKey> keys;
  aws::Failure failure;
  while (keys.size() < 20000) {
    aws::Outcome<OneTimeKey> key = OneTimeKey::Make(KeyType::kEd25519);
    if (!key) {
      failure = key.error();
      break;
    }
    keys.push_back(std::move(*key));
  }
  EXPECT_EQ(failure.code, "NoRoom") << keys.size();
  EXPECT_GE(keys.size(), 60U);
  keys.clear();
  EXPECT_TRUE(OneTimeKey::Make(KeyType::kEd25519));
}

}  // namespace
}  // namespace eic::client
