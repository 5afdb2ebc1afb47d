#include "tests/testkit/run_vector.h"

#include <chrono>
#include <map>

#include "agent/run.h"
#include "core/bytes.h"
#include "core/reason.h"
#include "core/ssh_public_key.h"
#include "host/imds.h"
#include "host/trust_anchors.h"
#include "issuer/files.h"
#include "tests/fakes/for_tests.h"

namespace eic::testkit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEndpoint = "http://169.254.169.254";
constexpr std::string_view kStaplesPath = "managed-ssh-keys/signer-ocsp/";

// A metadata service that answers from memory: 200 for what it has, 404 for the rest.
class ServedVector : public HttpTransport {
 public:
  ServedVector(const Vector& vector, const fs::path& folder) {
    const fs::path evidence = folder / "evidence" / vector.evidence;
    Serve("instance-id", vector.instance);
    Serve("placement/region", vector.region);
    Serve("services/domain", vector.domain);
    Serve("managed-ssh-keys/active-keys/" + PathSegment(vector.user), vector.blob);
    Serve("managed-ssh-keys/signer-cert", issuer::ReadFile(evidence / "signer-cert"));
    Serve(std::string(kStaplesPath), issuer::ReadFile(evidence / "signer-ocsp.list"));
    if (!fs::exists(evidence / "signer-ocsp")) return;
    for (const auto& entry : fs::directory_iterator(evidence / "signer-ocsp")) {
      Serve(std::string(kStaplesPath) + entry.path().filename().string(),
            issuer::ReadFile(entry.path()));
    }
  }

  std::shared_ptr<PendingConnection> Dial(const std::string&) override { return nullptr; }

  std::vector<HttpOutcome> PerformAll(const Confined&,
                                      const std::vector<HttpRequest>& requests) override {
    std::vector<HttpOutcome> outcomes;
    for (const HttpRequest& request : requests) outcomes.push_back(Answer(request));
    return outcomes;
  }

 private:
  void Serve(const std::string& path, std::string body) {
    bodies_[std::string(kEndpoint) + "/latest/meta-data/" + path] = std::move(body);
  }

  HttpOutcome Answer(const HttpRequest& request) {
    HttpOutcome outcome;
    if (request.method == HttpRequest::Method::kPut) {
      outcome.status = 200;
      outcome.body = "token";
      return outcome;
    }
    const auto found = bodies_.find(request.url);
    if (found == bodies_.end()) {
      outcome.status = 404;
    } else if (found->second.size() > request.body_bytes_max) {
      outcome.fault = HttpOutcome::Fault::kTooLarge;
    } else {
      outcome.status = 200;
      outcome.body = found->second;
    }
    return outcome;
  }

  std::map<std::string, std::string> bodies_;
};

// Vectors are about decisions; what is written about them is another test's.
class NoAudit : public AuditLog {
 public:
  void RecordAccepted(const Acceptance&) override {}
  void RecordRefused(const Refusal&) override {}
  void RecordFault(const std::string&) override {}
  int Descriptor() const override { return -1; }
  std::string FaultBytes(const std::string&) const override { return ""; }
};

Outcome Refused(const Error& error) { return {{std::string(Slug(error.reason))}, {}}; }

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  LineCursor cursor(text);
  while (!cursor.AtEnd()) lines.emplace_back(cursor.Next());
  return lines;
}

Outcome OutcomeOf(const Request& request, const Decision& decision) {
  NoAudit audit;
  Outcome outcome;
  outcome.lines = SplitLines(RecordDecision(request, decision, {}, audit));
  for (const VerifiedKey& key : decision.keys) {
    const Result<std::string> fingerprint = FingerprintOf(key.key(), FingerprintHash::kSha256);
    outcome.words.push_back("accept " + (fingerprint ? *fingerprint : std::string("?")));
  }
  for (const Rejection& rejection : decision.rejections) {
    outcome.words.emplace_back(Slug(rejection.error.reason));
  }
  if (outcome.words.empty()) outcome.words.emplace_back("none");
  return outcome;
}

}  // namespace

Outcome RunVector(const Vector& vector, const fs::path& folder) {
  Options options;
  options.imds_endpoints = {std::string(kEndpoint)};
  options.user = vector.user;
  options.fingerprint = vector.fingerprint;
  options.key_type = vector.key_type;

  const Result<Request> request = ParseRequest(options);
  if (!request) return Refused(request.error());

  ServedVector metadata(vector, folder);
  NoAudit audit;
  const Outside outside{
      metadata, audit, [&] { return vector.now; },
      // On Xen, so that the id comes from the vector.
      [] { return Result<Instance>(Instance{}); },
      [&] { return OpenTrustAnchors((folder / "anchors" / (vector.anchors + ".pem")).string()); },
      &ForTests::MakeConfined};
  const Result<Decision> decision =
      Decide(options, *request, outside, Deadline::After(std::chrono::minutes(1)));
  if (!decision) return Refused(decision.error());
  return OutcomeOf(*request, *decision);
}

}  // namespace eic::testkit
