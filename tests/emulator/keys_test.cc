#include "issuer/keys.h"

#include <gtest/gtest.h>

#include "core/base64.h"
#include "issuer/issuer_error.h"

namespace eic::issuer {
namespace {

// What ssh-keygen -y prints for the key.
constexpr const char* kKnownKeyPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
    "-----END PRIVATE KEY-----\n";

TEST(Keys, AnEd25519KeyHasItsOpensshForm) {
  const EvpPkeyPtr key = ParsePrivateKeyPem(kKnownKeyPem);
  // The seed 00..1f gives the public key 03a107bf..; the wire form is two length-prefixed strings.
  EXPECT_EQ(SshPublicKeyLine(key.get(), "seed"),
            "ssh-ed25519 "
            "AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4 seed");
}

TEST(Keys, NoCommentLeavesNoBlank) {
  const std::string line = SshPublicKeyLine(ParsePrivateKeyPem(kKnownKeyPem).get(), "");
  EXPECT_NE(line.back(), ' ');
}

TEST(Keys, AnRsaKeyHasPositiveNumbersOfItsSize) {
  const std::string wire = SshWireKey(GenerateRsaKey(2048).get());
  // "ssh-rsa", 65537 in three bytes, a modulus of 256 bytes behind the zero of a positive number.
  EXPECT_EQ(wire.size(), 4 + 7 + 4 + 3 + 4 + 257U);
  EXPECT_EQ(wire.substr(0, 18), std::string("\0\0\0\7ssh-rsa\0\0\0\3\1\0\1", 18));
  EXPECT_EQ(wire[22], '\0');
}

TEST(Keys, AnEcKeyNamesItsCurveTwice) {
  const struct {
    int nid;
    const char* type;
    std::size_t point_bytes;
  } kCurves[] = {{NID_X9_62_prime256v1, "ecdsa-sha2-nistp256", 65},
                 {NID_secp384r1, "ecdsa-sha2-nistp384", 97},
                 {NID_secp521r1, "ecdsa-sha2-nistp521", 133}};
  for (const auto& curve : kCurves) {
    const EvpPkeyPtr key = GenerateEcKey(curve.nid);
    const std::string line = SshPublicKeyLine(key.get(), "");
    EXPECT_EQ(line.substr(0, 20), std::string(curve.type) + " ");
    EXPECT_EQ(SshWireKey(key.get()).size(), 4 + 19 + 4 + 8 + 4 + curve.point_bytes);
  }
}

TEST(Keys, APrivateKeySurvivesPem) {
  const EvpPkeyPtr key = GenerateEcKey(NID_X9_62_prime256v1);
  const EvpPkeyPtr again = ParsePrivateKeyPem(PrivateKeyPem(key.get()));
  EXPECT_EQ(SshWireKey(key.get()), SshWireKey(again.get()));
}

TEST(Keys, WhatIsNoKeyIsAnError) {
  EXPECT_THROW(ParsePrivateKeyPem("no key"), IssuerError);
  EXPECT_THROW(GenerateRsaKey(1), IssuerError);
}

}  // namespace
}  // namespace eic::issuer
