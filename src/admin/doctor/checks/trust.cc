#include "admin/doctor/checks/trust.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "admin/doctor/world.h"
#include "core/authorize.h"
#include "core/bytes.h"
#include "core/ssh_public_key.h"
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

// RFC 4253 section 6.6: string "ssh-rsa", mpint e, mpint n. The key was parsed before, so that n is
// positive and in its shortest form.
int RsaBitsOf(const SshPublicKey& key) {
  if (key.type->family != KeyType::Family::kRsa) return 0;
  SshWireCursor wire(key.wire);
  std::optional<std::string_view> n;
  for (int part = 0; part < 3; ++part) n = wire.NextString();
  if (!n || n->empty()) return 0;
  if (n->front() == 0) n->remove_prefix(1);
  if (n->empty()) return 0;
  int bits = static_cast<int>(n->size()) * 8;
  for (unsigned bit = 0x80; bit != 0 && (static_cast<unsigned char>(n->front()) & bit) == 0;
       bit >>= 1U) {
    --bits;
  }
  return bits;
}

}  // namespace

void to_json(nlohmann::json& json, const TrustFacts& facts) {
  json = {{"anchors", facts.anchors}, {"evidence", facts.evidence}, {"signer", facts.signer},
          {"has_key", facts.has_key}, {"key", facts.key},           {"rsa_bits", facts.rsa_bits}};
}

void from_json(const nlohmann::json& json, TrustFacts& facts) {
  json.at("anchors").get_to(facts.anchors);
  json.at("evidence").get_to(facts.evidence);
  json.at("signer").get_to(facts.signer);
  json.at("has_key").get_to(facts.has_key);
  json.at("key").get_to(facts.key);
  json.at("rsa_bits").get_to(facts.rsa_bits);
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
  } else {
    for (const VerifiedKey& key : decision->keys) facts->rsa_bits.push_back(RsaBitsOf(key.key()));
  }
}

const Family& TrustFamily() {
  static const Family kFamily = {
      {
          {"ca-store", Level::kBroken, "there is no CA store, or the command's user cannot read it",
           "the store of the distribution, or of --ca-store, as the command's user",
           "install or rebuild ca-certificates (update-ca-certificates, update-ca-trust)",
           &LookForAnchors},
          {"evidence", Level::kBroken, "metadata does not serve all the evidence for the signer",
           "region, domain, chain and staples, fetched as the command's user",
           "find out what is between this host and 169.254.169.254", &LookAtEvidence},
          {"clock-behind", Level::kBroken, "the host's clock is behind",
           "the dates of the signer's certificates and staples",
           "set the clock (chronyc makestep), and make sure that chrony or timesyncd is running",
           &LookAtClock},
          {"anchor-missing", Level::kBroken, "the CA store has no anchor for the signer",
           "the path from the served signer to the CA store",
           "update ca-certificates; if --ca-store narrows the store, add the missing root",
           &LookForAnchor},
          {"signer-refused", Level::kBroken, "the signer that metadata serves is refused",
           "step 7 of the decision, with the served chain",
           "doc/design.md explains the reason; an expired certificate may mean that the clock is "
           "ahead",
           &LookAtSigner},
          {"staple-refused", Level::kBroken,
           "the staples do not vouch for the signer's certificates",
           "step 8 of the decision, with the served staples",
           "doc/design.md explains the reason; a stale staple may mean that the clock is ahead",
           &LookAtStaples},
          {"no-key", Level::kWarning, "no key is live for the user",
           "the keys that metadata serves for the user, fetched as the command's user",
           "push the key for this user and this instance; it lives for 60 seconds", &LookForKey},
          {"key-refused", Level::kBroken, "the agent refuses the key that was pushed for the user",
           "the agent's decision for the user",
           "run ec2-instance-connect explain USER, which shows each step", &LookAtKey},
      },
      nullptr};
  return kFamily;
}

}  // namespace eic::admin
