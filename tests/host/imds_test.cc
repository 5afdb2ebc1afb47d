#include "host/imds.h"

#include "core/limits.h"
#include "host/limits.h"
#include "tests/host/imds_fixture.h"

namespace eic {
namespace {

using fakes::Answer;
using fakes::Failure;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(DefaultImdsEndpointsTest, AreTheTwoLinkLocalAddressesIpv4First) {
  EXPECT_THAT(DefaultImdsEndpoints(),
              ElementsAre("http://169.254.169.254", "http://[fd00:ec2::254]"));
}

TEST_F(ImdsTest, BlobTakesATokenAndOneGet) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "the blob\n"));
  const Result<std::string> blob = Session().FetchBlob("alice");
  ASSERT_TRUE(blob.ok());
  EXPECT_EQ(*blob, "the blob\n");
  EXPECT_THAT(http_.routes(), ElementsAre(PutTokenAt(kFirst), BlobAt(kFirst, "alice")));
  EXPECT_EQ(http_.waits().size(), 2U);
}

TEST_F(ImdsTest, TokenIsAskedForWithATimeToLive) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  ASSERT_TRUE(Session().FetchBlob("alice").ok());
  const HttpRequest put = http_.requests().front();
  EXPECT_THAT(
      put.headers,
      ElementsAre(testing::MatchesRegex("X-aws-ec2-metadata-token-ttl-seconds: [1-9][0-9]{0,4}")));
  EXPECT_EQ(put.body_bytes_max, kTokenBytesMax);
}

TEST_F(ImdsTest, EveryGetCarriesTheToken) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  http_.Then(GetAt(kFirst, "instance-id"), Answer(200, "i-0123456789abcdef0"));
  ConfinedImds imds = Session();
  ASSERT_TRUE(imds.FetchBlob("alice").ok());
  ASSERT_TRUE(imds.FetchInstanceId().ok());
  ASSERT_EQ(http_.requests().size(), 3U) << "the token is kept";
  EXPECT_EQ(TokenOf(http_.requests()[1]), kToken);
  EXPECT_EQ(TokenOf(http_.requests()[2]), kToken);
}

TEST_F(ImdsTest, NoForwardedForHeaderWhichWouldBeForbidden) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  ASSERT_TRUE(Session().FetchBlob("alice").ok());
  for (const HttpRequest& request : http_.requests()) EXPECT_EQ(request.headers.size(), 1U);
}

TEST_F(ImdsTest, NotFoundMeansNoKeyAfterTwoRequests) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(404));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "no-key");
  EXPECT_EQ(http_.requests().size(), 2U);
  EXPECT_EQ(http_.waits().size(), 2U);
}

TEST_F(ImdsTest, NotFoundOfAnotherResourceIsNoAnswerAboutKeys) {
  GrantToken();
  http_.Then(GetAt(kFirst, "instance-id"), Answer(404));
  EXPECT_EQ(OutcomeOf(Session().FetchInstanceId()), "imds-status");
}

TEST_F(ImdsTest, NotFoundForTheTokenIsNoAnswerAboutKeys) {
  http_.Then(PutTokenAt(kFirst), Answer(404));
  EXPECT_EQ(OutcomeOf(Session().FetchBlob("alice")), "imds-status");
}

TEST_F(ImdsTest, EachRequestHasItsLimits) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  ASSERT_TRUE(Session().FetchBlob("alice").ok());
  for (const HttpRequest& request : http_.requests()) {
    EXPECT_GT(request.time_max.count(), 0);
    EXPECT_LE(request.time_max, kRequestTimeMax);
    EXPECT_GT(request.connect_time_max.count(), 0);
    EXPECT_LE(request.connect_time_max, kConnectTimeMax);
    EXPECT_GT(request.body_bytes_max, 0U);
  }
  EXPECT_EQ(http_.requests()[1].body_bytes_max, kBlobBytesMax);
}

TEST_F(ImdsTest, LimitsShrinkWithTheTimeThatIsLeft) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(200, "blob"));
  const auto time_left = std::chrono::milliseconds(200);
  ASSERT_TRUE(Session(time_left).FetchBlob("alice").ok());
  for (const HttpRequest& request : http_.requests()) {
    EXPECT_LE(request.time_max, time_left);
    EXPECT_LE(request.connect_time_max, time_left);
  }
}

TEST_F(ImdsTest, UserNameIsOnePathSegment) {
  const struct {
    const char* user;
    const char* segment;
  } kRows[] = {
      {"svc@corp.example", "svc@corp.example"},
      {"host$", "host$"},
      {"a b", "a%20b"},
      {"a?b#c", "a%3Fb%23c"},
      {"50%", "50%25"},
      {"\xc3\xbc", "%C3%BC"},
  };
  GrantToken();
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.user);
    http_.Then(BlobAt(kFirst, row.segment), Answer(200, "blob"));
    EXPECT_EQ(OutcomeOf(Session().FetchBlob(row.user)), "ok");
  }
}

TEST(PathSegmentTest, EveryByteStandsAsRfc3986Allows) {
  const std::string allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"  // unreserved
      "-._~"
      "!$&'()*+,;="  // sub-delims
      ":@";
  for (int byte = 0; byte <= 255; ++byte) {
    const std::string user(1, static_cast<char>(byte));
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02X", static_cast<unsigned>(byte));
    const bool stands = byte != 0 && allowed.find(user) != std::string::npos;
    EXPECT_EQ(PathSegment(user), stands ? user : escaped) << byte;
  }
}

TEST(PathSegmentTest, LeavesDotsAlone) {
  EXPECT_EQ(PathSegment("first.last"), "first.last");
  EXPECT_EQ(PathSegment("..."), "...");
  EXPECT_EQ(PathSegment(""), "");
}

TEST_F(ImdsTest, InstanceIdShapes) {
  const struct {
    const char* defect;
    std::string body;
    const char* outcome;
  } kRows[] = {
      {"none", "i-0123456789abcdef0", "ok"},
      {"none, the short form", "i-01234567", "ok"},
      {"none, the longest that is allowed", "i-" + std::string(32, 'a'), "ok"},
      {"none, ended by LF", "i-0123456789abcdef0\n", "ok"},
      {"none, ended by CRLF", "i-0123456789abcdef0\r\n", "ok"},
      {"too long", "i-" + std::string(33, 'a'), "imds-response-malformed"},
      {"too short", "i-0123456", "imds-response-malformed"},
      {"upper case", "i-0123456789ABCDEF0", "imds-response-malformed"},
      {"no hexadecimal", "i-0123456789abcdefg", "imds-response-malformed"},
      {"another prefix", "mi-0123456789abcdef0", "imds-response-malformed"},
      {"a blank before it", " i-0123456789abcdef0", "imds-response-malformed"},
      {"a second line", "i-0123456789abcdef0\ni-0123456789abcdef1", "imds-response-malformed"},
      {"a NUL behind it", std::string("i-01234567\0", 11), "imds-response-malformed"},
      {"empty", "", "imds-response-malformed"},
      {"a page of HTML", "<html></html>", "imds-response-malformed"},
  };
  GrantToken();
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.defect);
    http_.Then(GetAt(kFirst, "instance-id"), Answer(200, row.body));
    const Result<std::string> id = Session().FetchInstanceId();
    EXPECT_EQ(OutcomeOf(id), row.outcome);
    if (!id.ok()) continue;
    EXPECT_EQ(*id, row.body.substr(0, row.body.find_first_of("\r\n")));
  }
}

TEST_F(ImdsTest, ErrorsNameWhatWasAskedFor) {
  GrantToken();
  http_.Then(BlobAt(kFirst, "alice"), Answer(403));
  const Result<std::string> blob = Session().FetchBlob("alice");
  ASSERT_FALSE(blob.ok());
  EXPECT_THAT(blob.error().detail, HasSubstr("managed-ssh-keys/active-keys/alice"));
  EXPECT_THAT(blob.error().detail, HasSubstr("403"));

  http_.Then(BlobAt(kFirst, "alice"), Failure(Fault::kTooLarge));
  const Result<std::string> other = Session().FetchBlob("alice");
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(other.error().detail, HasSubstr("scripted"));
}

}  // namespace
}  // namespace eic
