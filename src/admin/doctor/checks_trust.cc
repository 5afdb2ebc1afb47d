// Time, anchors, the signer and its staples; and the key of the login's user.
#include "admin/doctor/check.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

constexpr const char* kStaplePrefix = "staple-";

// No further than to where the cause lies: what comes later is refused for the same one.
bool HasSigner(const World& world) {
  return world.as_user.why_not.empty() && world.as_user.anchors.IsFine() &&
         world.as_user.evidence.IsFine();
}

bool MeansRevocation(const Verdict& verdict) {
  return verdict.reason.compare(0, std::char_traits<char>::length(kStaplePrefix), kStaplePrefix) ==
             0 ||
         verdict.reason == "certificate-revoked";
}

// Evidence comes from the past: what is of the future shows that the clock is behind.
Seen LookAtClock(const World& world) {
  const Verdict& signer = world.as_user.signer;
  if (!HasSigner(world)) return std::nullopt;
  if (signer.reason != "certificate-not-yet-valid" && signer.reason != "staple-from-future") {
    return std::nullopt;
  }
  return signer.Text();
}

Seen LookForAnchors(const World& world) {
  if (world.as_user.anchors.IsFine()) return std::nullopt;
  return "as " + world.slot.user + ": " + world.as_user.anchors.Text();
}

Seen LookForAnchor(const World& world) {
  if (!HasSigner(world) || world.as_user.signer.reason != "chain-untrusted") return std::nullopt;
  return world.as_user.signer.Text();
}

Seen LookAtEvidence(const World& world) {
  if (world.as_user.evidence.IsFine()) return std::nullopt;
  return world.as_user.evidence.Text();
}

Seen LookAtStaples(const World& world) {
  if (!HasSigner(world) || !MeansRevocation(world.as_user.signer) || LookAtClock(world)) {
    return std::nullopt;
  }
  return world.as_user.signer.Text();
}

Seen LookAtSigner(const World& world) {
  const bool is_told = LookAtClock(world) || LookForAnchor(world) || LookAtStaples(world);
  if (!HasSigner(world) || world.as_user.signer.IsFine() || is_told) return std::nullopt;
  return world.as_user.signer.Text();
}

// The same for every key: told above.
bool SignerIsToBlame(const World& world) {
  return !world.as_user.metadata.IsFine() || !world.as_user.evidence.IsFine() ||
         !world.as_user.anchors.IsFine() || !world.as_user.signer.IsFine();
}

Seen LookForKey(const World& world) {
  if (!world.login || world.as_user.has_key || SignerIsToBlame(world)) return std::nullopt;
  return "metadata serves nothing for " + world.login->name;
}

Seen LookAtKey(const World& world) {
  if (!world.login || world.as_user.key.IsFine() || SignerIsToBlame(world)) return std::nullopt;
  return world.as_user.key.Text();
}

}  // namespace

const std::vector<Check>& TrustChecks() {
  static const std::vector<Check> kChecks = {
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
       "the reason is explained in doc/design.md; an expired certificate may be a clock that is "
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
  };
  return kChecks;
}

}  // namespace eic::admin
