#include "issuer/server_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "issuer/certificates.h"
#include "issuer/files.h"
#include "issuer/issuer_error.h"
#include "tests/emulator/support.h"

namespace eic::issuer {
namespace {

using emulator::kNow;

class ServerIdentities : public testing::Test {
 protected:
  ServerIdentities() {
    std::string pattern = testing::TempDir() + "/identity.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ServerIdentities() override { std::filesystem::remove_all(folder_); }

  X509Ptr Ca() const { return ParseCertificatePem(ReadFile(folder_ / "api-ca.pem")); }

  int ModeOf(const std::string& name) const {
    struct stat status {};
    return ::stat((folder_ / name).c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 07777)
                                                          : -1;
  }

  std::filesystem::path folder_;
};

TEST_F(ServerIdentities, TheCertificateIsForItsNamesAndByTheCa) {
  const ServerIdentity identity = MakeServerIdentity(
      folder_, {"localhost", "127.0.0.1", "::1", "ec2.us-west-2.amazonaws.com"}, kNow);
  X509* certificate = identity.certificate.get();
  EXPECT_EQ(X509_check_host(certificate, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(certificate, "ec2.us-west-2.amazonaws.com", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "::1", 0), 1);
  EXPECT_EQ(X509_check_host(certificate, "example.com", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.2", 0), 0);
  EXPECT_EQ(X509_verify(certificate, X509_get0_pubkey(Ca().get())), 1);
  EXPECT_EQ(X509_check_private_key(certificate, identity.key.get()), 1);
  EXPECT_EQ(X509_check_ca(Ca().get()), 1);
  EXPECT_EQ(X509_check_ca(certificate), 0);
}

TEST_F(ServerIdentities, TheCaStaysAndItsKeyIsPrivate) {
  const ServerIdentity first = MakeServerIdentity(folder_, {"localhost"}, kNow);
  const X509Ptr ca = Ca();
  const ServerIdentity second = MakeServerIdentity(folder_, {"localhost"}, kNow + 60);
  EXPECT_EQ(X509_cmp(ca.get(), Ca().get()), 0);
  EXPECT_NE(X509_cmp(first.certificate.get(), second.certificate.get()), 0);
  EXPECT_EQ(ModeOf("api-ca.pem"), 0644);
  EXPECT_EQ(ModeOf("private"), 0700);
  EXPECT_EQ(ModeOf("private/api-ca.key"), 0600);
}

TEST_F(ServerIdentities, ACaThatDoesNotHoldIsAnErrorThatSaysWhatToDo) {
  (void)MakeServerIdentity(folder_, {"localhost"}, kNow);
  const auto problem = [&](Instant now) -> std::string {
    try {
      (void)MakeServerIdentity(folder_, {"localhost"}, now);
    } catch (const IssuerError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(problem(kNow + 5000 * kSecondsPerDay), testing::HasSubstr("delete both"));
  EXPECT_THAT(problem(kNow - 2 * kSecondsPerDay), testing::HasSubstr("delete both"));
  EXPECT_EQ(problem(kNow), "");
  std::filesystem::remove(folder_ / "private" / "api-ca.key");
  EXPECT_THAT(problem(kNow), testing::HasSubstr("api-ca.key"));
}

}  // namespace
}  // namespace eic::issuer
