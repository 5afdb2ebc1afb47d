// Goal of this test: no bit of a record can be turned, and no byte of it left out, without the
// record being refused.
#include <gtest/gtest.h>

#include "core/select.h"
#include "core/signature.h"
#include "tests/fakes/for_tests.h"
#include "tests/testkit/notary.h"
#include "tests/testkit/world.h"

namespace eic::testkit {
namespace {

class Flip : public ::testing::Test {
 protected:
  Flip() : keys_(EIC_SOURCE_DIR "/tests/testkit/keys"), notary_(keys_), signer_(MakeSigner()) {}

  // How many records of `blob` come through selection and signature.
  std::size_t CountAccepted(std::string_view blob) const {
    const Result<Selection> selection =
        SelectCandidates(blob, {NamedUser("alice"), {}}, kInstance, kNow);
    std::size_t accepted = 0;
    for (const Candidate& candidate : selection->candidates) {
      if (VerifySignature(signer_, candidate)) ++accepted;
    }
    return accepted;
  }

  // The bit whose turning was accepted, or nothing.
  std::string AcceptedFlip(const std::string& blob) const {
    for (std::size_t at = 0; at < blob.size(); ++at) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        std::string flipped = blob;
        flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
        if (CountAccepted(flipped) != 0) {
          return "bit " + std::to_string(bit) + " of byte " + std::to_string(at);
        }
      }
    }
    return "";
  }

  KeyRing keys_;
  Notary notary_;

 private:
  TrustedSigner MakeSigner() {
    World world(keys_);
    const ServedEvidence served = world.Serve();
    const Result<ServedChain> chain = ParseServedChain(served.signer_cert);
    const X509StorePtr anchors(X509_STORE_new());
    X509_STORE_add_cert(anchors.get(), world.root);
    const Result<VerifiedChain> verified = VerifyChain(
        *chain, *ExpectedSignerName({"us-west-2", "amazonaws.com"}), anchors.get(), kNow);
    std::vector<Staple> staples;
    for (const auto& [name, body] : served.staples) staples.push_back({name, body});
    HeardStaples heard(staples, kNow);
    Result<TrustedSigner, Unvouched> signer = VerifyRevocation(*verified, heard);
    return *std::move(signer);
  }

  TrustedSigner signer_;
};

// Nothing in a record is without meaning: the base64 of key and signature is canonical, a comment
// is signed, and the last line ends with the input or with LF, which has no third form one bit
// away.
TEST_F(Flip, EveryBitOfOneRecordCounts) {
  const std::string blob = notary_.Good();
  ASSERT_EQ(CountAccepted(blob), 1U);
  EXPECT_EQ(AcceptedFlip(blob), "");
}

TEST_F(Flip, EveryBitOfAWrappedRecordCounts) {
  issuer::RecordSpec record = notary_.Record();
  record.wrap_columns = 76;
  record.key_line += " alice@example ";
  const std::string blob = notary_.Sign(record);
  ASSERT_EQ(CountAccepted(blob), 1U);
  EXPECT_EQ(AcceptedFlip(blob), "");
}

// The one byte that may be missing is the last LF.
TEST_F(Flip, EveryByteOfARecordIsNeeded) {
  const std::string blob = notary_.Good();
  for (std::size_t at = 0; at < blob.size(); ++at) {
    std::string shorter = blob;
    shorter.erase(at, 1);
    EXPECT_EQ(CountAccepted(shorter), at + 1 == blob.size() ? 1U : 0U) << "without byte " << at;
  }
  for (std::size_t length = 0; length + 1 < blob.size(); ++length) {
    EXPECT_EQ(CountAccepted(blob.substr(0, length)), 0U) << "the first " << length << " bytes";
  }
}

}  // namespace
}  // namespace eic::testkit
