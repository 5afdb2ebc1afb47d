// Goal of this test: every partition has its domain, and metadata cannot choose another.
#include "core/partition.h"

#include <gtest/gtest.h>

#include "core/limits.h"

namespace eic {
namespace {

struct Place {
  const char* region;
  const char* domain;
};

class KnownPlace : public ::testing::TestWithParam<Place> {};

TEST_P(KnownPlace, HasASigner) {
  const Result<SignerName> name = ExpectedSignerName({GetParam().region, GetParam().domain});
  ASSERT_TRUE(name.ok()) << name.error().detail;
  EXPECT_EQ(name->text(),
            std::string("managed-ssh-signer.") + GetParam().region + '.' + GetParam().domain);
}

TEST_P(KnownPlace, HasNoOtherDomain) {
  for (const char* domain : {"amazonaws.com", "amazonaws.com.cn", "c2s.ic.gov", "sc2s.sgov.gov",
                             "cloud.adc-e.uk", "csp.hci.ic.gov", "amazonaws.eu", "evil.example"}) {
    if (std::string(domain) == GetParam().domain) continue;
    const Result<SignerName> name = ExpectedSignerName({GetParam().region, domain});
    ASSERT_FALSE(name.ok());
    EXPECT_EQ(Slug(name.error().reason), Slug(Reason::kDomainMismatch));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, KnownPlace,
    ::testing::Values(
        Place{"us-west-2", "amazonaws.com"}, Place{"eu-central-1", "amazonaws.com"},
        Place{"ap-northeast-1", "amazonaws.com"}, Place{"sa-east-1", "amazonaws.com"},
        Place{"ca-west-1", "amazonaws.com"}, Place{"me-south-1", "amazonaws.com"},
        Place{"af-south-1", "amazonaws.com"}, Place{"il-central-1", "amazonaws.com"},
        Place{"mx-central-1", "amazonaws.com"}, Place{"us-gov-east-1", "amazonaws.com"},
        Place{"cn-northwest-1", "amazonaws.com.cn"}, Place{"us-iso-west-1", "c2s.ic.gov"},
        Place{"us-isob-east-1", "sc2s.sgov.gov"}, Place{"eu-isoe-west-1", "cloud.adc-e.uk"},
        Place{"us-isof-east-1", "csp.hci.ic.gov"}, Place{"eusc-de-east-1", "amazonaws.eu"}));

TEST(ExpectedSignerName, OfAnUnknownRegionIsThatOfAKnownDomain) {
  EXPECT_EQ(ExpectedSignerName({"xx-new-1", "amazonaws.com.cn"})->text(),
            "managed-ssh-signer.xx-new-1.amazonaws.com.cn");
  // A prefix counts with its hyphen.
  EXPECT_TRUE(ExpectedSignerName({"usx-west-1", "c2s.ic.gov"}).ok());
}

struct BadPlace {
  const char* name;
  std::string region;
  std::string domain;
  Reason reason;
};

class BadPlaces : public ::testing::TestWithParam<BadPlace> {};

TEST_P(BadPlaces, HaveTheirReason) {
  const Result<SignerName> name = ExpectedSignerName({GetParam().region, GetParam().domain});
  ASSERT_FALSE(name.ok());
  EXPECT_EQ(Slug(name.error().reason), Slug(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPlaces,
    ::testing::Values(
        BadPlace{"RegionEmpty", "", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionTooLong", "us-" + std::string(kShortValueBytesMax, 'a') + "-1",
                 "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionOfOneWord", "us-1", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionWithoutNumber", "us-west", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionEndsInHyphen", "us-west-", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionWithEmptyWord", "us--west-2", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionWithDigitInWord", "us2-west-2", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionIsZone", "us-west-2b", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionIsLocalZone", "us-west-2-lax-1a", "amazonaws.com",
                 Reason::kRegionMalformed},
        BadPlace{"RegionIsService", "s3", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionIsServiceOfRegion", "s3-us-west-2", "amazonaws.com",
                 Reason::kRegionMalformed},
        BadPlace{"RegionWithLineEnd", "us-west-2\n", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"RegionWithDot", "us-west-2.x", "amazonaws.com", Reason::kRegionMalformed},
        BadPlace{"DomainEmpty", "us-west-2", "", Reason::kDomainMalformed},
        BadPlace{"DomainTooLong", "us-west-2", std::string(kShortValueBytesMax + 1, 'a'),
                 Reason::kDomainMalformed},
        BadPlace{"DomainUpperCase", "us-west-2", "Amazonaws.com", Reason::kDomainMalformed},
        BadPlace{"BothUnknown", "xx-new-1", "evil.example", Reason::kDomainUnknown}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace eic
