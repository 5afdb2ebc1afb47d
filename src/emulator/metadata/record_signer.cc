#include "emulator/metadata/record_signer.h"

#include <algorithm>
#include <utility>

namespace eic::emulator {
namespace {

constexpr std::int64_t kStapleSecondsMax = 3600;

EvpPkeyPtr Shared(EVP_PKEY* key) {
  EVP_PKEY_up_ref(key);
  return EvpPkeyPtr(key);
}

}  // namespace

RecordSigner::RecordSigner(issuer::Authority authority, Clock clock, const ChainSettings& settings)
    : authority_(std::move(authority)),
      signer_key_(Shared(authority_.signer_key.get())),
      clock_(std::move(clock)),
      settings_(settings),
      rotated_at_(clock_()) {
  if (settings.cross_signed) issuer::CrossSignRoot(authority_, clock_());
}

std::string RecordSigner::Sign(const issuer::RecordFields& fields,
                               std::string_view key_line) const {
  return issuer::SignRecord(issuer::MakeRecordSpec(fields, key_line), signer_key_.get());
}

std::string RecordSigner::ChainPem() {
  const std::lock_guard<std::mutex> lock(mutex_);
  RotateWhenDue();
  return issuer::SignerChainPem(authority_);
}

std::vector<issuer::NamedStaple> RecordSigner::Staples() {
  const Instant now = clock_();
  const std::lock_guard<std::mutex> lock(mutex_);
  RotateWhenDue();
  const bool fresh =
      staples_made_at_ && *staples_made_at_ <= now && now < *staples_made_at_ + kStapleSecondsMax;
  if (!fresh) {
    staples_ =
        issuer::MakeStaples(authority_, now, 7 * issuer::kSecondsPerDay, settings_.staple_names);
    staples_made_at_ = now;
  }
  std::vector<issuer::NamedStaple> all = staples_;
  all.insert(all.end(), former_staples_.begin(), former_staples_.end());
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  const auto same_name = [](const auto& a, const auto& b) { return a.name == b.name; };
  // Stable: of two for one certificate the newer one stays.
  std::stable_sort(all.begin(), all.end(), by_name);
  all.erase(std::unique(all.begin(), all.end(), same_name), all.end());
  return all;
}

void RecordSigner::Rotate() {
  const std::lock_guard<std::mutex> lock(mutex_);
  DoRotate();
}

void RecordSigner::RotateWhenDue() {
  if (settings_.rotate_seconds == 0) return;
  if (clock_() >= rotated_at_ + settings_.rotate_seconds) DoRotate();
}

void RecordSigner::DoRotate() {
  const Instant now = clock_();
  former_staples_ =
      issuer::MakeStaples(authority_, now, 7 * issuer::kSecondsPerDay, settings_.staple_names);
  issuer::RotateIntermediate(authority_, now);
  staples_made_at_.reset();
  rotated_at_ = now;
}

}  // namespace eic::emulator
