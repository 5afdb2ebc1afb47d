// Signatures that AWS's documents and botocore 1.43 print, made here again.
#include "aws/sigv4.h"

#include <gtest/gtest.h>

namespace eic::aws {
namespace {

constexpr Instant kDocumentsNow(1440938160);  // 20150830T123600Z
constexpr const char* kDocumentsSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

// The worked example of "Create a signed AWS API request".
TEST(AddSignature, MakesTheSignatureOfTheDocumentsExample) {
  std::map<std::string, std::string> headers = {
      {"host", "iam.amazonaws.com"},
      {"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  AddSignature({"GET", "/", "Action=ListUsers&Version=2010-05-08", headers, ""}, headers,
               {"AKIDEXAMPLE", kDocumentsSecret, ""}, "us-east-1", "iam", kDocumentsNow);
  EXPECT_EQ(headers["x-amz-date"], "20150830T123600Z");
  EXPECT_EQ(headers.count("x-amz-security-token"), 0U);
  EXPECT_EQ(headers["authorization"],
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(AddSignature, SignsTheSessionTokenAndTheBody) {
  std::map<std::string, std::string> headers = {
      {"host", "ec2.us-east-1.amazonaws.com"},
      {"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  AddSignature({"POST", "/", "", headers, "Action=DescribeInstances&Version=2016-11-15"}, headers,
               {"AKIDEXAMPLE", kDocumentsSecret, "TOKEN//example+="}, "us-east-1", "ec2",
               kDocumentsNow);
  EXPECT_EQ(headers["x-amz-security-token"], "TOKEN//example+=");
  EXPECT_EQ(headers["authorization"],
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/ec2/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
            "Signature=32d50b218a803945a632e089fe3ffe68490c35088e33ca0e33710a35dff789fb");
}

// A presigned query: its parameters arrive in another order than they are signed in.
std::string TunnelSignature(const std::string& token_parameter) {
  const std::map<std::string, std::string> headers = {
      {"host",
       "eice-0123456789abcdef0.0123abcd.ec2-instance-connect-endpoint.us-west-2.amazonaws.com"}};
  const std::string query =
      "instanceConnectEndpointId=eice-0123456789abcdef0&remotePort=22&privateIpAddress=10.0.0.5"
      "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
      "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20300102%2Fus-west-2%2Fec2-instance-connect"
      "%2Faws4_request&X-Amz-Date=20300102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host" +
      token_parameter;
  const auto canonical = CanonicalRequest({"GET", "/openTunnel", query, headers, ""}, {"host"});
  return SignatureOf(canonical.value_or(""), {"20300102", "us-west-2", "ec2-instance-connect"},
                     "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20300102T030405Z");
}

TEST(SignatureOf, IsBotocoresForAPresignedQuery) {
  EXPECT_EQ(TunnelSignature(""),
            "bf822d531cb671eaa5ee1ceea73005a777354f33e8f7336e73d78e99f4f46616");
  EXPECT_EQ(TunnelSignature("&X-Amz-Security-Token=TOKEN%2F%2Fexample%2B%3D"),
            "e78c703cfdba32e35c2cd8b99cb90d12d66a943a85c41840f1875c80d79a80c9");
}

TEST(CanonicalRequest, NeedsEverySignedHeader) {
  const std::map<std::string, std::string> headers = {{"host", "a"}};
  EXPECT_FALSE(CanonicalRequest({"GET", "/", "", headers, ""}, {"host", "x-amz-date"}));
}

TEST(CanonicalRequest, SortsTheQueryAndGivesEachNameItsEqualsSign) {
  const std::map<std::string, std::string> headers = {{"host", "  a   b "}};
  EXPECT_EQ(CanonicalRequest({"GET", "/", "b=1&a&a=0", headers, ""}, {"host"}).value_or(""),
            "GET\n/\na=&a=0&b=1\nhost:a b\n\nhost\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(ParseBasicTime, TakesItsOwnFormAndNoOther) {
  EXPECT_EQ(ParseBasicTime("20150830T123600Z").value_or(Instant()), kDocumentsNow);
  EXPECT_EQ(BasicTime(kDocumentsNow), "20150830T123600Z");
  for (const char* text : {"", "20150830T123600", "20150830T123600Z ", "2015-08-30T12:36:00Z"}) {
    EXPECT_FALSE(ParseBasicTime(text)) << text;
  }
}

}  // namespace
}  // namespace eic::aws
