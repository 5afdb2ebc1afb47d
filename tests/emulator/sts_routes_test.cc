#include "emulator/api/sts_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kAdmin = "arn:aws:iam::123456789012:role/admin";
constexpr const char* kMfa = "arn:aws:iam::123456789012:role/mfa";
constexpr const char* kVendor = "arn:aws:iam::123456789012:role/vendor";
constexpr const char* kOther = "arn:aws:iam::123456789012:role/other";
constexpr const char* kSerial = "arn:aws:iam::123456789012:mfa/alice";

class Sts : public testing::Test {
 protected:
  static std::vector<Role> Roles() {
    Role mfa{kMfa};
    mfa.mfa_serial = kSerial;
    mfa.mfa_code = "123456";
    Role vendor{kVendor};
    vendor.external_id = "secret-7";
    Role other{kOther};
    other.trusts = std::vector<std::string>{"arn:aws:iam::123456789012:user/somebody-else"};
    return {Role{kAdmin}, mfa, vendor, other};
  }
  static std::vector<WebIdentityToken> Tokens() {
    WebIdentityToken limited{"token-limited"};
    limited.roles = std::vector<std::string>{kMfa};
    WebIdentityToken expired{"token-expired"};
    expired.is_expired = true;
    return {{"token-good", "system:serviceaccount:a:b"}, limited, expired};
  }

  std::string Send(const std::string& query, const Credential* caller) {
    HttpRequest request{"POST", "/", "", {{"host", "localhost"}}, "Version=2011-06-15&" + query};
    if (caller != nullptr) SignRequest(request, *caller, "us-east-1", "sts", clock_.now());
    const HttpAnswer answer = routes_.Answer(request, *Form::Parse(request.body), "request-1");
    status_ = answer.status;
    return answer.body;
  }
  std::string Ask(const std::string& query) { return Send(query, &caller_); }

  std::string Assume(const std::string& arn, const std::string& more = "") {
    return Ask("Action=AssumeRole&RoleSessionName=bob&RoleArn=" + arn + more);
  }
  std::string AssumeByWeb(const std::string& arn, const std::string& token) {
    return Send("Action=AssumeRoleWithWebIdentity&RoleSessionName=pod&RoleArn=" + arn +
                    "&WebIdentityToken=" + token,
                nullptr);
  }

  static std::string Text(const std::string& body, const std::string& name) {
    const std::size_t at = body.find("<" + name + ">") + name.size() + 2;
    return body.substr(at, body.find("</" + name + ">") - at);
  }
  static Credential Made(const std::string& body) {
    return {Text(body, "AccessKeyId"), Text(body, "SecretAccessKey"), Text(body, "SessionToken"),
            "", std::nullopt};
  }

  ManualClock clock_;
  Credential caller_ = ExampleCredential();
  Callers callers_{{ExampleCredential()}, clock_.clock()};
  StsRoutes routes_{callers_, Roles(), Tokens()};
  int status_ = 0;
};

TEST_F(Sts, ARoleGivesCredentialsThatAreTakenAndExpire) {
  const std::string body = Assume(kAdmin, "&DurationSeconds=900");
  EXPECT_EQ(status_, 200);
  EXPECT_THAT(
      body,
      AllOf(HasSubstr("<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"),
            HasSubstr("<Arn>arn:aws:sts::123456789012:assumed-role/admin/bob</Arn>"),
            HasSubstr("<Expiration>2033-05-18T03:48:20Z</Expiration>"),
            HasSubstr("<RequestId>request-1</RequestId>")));
  EXPECT_EQ(Text(body, "AssumedRoleId").substr(0, 4), "AROA");
  const Credential made = Made(body);
  const std::string identity = Send("Action=GetCallerIdentity", &made);
  EXPECT_THAT(identity,
              AllOf(HasSubstr("<Arn>arn:aws:sts::123456789012:assumed-role/admin/bob</Arn>"),
                    HasSubstr("<Account>123456789012</Account>"), HasSubstr(":bob</UserId>")));
  clock_.Advance(900);
  EXPECT_THAT(Send("Action=GetCallerIdentity", &made),
              AllOf(HasSubstr("<Code>ExpiredToken</Code>"),
                    HasSubstr("The security token included in the request is expired")));
  EXPECT_EQ(status_, 403);
}

TEST_F(Sts, AnHourIsWhatSessionsLastUnlessTheySay) {
  EXPECT_EQ(Text(Assume(kAdmin), "Expiration"), "2033-05-18T04:33:20Z");
}

TEST_F(Sts, WhoMayNotAssumeARoleIsDeniedInOneSentence) {
  const std::string kDenied =
      "User: arn:aws:iam::123456789012:user/emulator is not authorized to perform: sts:AssumeRole "
      "on "
      "resource: ";
  for (const std::string& row : {
           std::string(kOther),                                    // not trusted
           std::string("arn:aws:iam::123456789012:role/nowhere"),  // not there
           std::string(kVendor),                                   // no external id
           std::string(kVendor) + "&ExternalId=secret-8",          // another
           std::string(kMfa),                                      // no MFA
       }) {
    const std::string body = Assume(row);
    EXPECT_EQ(status_, 403) << row;
    EXPECT_THAT(body, AllOf(HasSubstr("<Code>AccessDenied</Code>"),
                            HasSubstr(kDenied + row.substr(0, row.find('&')))));
  }
  Assume(std::string(kVendor) + "&ExternalId=secret-7");
  EXPECT_EQ(status_, 200);
}

TEST_F(Sts, WhoMayNotCallAssumeRoleIsDenied) {
  Credential limited = ExampleCredential();
  limited.actions = std::vector<std::string>{"ec2:*"};
  Callers callers({limited}, clock_.clock());
  StsRoutes routes(callers, Roles(), {});
  const auto ask = [&](const std::string& query) {
    HttpRequest request{"POST", "/", "", {{"host", "localhost"}}, query};
    SignRequest(request, limited, "us-east-1", "sts", clock_.now());
    return routes.Answer(request, *Form::Parse(query), "r").status;
  };
  EXPECT_EQ(ask(std::string("Action=AssumeRole&RoleSessionName=bob&RoleArn=") + kAdmin), 403);
  EXPECT_EQ(ask("Action=GetCallerIdentity"), 200);
}

TEST_F(Sts, MfaIsAskedForInAwsWords) {
  const std::string serial = std::string("&SerialNumber=") + kSerial;
  EXPECT_THAT(Assume(kMfa, serial),
              HasSubstr("MultiFactorAuthentication failed, must provide both MFA serial number and "
                        "one time pass code."));
  EXPECT_THAT(Assume(kMfa, "&SerialNumber=another-device&TokenCode=123456"),
              HasSubstr("unable to validate MFA code."));
  EXPECT_THAT(Assume(kMfa, serial + "&TokenCode=654321"),
              AllOf(HasSubstr("<Code>AccessDenied</Code>"),
                    HasSubstr("MultiFactorAuthentication failed with invalid MFA one time pass "
                              "code.")));
  Assume(kMfa, serial + "&TokenCode=123456");
  EXPECT_EQ(status_, 200);
}

TEST_F(Sts, FieldsAreHeldToTheModel) {
  EXPECT_THAT(Ask("Action=AssumeRole"),
              AllOf(HasSubstr("<Code>ValidationError</Code>"),
                    HasSubstr("2 validation errors detected: Value null at 'roleArn' failed to "
                              "satisfy constraint: Member must not be null; Value null at "
                              "'roleSessionName'")));
  struct Row {
    const char* more;
    const char* words;
  };
  const Row kRows[] = {
      {"&DurationSeconds=899",
       "Value '899' at 'durationSeconds' failed to satisfy constraint: Member "
       "must have value greater than or equal to 900"},
      {"&DurationSeconds=43201", "less than or equal to 43200"},
      {"&DurationSeconds=3601", "exceeds the MaxSessionDuration set for this role."},
      {"&DurationSeconds=x", "<Code>MalformedInput</Code>"},
      {"&TokenCode=12345", "Member must have length greater than or equal to 6"},
      {"&TokenCode=12345x", R"(pattern: [\d]*)"},
      {"&SerialNumber=a", "'serialNumber'"},
      {"&ExternalId=a%20b", "'externalId'"},
  };
  for (const Row& row : kRows) {
    EXPECT_THAT(Assume(kAdmin, row.more), HasSubstr(row.words)) << row.more;
    EXPECT_EQ(status_, 400) << row.more;
  }
  EXPECT_THAT(Ask(std::string("Action=AssumeRole&RoleSessionName=b%20b&RoleArn=") + kAdmin),
              HasSubstr(R"(pattern: [\w+=,.@-]*)"));
}

TEST_F(Sts, ASessionOfASessionLastsAnHourAtMost) {
  Role longer{kAdmin};
  longer.max_session_seconds = 43200;
  StsRoutes routes(callers_, {longer}, {});
  const Credential session = *callers_.Mint(longer, "bob", 900);
  const auto ask = [&](const Credential& caller) {
    HttpRequest request{
        "POST",
        "/",
        "",
        {{"host", "localhost"}},
        std::string("Action=AssumeRole&RoleSessionName=bob&DurationSeconds=7200&RoleArn=") +
            kAdmin};
    SignRequest(request, caller, "us-east-1", "sts", clock_.now());
    return routes.Answer(request, *Form::Parse(request.body), "r").body;
  };
  EXPECT_THAT(ask(session), HasSubstr("1 hour session limit for roles assumed by role chaining"));
  EXPECT_THAT(ask(caller_), HasSubstr("<AccessKeyId>"));
}

TEST_F(Sts, AWebIdentityNeedsNoSignature) {
  const std::string body = AssumeByWeb(kAdmin, "token-good");
  EXPECT_EQ(status_, 200);
  EXPECT_THAT(body, AllOf(HasSubstr("<AssumeRoleWithWebIdentityResult>"),
                          HasSubstr("<SubjectFromWebIdentityToken>system:serviceaccount:a:b<"),
                          HasSubstr("assumed-role/admin/pod")));
  const Credential made = Made(body);
  EXPECT_THAT(Send("Action=GetCallerIdentity", &made), HasSubstr("assumed-role/admin/pod"));
}

TEST_F(Sts, AWebIdentityIsRefusedInAwsWords) {
  EXPECT_THAT(AssumeByWeb(kAdmin, "token-unknown"), HasSubstr("<Code>InvalidIdentityToken</Code>"));
  EXPECT_THAT(AssumeByWeb(kAdmin, "token-expired"),
              HasSubstr("<Code>ExpiredTokenException</Code>"));
  EXPECT_THAT(AssumeByWeb(kAdmin, "token-limited"),
              AllOf(HasSubstr("<Code>AccessDenied</Code>"),
                    HasSubstr("Not authorized to perform sts:AssumeRoleWithWebIdentity")));
  EXPECT_EQ(status_, 403);
  AssumeByWeb(kMfa, "token-limited");
  EXPECT_EQ(status_, 200);
  EXPECT_THAT(
      Send("Action=AssumeRoleWithWebIdentity&RoleSessionName=pod&RoleArn=" + std::string(kAdmin),
           nullptr),
      HasSubstr("Value null at 'webIdentityToken'"));
}

TEST_F(Sts, AUserIsToldWhoTheyAre) {
  const std::string body = Ask("Action=GetCallerIdentity");
  EXPECT_THAT(body, AllOf(HasSubstr("<Arn>arn:aws:iam::123456789012:user/emulator</Arn>"),
                          HasSubstr("<Account>123456789012</Account>"), HasSubstr("<UserId>AIDA")));
}

TEST_F(Sts, SignaturesThatAreNotGoodAreRefusedAsStsDoes) {
  EXPECT_THAT(Send("Action=GetCallerIdentity", nullptr),
              AllOf(HasSubstr("<ErrorResponse"), HasSubstr("<Type>Sender</Type>"),
                    HasSubstr("<Code>MissingAuthenticationToken</Code>")));
  Credential wrong = ExampleCredential();
  wrong.secret_access_key = "wrong";
  EXPECT_THAT(Send("Action=GetCallerIdentity", &wrong),
              HasSubstr("<Code>SignatureDoesNotMatch</Code>"));
  wrong.access_key_id = "AKIAUNKNOWN";
  EXPECT_THAT(Send("Action=GetCallerIdentity", &wrong),
              AllOf(HasSubstr("<Code>InvalidClientTokenId</Code>"),
                    HasSubstr("The security token included in the request is invalid.")));
  EXPECT_EQ(status_, 403);
}

TEST_F(Sts, OtherOperationsAreInvalid) {
  EXPECT_THAT(Ask("Action=GetSessionToken"),
              AllOf(HasSubstr("<Code>InvalidAction</Code>"),
                    HasSubstr("Could not find operation GetSessionToken for version 2011-06-15")));
}

}  // namespace
}  // namespace eic::emulator
