// explain: each reason at its step, the agent's decision with doors that remember, and what is
// shown of it. tests/scenarios/20-explain.sh has the program, the emulator and a real sshd.
#include <fstream>
#include <map>
#include <sstream>

#include "admin/explain/format_trace.h"
#include "admin/explain/steps.h"
#include "tests/agent/run_fixture.h"

namespace eic::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

// The column `step` of the table of reasons in doc/design.md, by slug.
std::map<std::string, std::string> StepsOfTheDocument() {
  std::map<std::string, std::string> steps;
  std::ifstream document(EIC_SOURCE_DIR "/doc/design.md");
  for (std::string line; std::getline(document, line);) {
    if (line.compare(0, 3, "| `") != 0) continue;
    std::istringstream cells(line);
    std::string none;
    std::string slug;
    std::string step;
    std::getline(cells, none, '|');
    std::getline(cells, slug, '|');
    std::getline(cells, step, '|');
    steps.emplace(slug.substr(2, slug.size() - 4), step.substr(1, step.size() - 2));
  }
  return steps;
}

Trace Begun() { return {Request{NamedUser("alice"), std::nullopt}, {}, {}, {}, {}, {}, {}}; }

Trace WithBlob() {
  Trace trace = Begun();
  trace.exchanges.push_back({std::string(kActiveKeysPath) + "alice", fakes::Answer(200)});
  return trace;
}

Trace WithTime() {
  Trace trace = WithBlob();
  trace.now = kNow;
  return trace;
}

TEST(Steps, EachReasonIsOfTheStepThatTheDocumentHas) {
  const std::map<std::string, std::string> steps = StepsOfTheDocument();
  int of_metadata = 0;
  int of_the_run = 0;
  for (int i = 0; i <= static_cast<int>(Reason::kInternalError); ++i) {
    const auto reason = static_cast<Reason>(i);
    const std::string slug(Slug(reason));
    ASSERT_EQ(steps.count(slug), 1U) << slug;
    const std::string& step = steps.at(slug);
    if (step == "3, 4, 6") {
      ++of_metadata;
      EXPECT_EQ(StepOf(reason, Begun()), kBlobStep) << slug;
      EXPECT_EQ(StepOf(reason, WithBlob()), kInstanceStep) << slug;
      EXPECT_EQ(StepOf(reason, WithTime()), kEvidenceStep) << slug;
    } else if (step == "any" || step == "before 1") {
      ++of_the_run;
    } else {
      for (const Trace& trace : {Begun(), WithBlob(), WithTime()}) {
        EXPECT_EQ(std::to_string(StepOf(reason, trace)), step) << slug;
      }
    }
  }
  EXPECT_EQ(of_metadata, 10);
  EXPECT_EQ(of_the_run, 3);
}

class ExplainTest : public RunTest {
 protected:
  Trace Explained() {
    Serve();
    const auto doors = [this](const eic::Options&, auto& http, auto& audit) {
      return Doors(http, audit);
    };
    return RunTraced(options_, http_, doors, [this](const std::string& name) {
      return user_error_ ? Result<std::string>(*user_error_) : name;
    });
  }

  void ExpectStep(int step, const std::string& slug) {
    SCOPED_TRACE(slug);
    const Trace trace = Explained();
    const std::string text = FormatTrace(trace, options_);
    const Ending ending = EndingOf(trace);
    EXPECT_FALSE(ending.prints_keys);
    EXPECT_EQ(ending.step, step);
    const std::string number = (step < 10 ? " " : "") + std::to_string(step);
    EXPECT_THAT(text, testing::ContainsRegex("(^|\n)" + number + "  [a-z ]+: no, " + slug));
    EXPECT_THAT(text, HasSubstr("outcome: no key, because of step " + std::to_string(step)));
    const std::string next = std::to_string(step + 1);
    EXPECT_THAT(text, testing::ContainsRegex(next + "  [a-z ]+: not reached"));
    ExpectNoSecrets(text);
  }

  void ExpectNoSecrets(const std::string& text) {
    EXPECT_THAT(text, Not(HasSubstr(fakes::kToken)));
    const std::string base64 = key_line_.substr(key_line_.find(' ') + 1);
    EXPECT_THAT(text, Not(HasSubstr(base64)));
  }

  void Push() { metadata().Push("alice", key_line_); }

  std::optional<Error> user_error_;
  const std::string key_line_ = fakes::Ed25519KeyLine();
};

TEST_F(ExplainTest, AnAcceptedKeyComesToTheLastStep) {
  Push();
  const Trace trace = Explained();
  EXPECT_TRUE(EndingOf(trace).prints_keys);
  EXPECT_EQ(EndingOf(trace).step, kPrintStep);
  const std::string text = FormatTrace(trace, options_);
  for (const char* part :
       {" 1  request: ok", "10  output: ok", "NSS spells it \"alice\"",
        "i-0123456789abcdef0, from DMI", "/latest/api/token: HTTP 200", "record of key SHA256:",
        fakes::kRequestId, fakes::kCaller, "certificate CN=managed-ssh-signer.", ": good, from ",
        "logged: Providing ssh key", "outcome: the agent would give sshd the key: SHA256:"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("not reached")));
  ExpectNoSecrets(text);
  EXPECT_TRUE(audit_.lines.empty()) << "what is explained is not logged";
}

TEST_F(ExplainTest, Step1ANameThatNobodyPushes) {
  options_.user = "CORP\\alice";
  ExpectStep(kRequestStep, "user-name-never-pushed");
}

TEST_F(ExplainTest, Step1AFingerprintThatIsNone) {
  options_.fingerprint = "SHA256:short";
  ExpectStep(kRequestStep, "fingerprint-invalid");
}

TEST_F(ExplainTest, Step2AnUnknownUser) {
  user_error_ = Error{Reason::kUserUnknown, ""};
  ExpectStep(kUserStep, "user-unknown");
}

TEST_F(ExplainTest, Step3NoInstance) {
  BeElsewhere();
  ExpectStep(kInstanceStep, "not-an-instance");
}

TEST_F(ExplainTest, Step3OnXenMetadataDoesNotTellWhichInstance) {
  BeOnXen();
  Push();
  metadata().bodies["instance-id"] = "none";
  ExpectStep(kInstanceStep, "imds-response-malformed");
}

TEST_F(ExplainTest, Step4NoKey) { ExpectStep(kBlobStep, "no-key"); }

TEST_F(ExplainTest, Step5AnExpiredKey) {
  metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"] =
      metadata().Record(key_line_, -1);
  ExpectStep(kSelectStep, "key-expired");
}

TEST_F(ExplainTest, Step5AnotherKeyIsOffered) {
  Push();
  options_.fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const Trace trace = Explained();
  EXPECT_EQ(EndingOf(trace).step, kSelectStep);
  EXPECT_FALSE(EndingOf(trace).error);
  EXPECT_THAT(FormatTrace(trace, options_),
              HasSubstr("because of step 5 (selection): no record is for the offered key\n"));
}

TEST_F(ExplainTest, Step6AChainThatCannotBeRead) {
  Push();
  metadata().bodies["managed-ssh-keys/signer-cert"] = "none";
  ExpectStep(kEvidenceStep, "chain-malformed");
}

TEST_F(ExplainTest, Step7AnotherRegionsSigner) {
  Push();
  metadata().bodies["placement/region"] = "eu-west-1";
  ExpectStep(kSignerStep, "signer-name-mismatch");
}

TEST_F(ExplainTest, Step8NoStaples) {
  Push();
  metadata().bodies[fakes::kStaplesPath] = "";
  ExpectStep(kRevocationStep, "staple-missing");
}

TEST_F(ExplainTest, Step9ASignatureOfOtherBytes) {
  Push();
  std::string& blob = metadata().bodies[std::string(fakes::kActiveKeysPath) + "alice"];
  blob.replace(blob.find("user/alice"), 10, "user/mallo");
  ExpectStep(kSignatureStep, "signature-invalid");
}

TEST_F(ExplainTest, WhatMetadataSaysIsEscaped) {
  Push();
  metadata().bodies["placement/region"] = "us-west-2\033[2J";
  EXPECT_THAT(FormatTrace(Explained(), options_), Not(HasSubstr("\033")));
}

TEST(AgentCommandTest, TheOptionsOfSshdsCommandAreTheAgents) {
  const auto parsed = ParseAgentCommand(
      "/usr/libexec/eic-authorized-keys --ca-store \"/etc/my anchors.pem\" --timeout 9 -- %u %f %t",
      "alice", "");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->user, "alice");
  EXPECT_EQ(parsed->ca_store, "/etc/my anchors.pem");
  EXPECT_EQ(parsed->timeout, std::chrono::seconds(9));
  EXPECT_FALSE(parsed->fingerprint) << "none was given";
  EXPECT_FALSE(parsed->key_type);
  const std::string fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(ParseAgentCommand("/x/eic-authorized-keys -- %u %f", "a", fingerprint)->fingerprint,
            fingerprint);
}

TEST(AgentCommandTest, WhatTheAgentDoesNotTakeIsSaid) {
  for (const char* text : {"/x/eic-authorized-keys --nope -- %u",
                           "/x/eic-authorized-keys --version", "/x/eic-authorized-keys", ""}) {
    const auto parsed = ParseAgentCommand(text, "alice", "");
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().text, "") << text;
  }
}

}  // namespace
}  // namespace eic::admin
