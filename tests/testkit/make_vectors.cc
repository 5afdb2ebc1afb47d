#include "tests/testkit/make_vectors.h"

#include <algorithm>
#include <iterator>

#include "issuer/issuer_error.h"
#include "tests/testkit/cases.h"

namespace eic::testkit {
namespace {

using Files = std::map<std::string, std::string>;

// Evidence and anchors of undamaged cases go by these names; the others by their case's.
constexpr const char* kGoodEvidence = "good";
constexpr const char* kGoodAnchors = "root";
// What two versions of OpenSSL make of the same: parts of paths.
constexpr std::string_view kUnstable[] = {"chain-issuers-on-curve", "signer-ecdsa.vec",
                                          "evidence/staple-over-pss"};

struct Damaged {
  ServedEvidence evidence;
  std::string anchors;
};

Damaged MakeEvidence(const Case& row, const ChainPlan& plan, KeyRing& keys) {
  World world(keys, plan);
  if (row.world) row.world(world);
  Damaged damaged{world.Serve(), world.AnchorsPem()};
  if (row.served) row.served(damaged.evidence);
  return damaged;
}

void AddEvidence(const std::string& name, const ServedEvidence& evidence, Files& files) {
  const std::string folder = "evidence/" + name + "/";
  files[folder + "signer-cert"] = evidence.signer_cert;
  files[folder + "signer-ocsp.list"] = evidence.staple_list;
  for (const auto& [staple, body] : evidence.staples)
    files[folder + "signer-ocsp/" + staple] = body;
}

// True where the defect lies in the anchors alone, or nowhere: there is nothing new to write then.
bool IsGoodEvidence(const ServedEvidence& evidence, const ServedEvidence& good) {
  return evidence.signer_cert == good.signer_cert && evidence.staple_list == good.staple_list &&
         evidence.staples == good.staples;
}

Vector GoodVector() {
  Vector vector;
  vector.user = "alice";
  vector.now = kNow;
  vector.instance = kInstance;
  vector.region = "us-west-2";
  vector.domain = "amazonaws.com";
  vector.evidence = kGoodEvidence;
  vector.anchors = kGoodAnchors;
  return vector;
}

std::string MakeBlob(const Case& row, const ChainPlan& plan, KeyRing& keys) {
  Notary notary(keys, plan.signer.key);
  if (row.blob) return row.blob(notary);
  issuer::RecordSpec record = notary.Record();
  if (row.record) row.record(record);
  return notary.Sign(record);
}

std::vector<std::string> Expectations(const Case& row, KeyRing& keys) {
  constexpr std::string_view kAccept = "accept ";
  std::vector<std::string> expectations = row.expect;
  for (std::string& line : expectations) {
    if (line.compare(0, kAccept.size(), kAccept) != 0) continue;
    line = std::string(kAccept) + keys.Sha256Fingerprint(line.substr(kAccept.size()));
  }
  return expectations;
}

void AddCase(const Case& row, KeyRing& keys, Files& files) {
  ChainPlan plan = GoodPlan();
  if (row.plan) row.plan(plan);

  Vector vector = GoodVector();
  vector.comment = row.comment;
  vector.expect = Expectations(row, keys);
  vector.blob = MakeBlob(row, plan, keys);
  if (row.plan || row.world || row.served) {
    const Damaged damaged = MakeEvidence(row, plan, keys);
    if (!IsGoodEvidence(damaged.evidence, World(keys).Serve())) {
      vector.evidence = row.name;
      AddEvidence(row.name, damaged.evidence, files);
    }
    if (damaged.anchors != files["anchors/root.pem"]) {
      vector.anchors = row.name;
      files["anchors/" + row.name + ".pem"] = damaged.anchors;
    }
  }
  if (row.request) row.request(vector);
  if (!files.emplace(row.name + ".vec", FormatVector(vector)).second) {
    issuer::Fail("two cases have the name " + row.name);
  }
}

}  // namespace

std::map<std::string, std::string> MakeVectors(KeyRing& keys) {
  Files files;
  const World good(keys);
  AddEvidence(kGoodEvidence, good.Serve(), files);
  files["anchors/root.pem"] = good.AnchorsPem();
  for (const auto& make : {RequestCases, RecordCases, OfferCases, KeyCases, SignerCases, ChainCases,
                           PathCases, StapleCases, ResponderCases}) {
    for (const Case& row : make()) AddCase(row, keys, files);
  }
  return files;
}

bool IsStable(std::string_view path) {
  return std::none_of(std::begin(kUnstable), std::end(kUnstable), [&](std::string_view part) {
    return path.find(part) != std::string_view::npos;
  });
}

}  // namespace eic::testkit
