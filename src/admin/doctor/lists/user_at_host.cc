#include "admin/doctor/lists/user_at_host.h"

#include <string_view>
#include <vector>

#include "admin/sshd/settings.h"

namespace eic::admin {
namespace {

// sshd knows no masks and no brackets: `10.0.0.0/255.0.0.0` is a pattern for it.
std::optional<Network> ParseCidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool has_mask = slash != std::string_view::npos &&
                        text.find_first_not_of("0123456789", slash + 1) != std::string_view::npos;
  if (has_mask || text.find('[') != std::string_view::npos) return std::nullopt;
  return ParseNetwork(text);
}

bool IsPlainStar(std::string_view hosts) { return hosts == "*"; }

// One element of the list without its `!`. sshd tries it as a network and as a pattern of the
// client's address, and then as a pattern of its name, which is the address where it has none.
Fit FitsHost(std::string_view element, const Client& client) {
  if (const std::optional<Network> network = ParseCidr(element)) {
    const std::optional<AddressBytes> address = ParseAddress(client.address);
    return address && network->IsWhole() && network->Has(*address) ? Fit::kYes : Fit::kNo;
  }
  if (MatchesPattern(element, client.address)) return Fit::kYes;
  return client.may_have_name ? Fit::kUnknown : Fit::kNo;
}

Fit FitsHosts(std::string_view hosts, const Client& client) {
  if (IsPlainStar(hosts)) return Fit::kYes;
  if (!client.IsKnown()) return Fit::kUnknown;
  Fit fit = Fit::kNo;
  bool may_be_excluded = false;
  for (const std::string& element : SplitWords(hosts, ',')) {
    const bool is_negated = element[0] == '!';
    const Fit one = FitsHost(std::string_view(element).substr(is_negated ? 1 : 0), client);
    if (is_negated && one == Fit::kYes) return Fit::kNo;
    if (is_negated) {
      may_be_excluded = may_be_excluded || one == Fit::kUnknown;
    } else if (one == Fit::kYes || (one == Fit::kUnknown && fit == Fit::kNo)) {
      fit = one;
    }
  }
  return fit == Fit::kYes && may_be_excluded ? Fit::kUnknown : fit;
}

}  // namespace

Fit FitsEntry(const std::string& entry, const std::string& user, const Client& client) {
  const std::size_t at = entry.rfind('@');
  if (at == std::string::npos) return MatchesPattern(entry, user) ? Fit::kYes : Fit::kNo;
  if (!MatchesPattern(std::string_view(entry).substr(0, at), user)) return Fit::kNo;
  return FitsHosts(std::string_view(entry).substr(at + 1), client);
}

}  // namespace eic::admin
