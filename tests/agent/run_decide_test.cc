// Steps 1 to 9: what is asked of the network, in how many waits, and what comes of it.
#include "core/limits.h"
#include "tests/agent/run_fixture.h"

namespace eic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Fault = HttpOutcome::Fault;

TEST_F(RunTest, PushedKeyIsPrintedAnewAfterItsAuditLine) {
  const std::string key_line = fakes::Ed25519KeyLine();
  metadata().Push("alice", key_line + " alice@laptop");
  EXPECT_EQ(Login(), key_line + "\n") << "without its comment";
  ASSERT_THAT(audit_.lines, SizeIs(1));
  EXPECT_THAT(audit_.lines[0], testing::StartsWith("info: Providing ssh key from EC2 Instance "
                                                   "Connect with fingerprint: SHA256:"));
  EXPECT_THAT(audit_.lines[0], testing::EndsWith(std::string(", request-id: ") + fakes::kRequestId +
                                                 ", for IAM principal: " + fakes::kCaller));
}

TEST_F(RunTest, TheAuditLineNamesTheProcessThatAsked) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  sshd_ = 4711;
  EXPECT_NE(Login(), "");
  ASSERT_THAT(audit_.lines, SizeIs(1));
  EXPECT_THAT(audit_.lines[0], testing::EndsWith(" sshd=4711"));
}

TEST_F(RunTest, TheLineIsTypeAndBase64AloneUnlessALabelIsAskedFor) {
  const std::string key_line = fakes::Ed25519KeyLine();
  metadata().Push("alice", key_line);
  EXPECT_EQ(Login(), key_line + "\n");
  options_.caller_environment = true;
  EXPECT_EQ(Login(), std::string("environment=\"EIC_CALLER=") + fakes::kCaller +
                         "\",environment=\"EIC_REQUEST=" + fakes::kRequestId + "\" " + key_line +
                         "\n");
}

TEST_F(RunTest, AKeyWhoseLabelCannotStandCountsWithoutIt) {
  const std::string key_line = fakes::Ed25519KeyLine();
  options_.caller_environment = true;
  const std::string genuine = fakes::kCaller;
  const struct {
    std::string caller;
    std::string request_id;
  } kRows[] = {
      {"", "r"},
      {genuine, ""},
      {genuine + "\"", "r"},
      {genuine + "\",command=\"id", "r"},
      {genuine + "\\", "r"},
      {genuine + " ", "r"},
      {genuine + "\t", "r"},
      {genuine + "$(id)", "r"},
      {genuine + "\xc3\xbc", "r"},
      {genuine, "r\",no-pty,environment=\"PATH=."},
      {std::string(kCallerLabelBytesMax + 1, 'a'), "r"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.caller.substr(0, 80) + '|' + row.request_id);
    metadata().caller = row.caller;
    metadata().request_id = row.request_id;
    metadata().Push("alice", key_line);
    audit_.lines.clear();
    EXPECT_EQ(Login(), key_line + "\n");
    ASSERT_THAT(audit_.lines, SizeIs(2));
    EXPECT_THAT(audit_.lines[1], HasSubstr("no label of the caller"));
  }
  metadata().caller = "arn:aws-us-gov:sts::1:assumed-role/A+B=C,D.E@F_G/H-I";
  metadata().request_id = "r";
  metadata().Push("alice", key_line);
  EXPECT_THAT(Login(), HasSubstr("\"EIC_CALLER=" + metadata().caller + "\",environment="));
}

TEST_F(RunTest, AcceptedKeyOnNitroTakesFourWaitsAndSixRequestsAndOneForEachStaple) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  EXPECT_NE(Login(), "");
  ASSERT_THAT(http_.waits(), SizeIs(4));
  EXPECT_THAT(http_.waits()[0], SizeIs(1));
  EXPECT_THAT(http_.waits()[1], SizeIs(1));
  EXPECT_THAT(http_.waits()[2], SizeIs(4));
  EXPECT_THAT(http_.waits()[3], SizeIs(2)) << "signer and intermediate";
  EXPECT_THAT(http_.requests(), SizeIs(6 + 2));
}

TEST_F(RunTest, NoKeyTakesTwoRequests) {
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(http_.requests(), SizeIs(2));
  EXPECT_THAT(audit_.lines, IsEmpty());
}

TEST_F(RunTest, OnXenMetadataTellsTheInstance) {
  BeOnXen();
  const std::string key_line = fakes::Ed25519KeyLine();
  metadata().Push("alice", key_line);
  EXPECT_EQ(Login(), key_line + "\n");
  EXPECT_EQ(http_.CountOf(Get("instance-id")), 1U);
}

TEST_F(RunTest, NoKeyOnXenTakesTwoRequestsToo) {
  BeOnXen();
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(http_.requests(), SizeIs(2));
}

TEST_F(RunTest, OnNitroMetadataIsNotAskedForTheInstance) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  metadata().bodies["instance-id"] = "i-0fedcba9876543210";
  EXPECT_NE(Login(), "");
  EXPECT_EQ(http_.CountOf(Get("instance-id")), 0U);
}

TEST_F(RunTest, NoNetworkWhereThisIsNoInstance) {
  BeElsewhere();
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(http_.requests(), IsEmpty());
  EXPECT_THAT(audit_.lines, IsEmpty());
}

TEST_F(RunTest, TheConnectionIsBegunBeforehandAtTheFirstEndpoint) {
  options_.imds_endpoints = {kEndpoint, "http://second"};
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(http_.dialed(), ElementsAre(kEndpoint));
  EXPECT_EQ(read_before_, 0U) << "before the process is confined, nothing is read";
}

TEST_F(RunTest, NoConnectionIsBegunWhereThisIsNoInstance) {
  BeElsewhere();
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(http_.dialed(), IsEmpty());
}

TEST_F(RunTest, ImpossibleNamesEndBeforeAnythingIsAsked) {
  const std::string kNames[] = {
      "",      ".",     "..",          "a/b",     "/",    "../x",   "a\nb",
      "a\x7f", "\x01",  "CORP\\alice", "a\r\nX:", "a\tb", "a/../b", std::string(256, 'x'),
      "\\",    "alice/"};
  for (const std::string& name : kNames) {
    SCOPED_TRACE(name);
    options_.user = name;
    EXPECT_EQ(Login(), "");
    EXPECT_THAT(http_.dialed(), IsEmpty());
    EXPECT_THAT(http_.requests(), IsEmpty());
    EXPECT_THAT(audit_.lines, IsEmpty());
  }
}

TEST_F(RunTest, KeyTypesThatAreNeverPushedEndBeforeAnythingIsAsked) {
  for (const char* key_type :
       {"ssh-ed25519-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com",
        "ecdsa-sha2-nistp256-cert-v01@openssh.com", "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-dss", "ssh-unknown", ""}) {
    SCOPED_TRACE(key_type);
    options_.key_type = key_type;
    EXPECT_EQ(Login(), "");
    EXPECT_THAT(http_.dialed(), IsEmpty());
    EXPECT_THAT(http_.requests(), IsEmpty());
    EXPECT_THAT(audit_.lines, IsEmpty());
  }
}

TEST_F(RunTest, KeyTypesThatArePushedGoOn) {
  for (const char* key_type : {"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256",
                               "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"}) {
    SCOPED_TRACE(key_type);
    options_.key_type = key_type;
    EXPECT_TRUE(ParseRequest(options_).ok());
  }
}

TEST_F(RunTest, FingerprintThatSshdWouldNotMakeIsWrongUsage) {
  for (const char* fingerprint :
       {"", "SHA256", "SHA256:", "SHA1:x", "SHA256:x", "md5:x", "MD5:00", "%f"}) {
    options_.fingerprint = fingerprint;
    const Result<Request> request = ParseRequest(options_);
    ASSERT_FALSE(request.ok()) << fingerprint;
    EXPECT_EQ(request.error().reason, Reason::kFingerprintInvalid) << fingerprint;
  }
}

TEST_F(RunTest, KeyThatIsNotTheOfferedOneIsNoRefusalAndNothingMoreIsFetched) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  options_.fingerprint = "SHA256:" + std::string(43, 'A');
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(http_.requests(), SizeIs(2));
  EXPECT_THAT(audit_.lines, IsEmpty());
}

TEST_F(RunTest, OfferedKeyAmongOthers) {
  const std::string wanted = fakes::Ed25519KeyLine();
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] =
      metadata().Record(fakes::Ed25519KeyLine()) + "\n" + metadata().Record(wanted);
  const Result<SshPublicKey> key = ParseSshPublicKey(wanted);
  ASSERT_TRUE(key.ok());
  for (const FingerprintHash hash : {FingerprintHash::kSha256, FingerprintHash::kMd5}) {
    const Result<std::string> fingerprint = FingerprintOf(*key, hash);
    ASSERT_TRUE(fingerprint.ok());
    options_.fingerprint = *fingerprint;
    audit_.lines.clear();
    EXPECT_EQ(Login(), wanted + "\n");
    EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr("fingerprint: " + *fingerprint + ",")))
        << "in the form in which sshd asked";
  }
}

TEST_F(RunTest, ExpiredKeyLogsItsLineAndNothingMoreIsFetched) {
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] =
      metadata().Record(fakes::Ed25519KeyLine(), -1);
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(http_.requests(), SizeIs(2));
  ASSERT_THAT(audit_.lines, SizeIs(1));
  EXPECT_THAT(audit_.lines[0], HasSubstr("warning: Refused ssh key"));
  EXPECT_THAT(audit_.lines[0], HasSubstr("reason=key-expired user=\"alice\" fingerprint=SHA256:"));
  EXPECT_THAT(audit_.lines[0], HasSubstr(fakes::kRequestId));
  EXPECT_THAT(audit_.lines[0], HasSubstr(fakes::kCaller));
}

TEST_F(RunTest, BadRecordDoesNotHideAGoodOne) {
  const std::string good = fakes::Ed25519KeyLine();
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] =
      "#Timestamp=never\nssh-ed25519 AAAA\nAAAA\n\n" + metadata().Record(good) + "\n" +
      metadata().Record(fakes::Ed25519KeyLine(), -5);
  EXPECT_EQ(Login(), good + "\n");
  EXPECT_THAT(audit_.lines, SizeIs(3));
}

TEST_F(RunTest, TwoKeysLiveAtOnce) {
  const std::string first = fakes::Ed25519KeyLine();
  const std::string second = fakes::Ed25519KeyLine();
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] =
      metadata().Record(first) + "\n" + metadata().Record(second);
  EXPECT_EQ(Login(), first + "\n" + second + "\n");
  EXPECT_THAT(audit_.lines, SizeIs(2));
  EXPECT_THAT(http_.requests(), SizeIs(8)) << "the evidence is fetched once";
}

TEST_F(RunTest, ChainOfAnotherAuthorityIsRefusedWithItsReason) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  const fakes::Metadata other(kNow);
  options_.ca_store = folder_.Write("other.pem", other.Anchors());
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr("reason=chain-")));
}

TEST_F(RunTest, StoreThatIsMissingIsTheReason) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  options_.ca_store = folder_.Of("missing.pem");
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr("reason=ca-store-unusable")));
}

TEST_F(RunTest, StapleThatIsMissingIsTheReason) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  metadata().bodies[fakes::kStaplesPath] = "";
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr("reason=staple-missing")));
}

TEST_F(RunTest, StapleThatCannotBeFetchedIsTheReason) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  const std::string& list = metadata().bodies[fakes::kStaplesPath];
  http_.Then(Get(fakes::kStaplesPath + list.substr(0, list.find('\n'))),
             fakes::Failure(Fault::kTimeout));
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr("reason=imds-timeout")));
}

TEST_F(RunTest, ForgedSignatureIsTheReason) {
  metadata().Push("alice", fakes::Ed25519KeyLine());
  std::string& blob = metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"];
  blob.replace(blob.find("user/alice"), 10, "user/mally");
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr("reason=signature-invalid")));
}

TEST_F(RunTest, FaultsOfMetadataLogTheirLine) {
  const struct {
    HttpOutcome outcome;
    const char* reason;
  } kRows[] = {
      {fakes::Failure(Fault::kTimeout), "reason=imds-timeout"},
      {fakes::Failure(Fault::kConnectFailed), "reason=imds-unreachable"},
      {fakes::Failure(Fault::kTooLarge), "reason=imds-response-too-large"},
      {fakes::Answer(403), "reason=imds-forbidden"},
      {fakes::Answer(301), "reason=imds-status"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.reason);
    audit_.lines.clear();
    http_.Then(Get(std::string(fakes::kActiveKeysPath) + "alice"), row.outcome);
    EXPECT_EQ(Login(), "");
    EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr(row.reason)));
    EXPECT_THAT(audit_.lines, ElementsAre(HasSubstr("user=\"alice\"")));
  }
}

TEST_F(RunTest, FaultOfTheEvidenceIsTheFateOfEachCandidate) {
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] =
      metadata().Record(fakes::Ed25519KeyLine()) + "\n" +
      metadata().Record(fakes::Ed25519KeyLine());
  metadata().bodies["placement/region"] = "eu-central-1";
  EXPECT_EQ(Login(), "");
  EXPECT_THAT(audit_.lines, SizeIs(2));
  for (const std::string& line : audit_.lines) {
    EXPECT_THAT(line, HasSubstr("reason=signer-name-mismatch"));
    EXPECT_THAT(line, HasSubstr("fingerprint=SHA256:"));
  }
}

TEST_F(RunTest, UserWithAnAtSign) {
  options_.user = "svc@corp.example";
  const std::string key_line = fakes::Ed25519KeyLine();
  metadata().Push("svc@corp.example", key_line);
  EXPECT_EQ(Login(), key_line + "\n");
}

}  // namespace
}  // namespace eic
