// Goal of this test: what each vector expects is what comes of it with the program as it is
// released, confined, over a real connection: its standard output and its log.
//
// EIC_PROGRAM is the program, EIC_FIXED_HOST the library of fixed_host.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "core/bytes.h"
#include "core/limits.h"
#include "host/imds.h"
#include "issuer/files.h"
#include "tests/fakes/child_process.h"
#include "tests/fakes/raw_server.h"
#include "tests/fakes/temp_folder.h"
#include "tests/testkit/vector.h"
#include "tests/vectors/printed_line.h"

namespace eic::testkit {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAreArray;

const fs::path kFolder = EIC_SOURCE_DIR "/tests/vectors";

// Ordinary logins, which are not logged: doc/design.md, "Reasons".
const std::set<std::string> kNotLogged = {"no-key", "user-name-invalid", "user-name-never-pushed",
                                          "key-type-never-pushed"};
// Wrong usage: status 64, and a line without a reason.
constexpr const char* kUsage = "fingerprint-invalid";

struct Said {
  int status = 0;
  std::vector<std::string> keys;     // fingerprints of the printed lines
  std::vector<std::string> reasons;  // of the log
};

// What the program has to say for what a vector expects.
Said ExpectedOf(const Vector& vector) {
  constexpr std::string_view kAccept = "accept ";
  Said said;
  for (const std::string& word : vector.expect) {
    if (word.compare(0, kAccept.size(), kAccept) == 0) {
      said.keys.push_back(word.substr(kAccept.size()));
    } else if (word == kUsage) {
      said.status = 64;
    } else if (word != "none" && kNotLogged.count(word) == 0) {
      said.reasons.push_back(word);
    }
  }
  said.reasons.resize(std::min(said.reasons.size(), kRefusalLinesMax));
  return said;
}

Said SaidOf(const fakes::Ended& ended) {
  constexpr std::string_view kReason = "Refused ssh key from EC2 Instance Connect: reason=";
  Said said;
  said.status = ended.status;
  for (LineCursor lines(ended.output); !lines.AtEnd();) {
    said.keys.push_back(FingerprintOfLine(std::string(lines.Next())));
  }
  for (LineCursor lines(ended.errors); !lines.AtEnd();) {
    const std::string line(lines.Next());
    const std::size_t at = line.find(kReason);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + kReason.size();
    said.reasons.push_back(line.substr(begin, line.find(' ', begin) - begin));
  }
  return said;
}

void Serve(const Vector& vector, fakes::RawServer* server) {
  const fs::path evidence = kFolder / "evidence" / vector.evidence;
  const std::string staples = "managed-ssh-keys/signer-ocsp/";
  const auto at = [&](const std::string& path, const std::string& body) {
    server->At("/latest/meta-data/" + path, fakes::Answers(200, body));
  };
  server->At("/latest/api/token", fakes::Answers(200, "token"));
  at("placement/region", vector.region);
  at("services/domain", vector.domain);
  at("managed-ssh-keys/active-keys/" + PathSegment(vector.user), vector.blob);
  at("managed-ssh-keys/signer-cert", issuer::ReadFile(evidence / "signer-cert"));
  at(staples, issuer::ReadFile(evidence / "signer-ocsp.list"));
  if (!fs::exists(evidence / "signer-ocsp")) return;
  for (const auto& entry : fs::directory_iterator(evidence / "signer-ocsp")) {
    at(staples + entry.path().filename().string(), issuer::ReadFile(entry.path()));
  }
}

// What sshd gives behind USER. A type stands behind a fingerprint only; a vector may have it alone.
std::vector<std::string> OfferOf(const Vector& vector) {
  if (!vector.fingerprint && !vector.key_type) return {};
  const std::vector<std::string> accepted = ExpectedOf(vector).keys;
  const std::string of_key = accepted.empty() ? "SHA256:" + std::string(43, 'A') : accepted[0];
  std::vector<std::string> offer = {vector.fingerprint.value_or(of_key)};
  if (vector.key_type) offer.push_back(*vector.key_type);
  return offer;
}

// Copies, where the user that the program runs as may read them, wherever the build lies.
struct Programs {
  fakes::TempFolder folder;
  std::string agent = folder.Of("agent");
  std::string fixed_host = folder.Of("fixed_host.so");

  Programs() {
    fs::copy_file(std::getenv("EIC_PROGRAM"), agent);
    fs::copy_file(std::getenv("EIC_FIXED_HOST"), fixed_host);
    for (const std::string& file : {agent, fixed_host}) fs::permissions(file, fs::perms(0755));
  }
};

const Programs& ThePrograms() {
  static const Programs programs;
  return programs;
}

Said RunProgramOn(const Vector& vector) {
  fakes::RawServer server;
  Serve(vector, &server);
  const fakes::TempFolder host;
  host.Write("devices/virtual/dmi/id/board_asset_tag", vector.instance + '\n');
  const std::string anchors =
      host.Write("anchors.pem", issuer::ReadFile(kFolder / "anchors" / (vector.anchors + ".pem")));
  const Programs& programs = ThePrograms();
  fakes::ProgramSpec spec;
  spec.program = programs.agent;
  spec.environment = {"LD_PRELOAD=" + programs.fixed_host};
  spec.arguments = {spec.program, "--imds-endpoint", server.url(), "--sysfs-root", host.path(),
                    "--ca-store", anchors,           "--log-to",   "stderr",       "--",
                    vector.user};
  for (const std::string& word : OfferOf(vector)) spec.arguments.push_back(word);
  return SaidOf(fakes::RunProgram(spec));
}

// Those whose arguments a program can be given: no argument holds a NUL.
std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const std::string& name : VectorNames(kFolder)) {
    if (LoadVector(kFolder, name).user.find('\0') == std::string::npos) names.push_back(name);
  }
  return names;
}

class ProgramVectors : public ::testing::TestWithParam<std::string> {};

TEST_P(ProgramVectors, HasItsOutcome) {
  const Vector vector = LoadVector(kFolder, GetParam());
  SCOPED_TRACE(vector.comment);
  const Said expected = ExpectedOf(vector);
  Said said = RunProgramOn(vector);
  // A request may take 1 s. What a busy machine did not do in that is tried again.
  const std::vector<std::string> late = {"imds-timeout"};
  for (int again = 0; again < 2 && said.reasons == late; ++again) said = RunProgramOn(vector);
  EXPECT_EQ(said.status, expected.status);
  EXPECT_THAT(said.keys, ElementsAreArray(expected.keys));
  EXPECT_THAT(said.reasons, ElementsAreArray(expected.reasons));
}

std::string TestName(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, ProgramVectors, ::testing::ValuesIn(Names()), TestName);

}  // namespace
}  // namespace eic::testkit
