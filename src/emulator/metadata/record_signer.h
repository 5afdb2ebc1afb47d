// The signer at work: signs records, and gives its chain and staples. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/clock.h"
#include "issuer/authority.h"
#include "issuer/records.h"

namespace eic::emulator {

// How the chain is to look.
struct ChainSettings {
  issuer::StapleNames staple_names = issuer::StapleNames::kSha1;
  bool cross_signed = false;        // ends in the root as another root signed it
  std::int64_t rotate_seconds = 0;  // a new intermediate so often; 0: never
};

class RecordSigner {
 public:
  RecordSigner(issuer::Authority authority, Clock clock, const ChainSettings& settings = {});

  std::string Sign(const issuer::RecordFields& fields, std::string_view key_line) const;

  // The signer's certificate, then its issuers, in PEM.
  std::string ChainPem();

  // Sorted by name; made again when they are an hour old, so that they never go stale. After a
  // rotation those of the chain before it are there, too, for who has fetched that chain already.
  std::vector<issuer::NamedStaple> Staples();

  // A new intermediate, and a new certificate by it for the signer's key, so that live records stay
  // good.
  void Rotate();

 private:
  // With mutex_ held.
  void RotateWhenDue();
  void DoRotate();

  issuer::Authority authority_;
  const EvpPkeyPtr signer_key_;  // its own, since Sign takes no lock
  const Clock clock_;
  const ChainSettings settings_;

  std::mutex mutex_;
  Instant rotated_at_;
  std::vector<issuer::NamedStaple> staples_;
  std::vector<issuer::NamedStaple> former_staples_;
  std::optional<Instant> staples_made_at_;
};

}  // namespace eic::emulator
