// Step 6: the evidence, and which staples of the listing are fetched.
#include <openssl/objects.h>

#include <algorithm>

#include "core/limits.h"
#include "issuer/certificates.h"
#include "issuer/keys.h"
#include "tests/host/imds_fixture.h"

namespace eic {
namespace {

using fakes::Answer;
using fakes::Failure;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kRegionPath = "placement/region";
constexpr const char* kDomainPath = "services/domain";
constexpr const char* kChainPath = "managed-ssh-keys/signer-cert";
constexpr const char* kListPath = "managed-ssh-keys/signer-ocsp/";

// Certificates that differ in their names; nothing here looks further.
ServedChain MakeChain(std::size_t count) {
  const EvpPkeyPtr key = issuer::GenerateEcKey(NID_X9_62_prime256v1);
  ServedChain chain;
  for (std::size_t i = 0; i < count; ++i) {
    issuer::CertificateSpec spec;
    spec.common_names = {"certificate " + std::to_string(i)};
    spec.not_before = Instant(1900000000);
    spec.not_after = Instant(2100000000);
    chain.push_back(issuer::IssueCertificate(spec, key.get(), nullptr, key.get()));
  }
  return chain;
}

std::string PemOf(const ServedChain& chain) {
  std::string pem;
  for (const X509Ptr& certificate : chain) pem += issuer::CertificatePem(certificate.get());
  return pem;
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

class ImdsEvidenceTest : public ImdsTest {
 protected:
  ImdsEvidenceTest() : chain_(MakeChain(2)) {
    first_ = issuer::Sha1Name(chain_[0].get());
    second_ = issuer::Sha1Name(chain_[1].get());
    GrantToken();
  }

  // All that is well, but for routes that a test has written down itself.
  void ServeTheRest() {
    http_.Always(GetAt(kFirst, kRegionPath), Answer(200, "us-west-2\n"));
    http_.Always(GetAt(kFirst, kDomainPath), Answer(200, "amazonaws.com"));
    http_.Always(GetAt(kFirst, kChainPath), Answer(200, PemOf(chain_)));
    http_.Always(GetAt(kFirst, kListPath), Answer(200, first_ + '\n' + second_ + '\n'));
    http_.Always(StapleAt(first_), Answer(200, "Zmlyc3Q="));
    http_.Always(StapleAt(second_), Answer(200, "c2Vjb25k"));
  }

  static std::string StapleAt(const std::string& name) { return GetAt(kFirst, kListPath + name); }

  ServedChain chain_;
  std::string first_;
  std::string second_;
};

TEST_F(ImdsEvidenceTest, AllOfItInTwoWaits) {
  ServeTheRest();
  ConfinedImds imds = Session();
  http_.Always(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  ASSERT_TRUE(imds.FetchBlob("alice").ok());
  const Result<Evidence> evidence = imds.FetchEvidence();
  ASSERT_EQ(OutcomeOf(evidence), "ok");
  EXPECT_EQ(evidence->location.region, "us-west-2");
  EXPECT_EQ(evidence->location.domain, "amazonaws.com");
  EXPECT_EQ(evidence->chain.size(), 2U);
  ASSERT_EQ(evidence->staples.size(), 2U);
  EXPECT_EQ(evidence->staples[0].name, first_);
  EXPECT_EQ(*evidence->staples[0].base64, "Zmlyc3Q=");
  EXPECT_EQ(*evidence->staples[1].base64, "c2Vjb25k");

  // Token, blob, four at once, the staples at once: 6 requests and one for each staple.
  ASSERT_EQ(http_.waits().size(), 4U);
  EXPECT_EQ(http_.waits()[2].size(), 4U);
  EXPECT_EQ(http_.waits()[3].size(), 2U);
  for (const HttpRequest& request : http_.requests()) {
    if (request.method == HttpRequest::Method::kPut) continue;
    EXPECT_EQ(TokenOf(request), kToken);
  }
}

TEST_F(ImdsEvidenceTest, EachBodyHasItsLimit) {
  ServeTheRest();
  ASSERT_EQ(OutcomeOf(Session().FetchEvidence()), "ok");
  for (const HttpRequest& request : http_.requests()) {
    const std::string route = fakes::RouteOf(request);
    const std::size_t limit = route == PutTokenAt(kFirst)           ? kTokenBytesMax
                              : route == GetAt(kFirst, kRegionPath) ? kShortValueBytesMax
                              : route == GetAt(kFirst, kDomainPath) ? kShortValueBytesMax
                              : route == GetAt(kFirst, kChainPath)  ? kChainPemBytesMax
                              : route == GetAt(kFirst, kListPath)   ? kStapleListBytesMax
                                                                    : kStapleBase64BytesMax;
    EXPECT_EQ(request.body_bytes_max, limit) << route;
  }
}

TEST_F(ImdsEvidenceTest, FirstFailureOfEachRequestCostsARetryAndNothingElse) {
  const std::string routes[] = {PutTokenAt(kFirst),         GetAt(kFirst, kRegionPath),
                                GetAt(kFirst, kDomainPath), GetAt(kFirst, kChainPath),
                                GetAt(kFirst, kListPath),   StapleAt(first_),
                                StapleAt(second_)};
  for (const std::string& route : routes) {
    SCOPED_TRACE(route);
    http_ = fakes::ScriptedHttp();
    http_.Then(route, Failure(Fault::kConnectionLost));
    GrantToken();
    ServeTheRest();
    const Result<Evidence> evidence = Session().FetchEvidence();
    ASSERT_EQ(OutcomeOf(evidence), "ok");
    for (const Staple& staple : evidence->staples) EXPECT_EQ(OutcomeOf(staple.base64), "ok");
    EXPECT_EQ(http_.CountOf(route), 2U);
    EXPECT_EQ(http_.requests().size(), 8U) << "only what failed is asked for again";
  }
}

TEST_F(ImdsEvidenceTest, AllFailingAtFirstStillGivesAll) {
  for (const std::string& route :
       {PutTokenAt(kFirst), GetAt(kFirst, kRegionPath), GetAt(kFirst, kDomainPath),
        GetAt(kFirst, kChainPath), GetAt(kFirst, kListPath), StapleAt(first_), StapleAt(second_)}) {
    http_.Then(route, Failure(Fault::kConnectionLost));
  }
  ServeTheRest();
  EXPECT_EQ(OutcomeOf(Session().FetchEvidence()), "ok");
  EXPECT_EQ(http_.unused(), 0U);
}

TEST_F(ImdsEvidenceTest, UnauthorizedAllAtOnceGetsOneNewToken) {
  http_.Then(PutTokenAt(kFirst), Answer(200, "old"));
  http_.Then(PutTokenAt(kFirst), Answer(200, "new"));
  for (const char* path : {kRegionPath, kDomainPath, kChainPath, kListPath}) {
    http_.Then(GetAt(kFirst, path), Answer(401));
  }
  ServeTheRest();
  EXPECT_EQ(OutcomeOf(Session().FetchEvidence()), "ok");
  EXPECT_EQ(http_.CountOf(PutTokenAt(kFirst)), 2U);
  EXPECT_EQ(TokenOf(http_.requests().back()), "new");
}

TEST_F(ImdsEvidenceTest, UnauthorizedStaplesGetOneNewToken) {
  http_.Then(StapleAt(first_), Answer(401));
  http_.Then(StapleAt(second_), Answer(401));
  ServeTheRest();
  const Result<Evidence> evidence = Session().FetchEvidence();
  ASSERT_EQ(OutcomeOf(evidence), "ok");
  for (const Staple& staple : evidence->staples) EXPECT_EQ(OutcomeOf(staple.base64), "ok");
  EXPECT_EQ(http_.CountOf(PutTokenAt(kFirst)), 2U);
}

TEST_F(ImdsEvidenceTest, WhatIsMissingIsTheReason) {
  for (const char* path : {kRegionPath, kDomainPath, kChainPath, kListPath}) {
    SCOPED_TRACE(path);
    http_ = fakes::ScriptedHttp();
    http_.Then(GetAt(kFirst, path), Answer(404));
    GrantToken();
    ServeTheRest();
    const Result<Evidence> evidence = Session().FetchEvidence();
    ASSERT_EQ(OutcomeOf(evidence), "imds-status");
    EXPECT_THAT(evidence.error().detail, testing::HasSubstr(path));
    EXPECT_EQ(http_.waits().size(), 2U) << "no staple is fetched";
  }
}

TEST_F(ImdsEvidenceTest, StapleThatCannotBeFetchedIsCarriedAsItsError) {
  http_.Always(StapleAt(first_), Failure(Fault::kTimeout));
  http_.Then(StapleAt(first_), Failure(Fault::kTimeout));
  ServeTheRest();
  const Result<Evidence> evidence = Session().FetchEvidence();
  ASSERT_EQ(OutcomeOf(evidence), "ok");
  ASSERT_EQ(evidence->staples.size(), 2U);
  EXPECT_EQ(OutcomeOf(evidence->staples[0].base64), "imds-timeout");
  EXPECT_EQ(OutcomeOf(evidence->staples[1].base64), "ok");
}

TEST_F(ImdsEvidenceTest, ChainThatIsNoneIsRefusedBeforeStaplesAreFetched) {
  http_.Then(GetAt(kFirst, kChainPath), Answer(200, "no certificate"));
  ServeTheRest();
  EXPECT_EQ(OutcomeOf(Session().FetchEvidence()), "chain-malformed");
  EXPECT_EQ(http_.waits().size(), 2U);
}

TEST_F(ImdsEvidenceTest, EmptyListingFetchesNothing) {
  http_.Then(GetAt(kFirst, kListPath), Answer(200, ""));
  ServeTheRest();
  const Result<Evidence> evidence = Session().FetchEvidence();
  ASSERT_EQ(OutcomeOf(evidence), "ok");
  EXPECT_THAT(evidence->staples, IsEmpty());
  EXPECT_EQ(http_.waits().size(), 2U);
}

TEST_F(ImdsEvidenceTest, LowerCaseNameIsAskedForAsServedAndKnownInUpperCase) {
  http_.Then(GetAt(kFirst, kListPath), Answer(200, LowerCase(first_)));
  http_.Then(StapleAt(LowerCase(first_)), Answer(200, "Zmlyc3Q="));
  ServeTheRest();
  const Result<Evidence> evidence = Session().FetchEvidence();
  ASSERT_EQ(OutcomeOf(evidence), "ok");
  ASSERT_EQ(evidence->staples.size(), 1U);
  EXPECT_EQ(evidence->staples[0].name, first_);
}

// Which names are taken.

class SelectStapleNamesTest : public testing::Test {
 protected:
  SelectStapleNamesTest() : chain_(MakeChain(2)) {
    sha1_ = issuer::Sha1Name(chain_[0].get());
    sha256_ = issuer::Sha256Name(chain_[0].get());
    other_ = issuer::Sha1Name(chain_[1].get());
  }
  std::vector<std::string> Selected(const std::string& list) const {
    return SelectStapleNames(list, chain_);
  }

  ServedChain chain_;
  std::string sha1_;
  std::string sha256_;
  std::string other_;
};

TEST_F(SelectStapleNamesTest, BothDigestsInTheOrderOfTheListing) {
  EXPECT_THAT(Selected(other_ + '\n' + sha256_ + '\n' + sha1_ + '\n'),
              ElementsAre(other_, sha256_, sha1_));
}

TEST_F(SelectStapleNamesTest, FormsOfTheListing) {
  EXPECT_THAT(Selected(sha1_ + "\r\n" + other_ + "\r\n"), ElementsAre(sha1_, other_));
  EXPECT_THAT(Selected(sha1_ + '\n' + other_), ElementsAre(sha1_, other_)) << "no LF at the end";
  EXPECT_THAT(Selected("\n\n" + sha1_ + "\n\n"), ElementsAre(sha1_)) << "empty lines";
  EXPECT_THAT(Selected(LowerCase(sha1_)), ElementsAre(LowerCase(sha1_)));
  EXPECT_THAT(Selected(""), IsEmpty());
}

TEST_F(SelectStapleNamesTest, EachOnce) {
  EXPECT_THAT(Selected(sha1_ + '\n' + sha1_ + '\n' + LowerCase(sha1_) + '\n'), ElementsAre(sha1_));
}

TEST_F(SelectStapleNamesTest, WhatIsNoNameOfTheChainIsIgnored) {
  const std::string kHostile[] = {
      "../../etc/passwd",
      "..",
      "/etc/passwd",
      "../" + sha1_,
      sha1_ + "/../x",
      sha1_ + "/",
      " " + sha1_,
      sha1_ + " ",
      sha1_ + "\t",
      sha1_ + "?x=1",
      sha1_ + "%0d%0aX: y",
      sha1_.substr(1),
      sha1_ + "0",
      "\r" + sha1_,
      sha1_ + std::string(1, '\0'),
      std::string(40, '0'),
      std::string(10000, 'A'),
      "<html>",
  };
  for (const std::string& name : kHostile) {
    EXPECT_THAT(Selected(name + '\n' + other_ + '\n'), ElementsAre(other_)) << name.substr(0, 80);
  }
}

TEST_F(SelectStapleNamesTest, NoMoreThanTheLimit) {
  chain_ = MakeChain(kStaplesMax + 2);
  std::string list;
  for (const X509Ptr& certificate : chain_) list += issuer::Sha1Name(certificate.get()) + '\n';
  EXPECT_EQ(Selected(list).size(), kStaplesMax);
}

}  // namespace
}  // namespace eic
