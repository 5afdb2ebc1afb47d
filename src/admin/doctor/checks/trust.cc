#include "admin/doctor/checks/trust.h"

#include <nlohmann/json.hpp>

#include "admin/doctor/world.h"
#include "core/authorize.h"
#include "host/clock.h"
#include "host/limits.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

constexpr const char* kStaplePrefix = "staple-";

// No further than to where the cause lies: what comes later is refused for the same one.
bool HasSigner(const World& world) {
  return world.as_user.why_not.empty() && world.trust.anchors.IsFine() &&
         world.trust.evidence.IsFine();
}

bool MeansRevocation(const Verdict& verdict) {
  return verdict.reason.compare(0, std::char_traits<char>::length(kStaplePrefix), kStaplePrefix) ==
             0 ||
         verdict.reason == "certificate-revoked";
}

// Evidence comes from the past: what is of the future shows that the clock is behind.
Seen LookAtClock(const World& world) {
  const Verdict& signer = world.trust.signer;
  if (!HasSigner(world)) return std::nullopt;
  if (signer.reason != "certificate-not-yet-valid" && signer.reason != "staple-from-future") {
    return std::nullopt;
  }
  return signer.Text();
}

Seen LookForAnchors(const World& world) {
  if (world.trust.anchors.IsFine()) return std::nullopt;
  return "as " + world.slot.user + ": " + world.trust.anchors.Text();
}

Seen LookForAnchor(const World& world) {
  if (!HasSigner(world) || world.trust.signer.reason != "chain-untrusted") return std::nullopt;
  return world.trust.signer.Text();
}

Seen LookAtEvidence(const World& world) {
  if (world.trust.evidence.IsFine()) return std::nullopt;
  return world.trust.evidence.Text();
}

Seen LookAtStaples(const World& world) {
  if (!HasSigner(world) || !MeansRevocation(world.trust.signer) || LookAtClock(world)) {
    return std::nullopt;
  }
  return world.trust.signer.Text();
}

Seen LookAtSigner(const World& world) {
  const bool is_told = LookAtClock(world) || LookForAnchor(world) || LookAtStaples(world);
  if (!HasSigner(world) || world.trust.signer.IsFine() || is_told) return std::nullopt;
  return world.trust.signer.Text();
}

// The same for every key: told above.
bool SignerIsToBlame(const World& world) {
  return !world.metadata.verdict.IsFine() || !world.trust.evidence.IsFine() ||
         !world.trust.anchors.IsFine() || !world.trust.signer.IsFine();
}

Seen LookForKey(const World& world) {
  if (!world.login || world.trust.has_key || SignerIsToBlame(world)) return std::nullopt;
  return "metadata serves nothing for " + world.login->name;
}

Seen LookAtKey(const World& world) {
  if (!world.login || world.trust.key.IsFine() || SignerIsToBlame(world)) return std::nullopt;
  return world.trust.key.Text();
}

}  // namespace

void to_json(nlohmann::json& json, const TrustFacts& facts) {
  json = {{"anchors", facts.anchors},
          {"evidence", facts.evidence},
          {"signer", facts.signer},
          {"has_key", facts.has_key},
          {"key", facts.key}};
}

void from_json(const nlohmann::json& json, TrustFacts& facts) {
  json.at("anchors").get_to(facts.anchors);
  json.at("evidence").get_to(facts.evidence);
  json.at("signer").get_to(facts.signer);
  json.at("has_key").get_to(facts.has_key);
  json.at("key").get_to(facts.key);
}

void AskForSigner(const eic::Outside& doors, const Confined& confined, Imds& imds,
                  TrustFacts* facts) {
  const Result<Evidence> evidence = imds.FetchEvidence(confined);
  const Result<X509StorePtr> anchors = doors.open_trust_anchors();
  facts->evidence = VerdictOf(evidence);
  if (evidence && anchors) {
    const Deadline search = Deadline::After(kOtherPathsTimeMax);
    facts->signer = VerdictOf(VerifySigner(*evidence, anchors->get(), doors.wall_clock(),
                                           [&] { return !search.HasPassed(); }));
  }
}

void AskForKey(const eic::Options& agent, HttpTransport& http, const OpenDoors& doors,
               const LookUp& look_up, TrustFacts* facts) {
  const Trace trace = RunTraced(agent, http, doors, look_up);
  if (!trace.decision) return;
  const Result<Decision>& decision = *trace.decision;
  if (!decision) {
    facts->has_key = decision.error().reason != Reason::kNoKey;
  } else if (decision->keys.empty() && !decision->rejections.empty()) {
    facts->key = VerdictOf(decision->rejections.front().error);
  }
}

const Family& TrustFamily() {
  static const Family kFamily = {
      {
          {"ca-store", Level::kBroken, "there is no CA store, or the command's user cannot read it",
           "the store of the distribution, or of --ca-store, as the command's user",
           "install or rebuild ca-certificates (update-ca-certificates, update-ca-trust)",
           &LookForAnchors},
          {"evidence", Level::kBroken, "metadata does not give all of the signer's evidence",
           "region, domain, chain and staples, fetched as the command's user",
           "see what stands between here and 169.254.169.254", &LookAtEvidence},
          {"clock-behind", Level::kBroken, "the host's clock is behind",
           "the dates of the signer's certificates and staples",
           "set the clock (chronyc makestep), and see that chrony or timesyncd runs", &LookAtClock},
          {"anchor-missing", Level::kBroken, "the CA store has no anchor for the signer",
           "the path from the served signer to the CA store",
           "update ca-certificates; where --ca-store narrows it, add the root that is missing",
           &LookForAnchor},
          {"signer-refused", Level::kBroken, "the signer that metadata serves is refused",
           "step 7 of the decision, with the served chain",
           "the reason is explained in doc/design.md; an expired certificate may be a clock that "
           "is "
           "ahead",
           &LookAtSigner},
          {"staple-refused", Level::kBroken, "the signer's certificates are not vouched for",
           "step 8 of the decision, with the served staples",
           "the reason is explained in doc/design.md; a stale staple may be a clock that is ahead",
           &LookAtStaples},
          {"no-key", Level::kWarning, "no key is live for the user",
           "the blob of the user, fetched as the command's user",
           "push the key for this user and this instance; it lives for 60 seconds", &LookForKey},
          {"key-refused", Level::kBroken, "what was pushed for the user is refused",
           "the agent's decision for the user", "ec2-instance-connect explain USER shows each step",
           &LookAtKey},
      },
      nullptr};
  return kFamily;
}

}  // namespace eic::admin
