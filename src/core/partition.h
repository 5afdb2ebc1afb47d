// AWS partitions: which domain belongs to which regions. doc/design.md step 7.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace eic {

// The location that the metadata service reports; untrusted.
struct Location {
  std::string region;  // `us-west-2`
  std::string domain;  // `amazonaws.com`
};

// True for the form that every region has (`us-west-2`, `us-gov-west-1`, `eusc-de-east-1`):
//
//   region := word '-' word ('-' word)* '-' number
//   word   := [a-z]+
//   number := [0-9]+
//
// Other words name services (`s3`, `s3-us-west-2`). Their customers choose names below these names
// and may get certificates for them.
bool IsRegion(std::string_view text);

// The common name that a signer must have. Made by ExpectedSignerName alone.
class SignerName {
 public:
  const std::string& text() const { return text_; }

 private:
  explicit SignerName(std::string text) : text_(std::move(text)) {}
  friend Result<SignerName> ExpectedSignerName(const Location& location);

  std::string text_;
};

// The name of the signer of `location`: `managed-ssh-signer.REGION.DOMAIN`. Region and domain are
// compared with the table of partitions, so that metadata does not choose the name. Fails with
// kRegionMalformed, kDomainMalformed, kDomainMismatch (the table has another domain for the region)
// or kDomainUnknown (neither region nor domain is in the table).
Result<SignerName> ExpectedSignerName(const Location& location);

}  // namespace eic
