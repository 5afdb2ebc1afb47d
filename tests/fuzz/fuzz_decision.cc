// The decision as a whole, steps 5 to 9: bytes as metadata would serve them in, keys out. Whatever
// goes in, what comes out was signed by the signer's key and is one canonical line. shorthand.h has
// the format of an input.
#include "core/authorize.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "core/select.h"
#include "host/imds.h"
#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/shorthand.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

// One path more or less must not depend on how busy the machine is.
const HasTime kAlwaysTime = [] { return true; };

struct Served {
  Request request{*ParseUserName("alice"), std::nullopt};
  std::string blob;
  Evidence evidence;
};

// As host/imds.cc puts it together. Nothing where the host would not have delivered it.
std::optional<Served> Serve(const std::vector<std::string_view>& sections) {
  Served served;
  served.evidence.location.region = WithoutLineEnd(sections[0]);
  served.evidence.location.domain = WithoutLineEnd(sections[1]);
  if (!sections[2].empty()) {
    const Result<Fingerprint> fingerprint = ParseFingerprint(sections[2]);
    if (!fingerprint) return std::nullopt;
    served.request.fingerprint = *fingerprint;
  }
  Result<ServedChain> chain = ParseServedChain(Expand(sections[3]));
  if (!chain) return std::nullopt;
  served.evidence.chain = *std::move(chain);
  served.blob = Expand(sections[5]);
  if (served.blob.size() > kBlobBytesMax) return std::nullopt;

  const std::vector<std::string> names =
      SelectStapleNames(Expand(sections[4]), served.evidence.chain);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool is_there = kSectionsMin + i < sections.size();
    served.evidence.staples.push_back(
        {names[i], is_there ? Result<std::string>(Expand(sections[kSectionsMin + i]))
                            : Result<std::string>(Error{Reason::kImdsStatus, "404"})});
  }
  return served;
}

void HoldGenuine(const Selection& selection, const Evidence& evidence) {
  Selection forged;
  for (const Candidate& candidate : selection.candidates) {
    if (GenuineRecords().count(candidate.record().signed_bytes) != 0) continue;
    forged.candidates.push_back(candidate);
  }
  // Judged once more without the genuine ones, so that no forged record hides behind a genuine one
  // of the same key.
  const eic::Decision decision = VerifyCandidates(forged, evidence, Anchors(), kNow, kAlwaysTime);
  Hold(decision.keys.empty(), "what is printed was signed by the signer's key");
}

}  // namespace

void Decision(std::string_view input) {
  const std::vector<std::string_view> sections = Sections(input);
  if (sections.size() < kSectionsMin) return;
  const std::optional<Served> served = Serve(sections);
  if (!served) return;
  const Result<Selection> selection =
      SelectCandidates(served->blob, served->request, kInstance, kNow);
  Hold(selection.ok(), "selecting fails only without a digest");

  const eic::Decision decision =
      VerifyCandidates(*selection, served->evidence, Anchors(), kNow, kAlwaysTime);
  Hold(decision.keys.size() + decision.rejections.size() ==
           selection->candidates.size() + selection->rejections.size(),
       "each record is accepted or rejected");
  for (const VerifiedKey& key : decision.keys) {
    HoldCanonicalLine(key.key());
    const Result<bool> requested = IsRequested(served->request, key.key());
    Hold(requested && *requested, "what is printed is what sshd asks for");
  }
  if (!decision.keys.empty()) HoldGenuine(*selection, served->evidence);
}

}  // namespace eic::fuzz
