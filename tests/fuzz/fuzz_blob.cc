// The blob and the choice among its records: core/key_blob, core/select.
#include "core/base64.h"
#include "core/key_blob.h"
#include "core/limits.h"
#include "core/select.h"
#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

bool IsInside(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

bool AreSame(const KeyRecord& a, const KeyRecord& b) {
  return a.signed_bytes == b.signed_bytes && a.expiry.unix_seconds() == b.expiry.unix_seconds() &&
         a.instance_id == b.instance_id && a.caller == b.caller && a.request_id == b.request_id &&
         a.key.type == b.key.type && a.key.wire == b.key.wire && a.signature == b.signature;
}

void HoldRecord(const KeyRecord& record, std::string_view blob) {
  const std::string_view bytes = record.signed_bytes;
  Hold(IsInside(bytes, blob), "signed bytes are a view of what arrived");
  Hold(bytes.data() == blob.data() || bytes.data()[-1] == '\n', "they begin with a line");
  Hold(!bytes.empty() && bytes.back() == '\n', "they end with a line");
  for (const std::string_view field : {record.instance_id, record.caller, record.request_id}) {
    Hold(field.empty() || IsInside(field, bytes), "a field is a view of the signed bytes");
  }
  Hold(!record.instance_id.empty() && record.expiry.unix_seconds() >= 0,
       "instance and expiry are there");
  Hold(!record.signature.empty() && record.signature.size() <= kSignatureBase64BytesMax,
       "a signature is there, and within its limit");
  HoldCanonicalLine(record.key);

  // Nothing of a record depends on what stands around it.
  const std::string alone = std::string(bytes) + EncodeBase64(record.signature);
  const ParsedBlob again = ParseKeyBlob(alone);
  Hold(again.records.size() == 1 && again.rejections.empty() &&
           AreSame(again.records.front(), record),
       "a record alone is the same record");
}

// Whatever stands before it, a good record comes out, unless the limit was reached.
void HoldNotHidden(const ParsedBlob& parsed, std::string_view blob) {
  if (parsed.records.size() + parsed.rejections.size() >= kRecordsMax) return;
  static const auto* const good = new std::string([] {
    for (const testkit::Vector& vector : AllVectors()) {
      if (vector.comment == "One good record.") return vector.blob;
    }
    return std::string();
  }());
  const std::string longer = std::string(blob) + "\n\n" + *good;
  const ParsedBlob more = ParseKeyBlob(longer);
  Hold(more.records.size() == parsed.records.size() + 1 &&
           more.rejections.size() == parsed.rejections.size() &&
           more.records.back().instance_id == kInstance,
       "no record hides the one behind it");
}

void HoldSelection(std::string_view blob, const Request& request) {
  const Result<Selection> selection = SelectCandidates(blob, request, kInstance, kNow);
  Hold(selection.ok(), "selecting fails only without a digest");
  for (const Candidate& candidate : selection->candidates) {
    const KeyRecord& record = candidate.record();
    Hold(record.instance_id == kInstance && record.expiry.IsAhead(kNow),
         "a candidate is of here and now");
    const Result<bool> requested = IsRequested(request, record.key);
    Hold(requested && *requested, "a candidate is what sshd asks for");
  }
  for (const Rejection& rejection : selection->rejections) {
    if (!rejection.key) continue;
    const Result<bool> requested = IsRequested(request, *rejection.key);
    Hold(requested && *requested, "a key that was not offered is not spoken of");
  }
}

}  // namespace

void Blob(std::string_view input) {
  if (input.size() > kBlobBytesMax) return;
  const ParsedBlob parsed = ParseKeyBlob(input);
  Hold(parsed.records.size() + parsed.rejections.size() <= kRecordsMax + 1, "records are counted");
  for (const KeyRecord& record : parsed.records) HoldRecord(record, input);
  HoldNotHidden(parsed, input);

  Request request{*ParseUserName("alice"), std::nullopt};
  HoldSelection(input, request);
  if (parsed.records.empty()) return;
  const Result<std::string> text =
      FingerprintOf(parsed.records.back().key, FingerprintHash::kSha256);
  request.fingerprint = Fingerprint{FingerprintHash::kSha256, *text};
  HoldSelection(input, request);
}

}  // namespace eic::fuzz
