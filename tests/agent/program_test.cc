// The built program as sshd runs it: its streams, its status, its environment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "host/clock.h"
#include "issuer/certificates.h"
#include "tests/fakes/child_process.h"
#include "tests/fakes/metadata.h"
#include "tests/fakes/silent_listener.h"
#include "tests/fakes/temp_folder.h"

namespace eic {
namespace {

using fakes::Ended;
using testing::HasSubstr;
using testing::StartsWith;
using Words = std::vector<std::string>;

// What sshd sets, but for the variables that a test adds.
const Words kEnvironment = {"PATH=/usr/bin:/bin", "USER=root", "LOGNAME=root", "HOME=/root",
                            "LANG=de_DE.UTF-8"};

fakes::ProgramSpec Spec(const Words& words) {
  fakes::ProgramSpec spec;
  spec.program = EIC_AGENT;
  spec.arguments = words;
  spec.arguments.insert(spec.arguments.begin(), "eic-authorized-keys");
  spec.environment = kEnvironment;
  return spec;
}

Ended RunAgent(const Words& words) { return fakes::RunProgram(Spec(words)); }

void ExpectQuietNo(const Ended& ended) {
  EXPECT_EQ(ended.status, 0);
  EXPECT_FALSE(ended.was_late);
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(ended.errors, "");
}

TEST(ProgramTest, Version) {
  const Ended ended = RunAgent({"--version"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.output, "eic-authorized-keys " EIC_VERSION "\n");
  EXPECT_EQ(ended.errors, "");
}

TEST(ProgramTest, SelfTestPasses) {
  const Ended ended = RunAgent({"--self-test"});
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, StartsWith("confinement: "));
  EXPECT_THAT(ended.output, testing::EndsWith("\nself-test: passed\n"));
  EXPECT_EQ(ended.errors, "");
}

TEST(ProgramTest, SelfTestTakesNoUser) {
  EXPECT_EQ(RunAgent({"--self-test", "--", "root"}).status, 64);
}

TEST(ProgramTest, Help) {
  const Ended ended = RunAgent({"--help"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, StartsWith("usage: eic-authorized-keys [OPTIONS] -- USER"));
  EXPECT_EQ(ended.errors, "");
}

TEST(ProgramTest, WrongUsageIs64AndSaysWhyWhereItWasAskedTo) {
  const Words kRows[] = {
      {},
      {"--"},
      {"--no-such-option", "root"},
      {"--timeout", "0", "root"},
      {"--timeout"},
      {"--imds-endpoint", "http://localhost", "root"},
      {"--", "root", "SHA256:x"},
      {"--", "root", ""},
      {"--", "root", "SHA256:x", "ssh-rsa", "more"},
  };
  for (Words words : kRows) {
    words.insert(words.begin(), {"--log-to", "stderr"});
    const Ended ended = RunAgent(words);
    EXPECT_EQ(ended.status, 64) << words.back();
    EXPECT_EQ(ended.output, "") << words.back();
    EXPECT_THAT(ended.errors, StartsWith("eic-authorized-keys: ")) << words.back();
    EXPECT_EQ(ended.errors.find('\n'), ended.errors.size() - 1) << "one line";
  }
}

TEST(ProgramTest, WrongUsageWritesNothingToStandardErrorUnasked) {
  const Ended ended = RunAgent({"--", "root", "not a fingerprint"});
  EXPECT_EQ(ended.status, 64);
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(ended.errors, "");
}

TEST(ProgramTest, OrdinaryNoesAreStatusZeroWithoutAWord) {
  const Words kRows[] = {
      {"--sysfs-root", "/nonexistent", "--", "root"},
      {"--", "eic-no-such-user"},
      {"--", ""},
      {"--", ".."},
      {"--", "../../etc/passwd"},
      {"--", "CORP\\alice"},
      {"--", std::string(5000, 'x')},
      {"--", "--help"},
      {"--", "root", "SHA256:" + std::string(43, 'A'), "ssh-rsa-cert-v01@openssh.com"},
  };
  for (Words words : kRows) {
    SCOPED_TRACE(words.back().substr(0, 40));
    words.insert(words.begin(), {"--log-to", "stderr"});
    ExpectQuietNo(RunAgent(words));
  }
}

TEST(ProgramTest, UnderTheShellAgentsNameEveryWordIsPositional) {
  const fakes::TempFolder folder;
  std::filesystem::create_symlink(EIC_AGENT, folder.path() / "eic_run_authorized_keys");
  fakes::ProgramSpec spec = Spec({});
  spec.program = folder.Of("eic_run_authorized_keys");
  spec.arguments = {spec.program, "--help"};
  ExpectQuietNo(fakes::RunProgram(spec));
  spec.arguments = {spec.program, "--version", "SHA256:" + std::string(43, 'A')};
  ExpectQuietNo(fakes::RunProgram(spec));
}

// With a metadata service on the loopback interface, in which a key was pushed for root.
class ProgramWithMetadataTest : public testing::Test {
 protected:
  ProgramWithMetadataTest() : metadata_(WallClockNow()), key_line_(fakes::Ed25519KeyLine()) {
    folder_.Write("anchors.pem", metadata_.Anchors());
    folder_.Write("sys/devices/virtual/dmi/id/board_asset_tag",
                  std::string(fakes::kInstanceId) + '\n');
    metadata_.Push("root", key_line_);
    metadata_.ServeOn(server_);
  }

  fakes::ProgramSpec LoginSpec(const std::string& endpoint) const {
    return Spec({"--imds-endpoint", endpoint, "--ca-store", folder_.Of("anchors.pem"),
                 "--sysfs-root", folder_.Of("sys"), "--log-to", "stderr", "--", "root"});
  }
  fakes::ProgramSpec LoginSpec() const { return LoginSpec(server_.url()); }

  void ExpectAccepted(const fakes::ProgramSpec& spec) const {
    const Ended ended = fakes::RunProgram(spec);
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output, key_line_ + "\n") << ended.errors;
  }

  fakes::TempFolder folder_;
  fakes::Metadata metadata_;
  std::string key_line_;
  fakes::RawServer server_;
};

TEST_F(ProgramWithMetadataTest, PrintsThePushedKey) {
  const Ended ended = fakes::RunProgram(LoginSpec());
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.output, key_line_ + "\n");
  EXPECT_THAT(ended.errors, StartsWith("Providing ssh key from EC2 Instance Connect"));
  EXPECT_THAT(ended.errors, testing::EndsWith(" sshd=" + std::to_string(getpid()) + "\n"));
  EXPECT_EQ(server_.requests().size(), 8U);
}

TEST_F(ProgramWithMetadataTest, AuditComesBeforeTheOutput) {
  fakes::ProgramSpec spec = LoginSpec();
  spec.errors_to_output = true;
  const Ended ended = fakes::RunProgram(spec);
  EXPECT_THAT(ended.output, StartsWith("Providing ssh key"));
  EXPECT_THAT(ended.output, testing::EndsWith("\n" + key_line_ + "\n"));
}

TEST_F(ProgramWithMetadataTest, EnvironmentHasNoSay) {
  const fakes::RawServer proxy;
  const fakes::TempFolder hostile;
  // Where only the base provider is loaded there is no SHA-256, and no key can be accepted.
  const std::string openssl_conf = hostile.Write("openssl.cnf",
                                                 "openssl_conf = all\n[all]\nproviders = list\n"
                                                 "[list]\nbase = base_only\n"
                                                 "[base_only]\nactivate = 1\n");
  fakes::ProgramSpec spec = LoginSpec();
  for (const std::string& variable :
       {"http_proxy=" + proxy.url(), "HTTP_PROXY=" + proxy.url(), "ALL_PROXY=" + proxy.url(),
        std::string("SSL_CERT_FILE=/nonexistent"), std::string("SSL_CERT_DIR=/nonexistent"),
        "OPENSSL_CONF=" + openssl_conf, std::string("OPENSSL_MODULES=/nonexistent"),
        std::string("OPENSSL_ia32cap=0"), std::string("TZ=:/nonexistent"),
        std::string("TMPDIR=/nonexistent"), std::string("POSIXLY_CORRECT=1"),
        std::string("SPDLOG_LEVEL=off"), std::string("CURL_HOME=/nonexistent")}) {
    spec.environment.push_back(variable);
  }
  ExpectAccepted(spec);
  EXPECT_EQ(proxy.connections(), 0U);
  spec.environment.clear();
  ExpectAccepted(spec);
}

TEST_F(ProgramWithMetadataTest, EnvironmentNamesNoOtherProcessOfSshd) {
  fakes::ProgramSpec spec = LoginSpec();
  // Somebody's process, and the one that did start the agent, which is not its parent's parent.
  for (const pid_t told : {pid_t{1}, getppid() + 1, getpid()}) {
    spec.environment.push_back("EIC_SSHD_PID=" + std::to_string(told));
    const Ended ended = fakes::RunProgram(spec);
    EXPECT_THAT(ended.errors, StartsWith("Providing ssh key from EC2 Instance Connect"));
    EXPECT_THAT(ended.errors, testing::Not(HasSubstr("sshd="))) << told;
    spec.environment.pop_back();
  }
}

TEST_F(ProgramWithMetadataTest, EnvironmentAddsNoAnchor) {
  const fakes::Metadata other(metadata_.now);
  fakes::ProgramSpec spec = LoginSpec();
  spec.arguments[4] = folder_.Write("other.pem", other.Anchors());
  spec.environment.push_back("SSL_CERT_FILE=" + folder_.Of("anchors.pem"));
  const Ended ended = fakes::RunProgram(spec);
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, HasSubstr("reason=chain-"));
}

TEST_F(ProgramWithMetadataTest, ReaderThatHasLeftIsNoFault) {
  fakes::ProgramSpec spec = LoginSpec();
  spec.reader_has_left = true;
  const Ended ended = fakes::RunProgram(spec);
  EXPECT_EQ(ended.status, 0);
}

TEST_F(ProgramWithMetadataTest, ClosedStreamsAreNoFaultAndNoDescriptorTakesTheirPlace) {
  const std::vector<int> kRows[] = {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}};
  for (const std::vector<int>& closed : kRows) {
    SCOPED_TRACE(testing::PrintToString(closed));
    const std::size_t heads_before = server_.heads().size();
    fakes::ProgramSpec spec = LoginSpec();
    spec.closed_descriptors = closed;
    const Ended ended = fakes::RunProgram(spec);
    EXPECT_EQ(ended.status, 0);
    const bool has_output = std::find(closed.begin(), closed.end(), 1) == closed.end();
    EXPECT_EQ(ended.output, has_output ? key_line_ + "\n" : "");
    const std::vector<std::string> heads = server_.heads();
    EXPECT_EQ(heads.size() - heads_before, 8U);
    for (const std::string& head : heads) EXPECT_EQ(head.find(key_line_), std::string::npos);
  }
}

TEST_F(ProgramWithMetadataTest, VersionWithClosedStreams) {
  fakes::ProgramSpec spec = Spec({"--version"});
  spec.closed_descriptors = {0, 1, 2};
  EXPECT_EQ(fakes::RunProgram(spec).status, 0);
}

TEST_F(ProgramWithMetadataTest, NoKeyIsTwoRequestsAndNoWord) {
  server_.At(std::string(fakes::kMetaDataPath) + fakes::kActiveKeysPath + "root",
             fakes::Answers(404, "<html>not found</html>"));
  ExpectQuietNo(fakes::RunProgram(LoginSpec()));
  EXPECT_EQ(server_.requests().size(), 2U);
}

TEST_F(ProgramWithMetadataTest, FirstConnectionOfEachRequestResetStillAccepts) {
  server_.At(fakes::kTokenPath, {fakes::Resets(), fakes::Answers(200, fakes::kToken)});
  for (const auto& [path, body] : metadata_.bodies) {
    server_.At(fakes::kMetaDataPath + path, {fakes::Resets(), fakes::Answers(200, body)});
  }
  ExpectAccepted(LoginSpec());
}

TEST_F(ProgramWithMetadataTest, SilentMetadataCostsALoginNoMoreThanOneRequest) {
  server_.At(fakes::kTokenPath, fakes::Hangs());
  const Ended silent = fakes::RunProgram(LoginSpec());
  EXPECT_EQ(silent.status, 0);
  EXPECT_EQ(silent.output, "");
  EXPECT_THAT(silent.errors, HasSubstr("reason=imds-timeout"));
  EXPECT_LT(silent.duration, std::chrono::milliseconds(3000)) << "1.2 s, and a host under load";

  const fakes::SilentListener listener;
  const Ended unanswered = fakes::RunProgram(LoginSpec(listener.url()));
  EXPECT_EQ(unanswered.status, 0);
  EXPECT_THAT(unanswered.errors, HasSubstr("reason=imds-timeout"));
  EXPECT_LT(unanswered.duration, std::chrono::milliseconds(3000));
}

TEST_F(ProgramWithMetadataTest, HangsInsideALibraryAreEndedByTheWatchdog) {
  // A hashed certificate that OpenSSL waits for: nobody writes to the other end.
  const X509Ptr root = issuer::ParseCertificatePem(metadata_.Anchors());
  char name[16];
  (void)std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(root.get()));
  std::filesystem::create_directories(folder_.path() / "store");
  const std::string store = folder_.Of("store");
  ASSERT_EQ(mkfifo((store + '/' + name).c_str(), 0644), 0);
  fakes::ProgramSpec spec = LoginSpec();
  spec.arguments[4] = store;
  spec.arguments.insert(spec.arguments.begin() + 1, {"--timeout", "1"});
  const Ended ended = fakes::RunProgram(spec);
  EXPECT_FALSE(ended.was_late);
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, HasSubstr("reason=run-overran user=\"root\""));
  EXPECT_LT(ended.duration, std::chrono::milliseconds(3000));
}

TEST_F(ProgramWithMetadataTest, KilledReaderOfTheLogIsNoFault) {
  fakes::ProgramSpec spec = LoginSpec();
  spec.errors_to_output = true;
  spec.reader_has_left = true;
  EXPECT_EQ(fakes::RunProgram(spec).status, 0);
}

}  // namespace
}  // namespace eic
