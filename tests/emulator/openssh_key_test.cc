#include "emulator/api/openssh_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base64.h"
#include "issuer/keys.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

std::string Accepted(const std::string& text) {
  const auto checked = CheckPublicKey(text);
  const auto* key = std::get_if<AcceptedKey>(&checked);
  return key == nullptr ? "refused: " + std::get<RefusedKey>(checked).problem : key->line;
}

std::string Problem(const std::string& text) {
  const auto checked = CheckPublicKey(text);
  const auto* refused = std::get_if<RefusedKey>(&checked);
  return refused == nullptr ? "accepted" : refused->problem;
}

// One "string" of the wire form.
std::string Field(const std::string& bytes) {
  const auto size = static_cast<unsigned>(bytes.size());
  std::string field = {static_cast<char>(size >> 24U), static_cast<char>(size >> 16U),
                       static_cast<char>(size >> 8U), static_cast<char>(size)};
  return field + bytes;
}

std::string RsaLine(const std::string& exponent, const std::string& modulus) {
  return "ssh-rsa " + EncodeBase64(Field("ssh-rsa") + Field(exponent) + Field(modulus));
}

// A modulus of `bits`, as a positive number.
std::string Modulus(std::size_t bits) {
  std::string modulus((bits + 7) / 8, '\xFF');
  const std::size_t spare = modulus.size() * 8 - bits;
  modulus[0] = static_cast<char>(0xFFU >> spare);
  return spare == 0 ? std::string(1, '\0') + modulus : modulus;
}

const std::string kExponent("\1\0\1", 3);

TEST(OpensshKey, AnEd25519KeyIsTakenWithItsComment) {
  const std::string line = Ed25519KeyLine();
  EXPECT_EQ(Accepted(line), line);
  EXPECT_EQ(Accepted("\n  " + line + " \r\n"), line);
}

TEST(OpensshKey, BlanksBetweenTheFieldsBecomeOne) {
  const std::string bare = issuer::SshPublicKeyLine(issuer::GenerateEd25519Key().get(), "");
  EXPECT_EQ(Accepted(bare), bare);
  const std::string base64 = bare.substr(bare.find(' ') + 1);
  EXPECT_EQ(Accepted("ssh-ed25519 \t " + base64 + "  two words"), bare + " two words");
}

TEST(OpensshKey, RsaKeysOfThreeSizesAreTaken) {
  for (const std::size_t bits : {2048U, 3072U, 4096U}) {
    EXPECT_EQ(Problem(RsaLine(kExponent, Modulus(bits))), "accepted") << bits;
  }
  EXPECT_EQ(Problem(issuer::SshPublicKeyLine(issuer::GenerateRsaKey(2048).get(), "x")), "accepted");
}

TEST(OpensshKey, OtherSizesAreRefused) {
  for (const std::size_t bits : {1024U, 2047U, 2049U, 4095U, 4097U, 8192U}) {
    EXPECT_NE(Problem(RsaLine(kExponent, Modulus(bits))), "accepted") << bits;
  }
}

TEST(OpensshKey, OtherTypesAreRefusedWithWhatIsAccepted) {
  const EvpPkeyPtr key = issuer::GenerateEcKey(NID_X9_62_prime256v1);
  const std::string problem = Problem(issuer::SshPublicKeyLine(key.get(), ""));
  EXPECT_THAT(problem, testing::HasSubstr("ssh-ed25519"));
  EXPECT_THAT(problem, testing::HasSubstr("2048, 3072 or 4096"));
}

TEST(OpensshKey, ATypeThatIsNotTheBlobsIsRefused) {
  const std::string line = Ed25519KeyLine();
  EXPECT_THAT(Problem("ssh-rsa" + line.substr(line.find(' '))),
              testing::HasSubstr("key-type-mismatch"));
}

TEST(OpensshKey, OptionsInFrontAreRefused) {
  EXPECT_NE(Problem("command=\"id\" " + Ed25519KeyLine()), "accepted");
}

TEST(OpensshKey, ALineEndInsideIsRefused) {
  const std::string line = Ed25519KeyLine();
  for (const char* inside : {"\n#Instance=i-1", "\r", "\x0b", "\x7f"}) {
    EXPECT_THAT(Problem(line + inside + "x"), testing::HasSubstr("one line")) << inside;
  }
  EXPECT_NE(Problem(line + "\n" + line), "accepted");
  EXPECT_NE(Problem(line + std::string(1, '\0') + "x"), "accepted");
}

TEST(OpensshKey, DamagedWireFormsAreRefused) {
  const std::string type = Field("ssh-ed25519");
  const auto ed25519 = [](const std::string& wire) { return "ssh-ed25519 " + EncodeBase64(wire); };
  const std::string rsa_rest = Field(kExponent) + Field(Modulus(2048));
  const std::string kDamaged[] = {
      "",
      "ssh-ed25519",
      "ssh-ed25519 ****",
      "ssh-ed25519 AAAA=",
      ed25519(""),
      ed25519(type),
      ed25519(type + Field(std::string(31, 'x'))),
      ed25519(type + Field(std::string(33, 'x'))),
      ed25519(type + Field(std::string(32, 'x')) + "y"),
      ed25519(type + std::string("\xFF\xFF\xFF\xFF", 4)),
      "ssh-rsa " + EncodeBase64(Field("ssh-rsa") + rsa_rest + "y"),
      "ssh-rsa " + EncodeBase64(Field("ssh-rsa") + Field(kExponent)),
      RsaLine("", Modulus(2048)),
      RsaLine("\xFF", Modulus(2048)),
      RsaLine(std::string(2, '\0'), Modulus(2048)),
      RsaLine(kExponent, std::string(256, '\xFF')),
      RsaLine(kExponent, std::string(1, '\0') + Modulus(2048)),
  };
  for (const std::string& text : kDamaged) EXPECT_NE(Problem(text), "accepted") << text;
}

TEST(OpensshKey, Ssh2TextBecomesAnOpenSshLine) {
  const std::string bare = issuer::SshPublicKeyLine(issuer::GenerateRsaKey(2048).get(), "");
  std::string base64 = bare.substr(bare.find(' ') + 1);
  for (std::size_t at = 70; at < base64.size(); at += 71) base64.insert(at, "\n");
  const std::string begin = "---- BEGIN SSH2 PUBLIC KEY ----\n";
  const std::string end = "\n---- END SSH2 PUBLIC KEY ----\n";
  EXPECT_EQ(Accepted(begin + base64 + end), bare);
  const std::string headers = "Subject: me\nComment: \"a key that is \\\nmine\"\n";
  EXPECT_EQ(Accepted(begin + headers + base64 + end), bare);
  EXPECT_NE(Problem(begin + base64), "accepted");
  EXPECT_NE(Problem(begin + end), "accepted");
  EXPECT_NE(Problem(begin + base64 + end + "more"), "accepted");
}

}  // namespace
}  // namespace eic::emulator
