#include "admin/doctor/lists/client.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace eic::admin {
namespace {

constexpr std::size_t kMappedPrefixBytes = 12;
constexpr unsigned kBitsOfByte = 8;

bool IsMapped(const AddressBytes& bytes) {
  static const AddressBytes kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return bytes.size() == 16 && std::equal(kPrefix.begin(), kPrefix.end(), bytes.begin());
}

// Of `255.255.0.0` 16; nullopt where the ones are not together.
std::optional<unsigned> PrefixOfMask(const AddressBytes& mask) {
  unsigned prefix = 0;
  bool has_ended = false;
  for (const std::uint8_t byte : mask) {
    for (unsigned bit = 0; bit < kBitsOfByte; ++bit) {
      const bool is_one = ((unsigned{byte} >> (kBitsOfByte - 1 - bit)) & 1U) != 0;
      if (is_one && has_ended) return std::nullopt;
      has_ended = has_ended || !is_one;
      if (is_one) ++prefix;
    }
  }
  return prefix;
}

bool BitOf(const AddressBytes& bytes, unsigned bit) {
  return ((unsigned{bytes[bit / kBitsOfByte]} >> (kBitsOfByte - 1 - bit % kBitsOfByte)) & 1U) != 0;
}

}  // namespace

std::optional<AddressBytes> ParseAddress(std::string_view text) {
  const std::string address(text);
  AddressBytes bytes(4);
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(16);
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return std::nullopt;
  if (IsMapped(bytes)) bytes.erase(bytes.begin(), bytes.begin() + kMappedPrefixBytes);
  return bytes;
}

std::string CanonicalAddress(const std::string& text) {
  const std::optional<AddressBytes> bytes = ParseAddress(text);
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const int family = bytes && bytes->size() == 4 ? AF_INET : AF_INET6;
  if (!bytes || inet_ntop(family, bytes->data(), buffer.data(), buffer.size()) == nullptr) {
    return text;
  }
  return buffer.data();
}

bool Network::Has(const AddressBytes& address) const {
  if (address.size() != bytes.size()) return false;
  for (unsigned bit = 0; bit < prefix; ++bit) {
    if (BitOf(address, bit) != BitOf(bytes, bit)) return false;
  }
  return true;
}

bool Network::IsWhole() const {
  for (unsigned bit = prefix; bit < bytes.size() * kBitsOfByte; ++bit) {
    if (BitOf(bytes, bit)) return false;
  }
  return true;
}

std::optional<Network> ParseNetwork(std::string_view text) {
  const std::size_t slash = text.find('/');
  std::string_view first = text.substr(0, slash);
  if (first.size() > 2 && first.front() == '[' && first.back() == ']') {
    first = first.substr(1, first.size() - 2);
  }
  const std::optional<AddressBytes> bytes = ParseAddress(first);
  if (!bytes) return std::nullopt;
  const auto bits = static_cast<unsigned>(bytes->size()) * kBitsOfByte;
  if (slash == std::string_view::npos) return Network{*bytes, bits};
  const std::string_view rest = text.substr(slash + 1);
  if (const std::optional<AddressBytes> mask = ParseAddress(rest);
      mask && mask->size() == bytes->size()) {
    const std::optional<unsigned> prefix = PrefixOfMask(*mask);
    if (!prefix) return std::nullopt;
    return Network{*bytes, *prefix};
  }
  unsigned prefix = 0;
  const char* const end = rest.data() + rest.size();
  const auto [at, error] = std::from_chars(rest.data(), end, prefix);
  if (error != std::errc() || at != end || prefix > bits) return std::nullopt;
  return Network{*bytes, prefix};
}

bool MatchesPattern(std::string_view pattern, std::string_view text) {
  // Where the last `*` stood, and how much of the text it had taken.
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  std::size_t in_text = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = in_text;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in_text])) {
      ++at;
      ++in_text;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_text = ++taken;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace eic::admin
