#include "emulator/record_signer.h"

#include <utility>

namespace eic::emulator {
namespace {

constexpr std::int64_t kStapleSecondsMax = 3600;

}  // namespace

RecordSigner::RecordSigner(issuer::Authority authority, Clock clock)
    : authority_(std::move(authority)),
      clock_(std::move(clock)),
      chain_pem_(issuer::SignerChainPem(authority_)) {}

std::string RecordSigner::Sign(const issuer::RecordFields& fields,
                               std::string_view key_line) const {
  return issuer::SignRecord(issuer::MakeRecordSpec(fields, key_line), authority_.signer_key.get());
}

std::vector<issuer::NamedStaple> RecordSigner::Staples() {
  const Instant now = clock_();
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool fresh =
      staples_made_at_ && *staples_made_at_ <= now && now < *staples_made_at_ + kStapleSecondsMax;
  if (!fresh) {
    staples_ = issuer::MakeStaples(authority_, now);
    staples_made_at_ = now;
  }
  return staples_;
}

}  // namespace eic::emulator
