// The signer at work: signs records, and gives its chain and staples. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/clock.h"
#include "issuer/authority.h"
#include "issuer/records.h"

namespace eic::emulator {

class RecordSigner {
 public:
  RecordSigner(issuer::Authority authority, Clock clock);

  std::string Sign(const issuer::RecordFields& fields, std::string_view key_line) const;

  // The signer's certificate, then its issuers, in PEM.
  const std::string& chain_pem() const { return chain_pem_; }

  // Sorted by name; made anew when they are an hour old, so that they never go stale.
  std::vector<issuer::NamedStaple> Staples();

 private:
  const issuer::Authority authority_;
  const Clock clock_;
  const std::string chain_pem_;

  std::mutex mutex_;
  std::vector<issuer::NamedStaple> staples_;
  std::optional<Instant> staples_made_at_;
};

}  // namespace eic::emulator
