#include "aws/trust_store.h"

#include <gtest/gtest.h>

#include "tests/fakes/temp_folder.h"

namespace eic::aws {
namespace {

constexpr const char* kBundle = "etc/pki/tls/certs/ca-bundle.crt";

TEST(FindTrustStore, PrefersAHashedFolder) {
  const fakes::TempFolder root;
  root.Write("etc/ssl/certs/ca-certificates.crt", "x");
  root.Write("etc/ssl/certs/5ed36f99.0", "x");
  const TrustStore store = FindTrustStore("", root.path().string() + "/");
  EXPECT_EQ(store.folder, root.Of("etc/ssl/certs"));
  EXPECT_EQ(store.file, "");
}

// RHEL's etc/pki/tls/certs: a bundle, and files whose names only look a little like hashes.
TEST(FindTrustStore, TakesTheBundleWhereNothingIsHashed) {
  const fakes::TempFolder root;
  root.Write(kBundle, "x");
  for (const char* name : {"5ed36f9.0", "5ed36f99.r0", "5ED36F99.0", "5ed36f99.10", "5ed36f99"}) {
    root.Write(std::string("etc/pki/tls/certs/") + name, "x");
  }
  const TrustStore store = FindTrustStore("", root.path().string() + "/");
  EXPECT_EQ(store.folder, "");
  EXPECT_EQ(store.file, root.Of(kBundle));
}

TEST(FindTrustStore, FindsSusesFolder) {
  const fakes::TempFolder root;
  root.Write("var/lib/ca-certificates/openssl/5ed36f99.0", "x");
  EXPECT_EQ(FindTrustStore("", root.path().string() + "/").folder,
            root.Of("var/lib/ca-certificates/openssl"));
}

TEST(FindTrustStore, NamesNoneWhereThereIsNone) {
  const fakes::TempFolder root;
  root.Write(kBundle, "");  // empty
  const TrustStore store = FindTrustStore("", root.path().string() + "/");
  EXPECT_EQ(store.folder + store.file, "");
}

TEST(FindTrustStore, TakesWhatAPersonNames) {
  const fakes::TempFolder root;
  const std::string file = root.Write("ca.pem", "x");
  EXPECT_EQ(FindTrustStore(file).file, file);
  EXPECT_EQ(FindTrustStore(root.path().string()).folder, root.path().string());
  // libcurl then says that it is missing; the host's store is no substitute.
  EXPECT_EQ(FindTrustStore("/no/such.pem").file, "/no/such.pem");
}

}  // namespace
}  // namespace eic::aws
