#include "emulator/api/arn.h"

#include <openssl/evp.h>

#include "emulator/emulator_error.h"

namespace eic::emulator {
namespace {

constexpr std::size_t kUniqueIdDigits = 17;
constexpr std::size_t kAccountDigits = 12;

// The field of `arn` at `index`, of six that colons part; the last one has all that follows.
std::string_view Field(std::string_view arn, std::size_t index) {
  for (; index > 0; --index) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return "";
    arn.remove_prefix(colon + 1);
  }
  return arn.substr(0, arn.find(':'));
}

}  // namespace

std::string AccountOf(std::string_view arn) { return std::string(Field(arn, 4)); }

bool IsRoleArn(std::string_view arn) {
  const std::string_view account = Field(arn, 4);
  const std::string_view resource = Field(arn, 5);
  return Field(arn, 0) == "arn" && !Field(arn, 1).empty() && Field(arn, 2) == "iam" &&
         Field(arn, 3).empty() && account.size() == kAccountDigits &&
         account.find_first_not_of("0123456789") == std::string_view::npos &&
         resource.substr(0, 5) == "role/" && resource.back() != '/';
}

std::string NameOfRole(std::string_view arn) { return std::string(arn.substr(arn.rfind('/') + 1)); }

std::string AssumedRoleArn(std::string_view role_arn, std::string_view session_name) {
  return "arn:" + std::string(Field(role_arn, 1)) + ":sts::" + AccountOf(role_arn) +
         ":assumed-role/" + NameOfRole(role_arn) + "/" + std::string(session_name);
}

std::string UniqueId(std::string_view prefix, std::string_view arn) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(arn.data(), arn.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
    throw EmulatorError("cannot compute SHA-256");
  }
  std::string id(prefix);
  for (std::size_t i = 0; i < kUniqueIdDigits; ++i) {
    id.push_back("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[digest[i] % 32]);
  }
  return id;
}

}  // namespace eic::emulator
