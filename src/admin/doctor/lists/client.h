// Where a login comes from, as far as it is known, and the patterns that name such places.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::admin {

// Whether a pattern means a login; unknown where that depends on what was not told.
enum class Fit { kNo, kYes, kUnknown };

// Of --from.
struct Client {
  std::string address;         // empty: not told
  bool may_have_name = false;  // sshd looks its name up (UseDNS), which is not done here

  bool IsKnown() const { return !address.empty(); }
};

// For what needs an address where --from told none: of TEST-NET-1 (RFC 5737), so nobody has it.
inline constexpr const char* kNobodysAddress = "192.0.2.1";

// 4 or 16 bytes; nullopt where it is no address. An IPv4 address in IPv6 is one of IPv4, as sshd
// takes it.
using AddressBytes = std::vector<std::uint8_t>;
std::optional<AddressBytes> ParseAddress(std::string_view text);

// As sshd writes it: in its shortest form, an IPv4 address in IPv6 as one of IPv4. What is no
// address stays as it is.
std::string CanonicalAddress(const std::string& text);

// `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `2001:db8::/32`, `[2001:db8::]/32`, or an address alone.
struct Network {
  AddressBytes bytes;
  unsigned prefix = 0;

  bool Has(const AddressBytes& address) const;
  // Whether no bit behind the prefix is set: sshd refuses others.
  bool IsWhole() const;
};
std::optional<Network> ParseNetwork(std::string_view text);

// ssh_config(5), PATTERNS: `*` and `?`, case as it stands.
bool MatchesPattern(std::string_view pattern, std::string_view text);

}  // namespace eic::admin
