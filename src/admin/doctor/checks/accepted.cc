#include "admin/doctor/checks/accepted.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "admin/doctor/world.h"
#include "admin/limits.h"
#include "admin/sshd/settings.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

Seen LookAtPubkey(const World& world) {
  if (ValueOf(world.settings, "pubkeyauthentication") != "no") return std::nullopt;
  return "sshd -T has PubkeyAuthentication no";
}

// `any`, or lists of methods that must all succeed, of which one has to be enough.
Seen LookAtMethods(const World& world) {
  if (LookAtPubkey(world)) return std::nullopt;
  const std::string methods = ValueOf(world.settings, "authenticationmethods");
  if (methods.empty() || methods == "any") return std::nullopt;
  for (const std::string& list : SplitWords(methods, ' ')) {
    if (list == "publickey" || list.starts_with("publickey,")) return std::nullopt;
  }
  return "sshd -T has AuthenticationMethods " + methods;
}

// The list was called PubkeyAcceptedKeyTypes until OpenSSH 8.5.
Seen LookForAlgorithm(const World& world, const std::vector<std::string>& any_of) {
  if (LookAtPubkey(world)) return std::nullopt;
  for (const char* keyword : {"pubkeyacceptedalgorithms", "pubkeyacceptedkeytypes"}) {
    const std::string accepted = ValueOf(world.settings, keyword);
    if (accepted.empty()) continue;
    for (const std::string& algorithm : SplitWords(accepted, ',')) {
      for (const std::string& wanted : any_of) {
        if (algorithm == wanted) return std::nullopt;
      }
    }
    return "sshd -T has " + std::string(keyword) + " " + accepted;
  }
  return std::nullopt;
}

Seen LookForRsa(const World& world) {
  return LookForAlgorithm(world, {"rsa-sha2-256", "rsa-sha2-512", "ssh-rsa"});
}

Seen LookForEd25519(const World& world) { return LookForAlgorithm(world, {"ssh-ed25519"}); }

using Version = std::pair<int, int>;

// `OpenSSH_7.4p1` is 7 and 4; nothing if it has no such form.
std::optional<Version> ParseVersion(std::string_view text) {
  const std::size_t begin = text.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  const char* const end = text.data() + text.size();
  Version version;
  const auto major = std::from_chars(text.data() + begin, end, version.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, version.second);
  if (minor.ec != std::errc()) return std::nullopt;
  return version;
}

Seen LookAtVersion(const World& world) {
  constexpr Version kAsksLast{8, 1};
  const std::optional<Version> version = ParseVersion(world.sshd_version);
  if (!version || *version >= kAsksLast) return std::nullopt;
  return world.sshd_version +
         ": slow metadata delays every login, including logins with other keys";
}

Seen LookAtRevokedKeys(const World& world) {
  if (world.revoked_keys_fault.empty()) return std::nullopt;
  return world.revoked_keys_fault;
}

std::optional<long> NumberOf(const Settings& settings, const std::string& keyword) {
  const std::string text = ValueOf(settings, keyword);
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The name is RSAMinSize where it was added before OpenSSH 9.1.
Seen LookAtRsaSize(const World& world) {
  const std::vector<int>& keys = world.trust.rsa_bits;
  if (keys.empty()) return std::nullopt;
  for (const char* keyword : {"requiredrsasize", "rsaminsize"}) {
    const std::optional<long> required = NumberOf(world.settings, keyword);
    if (!required) continue;
    const int largest = *std::max_element(keys.begin(), keys.end());
    if (std::find(keys.begin(), keys.end(), 0) != keys.end() || largest >= *required) continue;
    return "the live key is an RSA key of " + std::to_string(largest) + " bits, and sshd -T has " +
           keyword + " " + std::to_string(*required);
  }
  return std::nullopt;
}

constexpr long kTriesUsual = 3;

Seen LookAtTries(const World& world) {
  const std::optional<long> tries = NumberOf(world.settings, "maxauthtries");
  if (!tries || *tries >= kTriesUsual) return std::nullopt;
  return "sshd -T has MaxAuthTries " + std::to_string(*tries);
}

void TellUnlooked(const World& world, Sentences* sentences) {
  if (world.settings.empty()) {
    sentences->emplace_back("sshd's settings: sshd did not report them");
  }
}

}  // namespace

std::string SshdVersion(const Outside& outside) {
  // Those that do not know -V print the version with their usage.
  const ProgramResult result = outside.runner.Run({outside.layout.sshd, "-V"}, kCheckTimeMax);
  const std::string text = result.output + result.errors;
  const std::size_t begin = text.find("OpenSSH_");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_first_of(" ,\r\n", begin) - begin);
}

std::string FaultOfRevokedKeys(const Layout& layout, const Settings& settings) {
  const std::string path = ValueOf(settings, "revokedkeys");
  if (path.empty() || path == "none") return "";
  // doctor's unit has folders of its own in their place (PrivateTmp).
  const bool is_hidden = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
                         (path.compare(0, 5, "/tmp/") == 0 || path.compare(0, 9, "/var/tmp/") == 0);
  if (is_hidden || access(layout.Real(path).c_str(), R_OK) == 0) return "";
  return "sshd -T has RevokedKeys " + path + ": " + std::strerror(errno);
}

const Family& AcceptedFamily() {
  static const Family kFamily = {
      {
          {"pubkey-off", Level::kBroken, "sshd accepts no keys at all",
           "PubkeyAuthentication in `sshd -T`", "set PubkeyAuthentication yes", &LookAtPubkey},
          {"authentication-methods", Level::kBroken,
           "no AuthenticationMethods list starts with publickey",
           "AuthenticationMethods in `sshd -T`",
           "add a list that is publickey or starts with it; the user must also be able to complete "
           "the methods that follow",
           &LookAtMethods},
          {"rsa-refused", Level::kWarning, "sshd accepts no RSA keys",
           "PubkeyAcceptedAlgorithms in `sshd -T`",
           "push Ed25519 keys, or add rsa-sha2-256 and rsa-sha2-512 to the list", &LookForRsa},
          {"ed25519-refused", Level::kWarning, "sshd accepts no Ed25519 keys",
           "PubkeyAcceptedAlgorithms in `sshd -T`",
           "push RSA keys, or add ssh-ed25519 to the list, which is not possible in FIPS mode",
           &LookForEd25519},
          {"revoked-keys-unreadable", Level::kBroken,
           "sshd cannot read its list of revoked keys, and refuses every key",
           "RevokedKeys in `sshd -T`, and its file",
           "put the file back, or an empty one, or set RevokedKeys none", &LookAtRevokedKeys},
          {"rsa-too-small", Level::kBroken, "the user's live key is too small for sshd",
           "RequiredRSASize in `sshd -T`, and the live keys of `--user`",
           "push an Ed25519 key, or an RSA key of that size", &LookAtRsaSize},
          {"few-tries", Level::kWarning,
           "a client that offers other keys first has no attempt left for the pushed key",
           "MaxAuthTries in `sshd -T`",
           "log in with ssh -o IdentitiesOnly=yes -i KEY, or raise MaxAuthTries to 6",
           &LookAtTries},
          {"sshd-version", Level::kWarning,
           "this sshd runs the command before it reads authorized_keys",
           "the version that sshd reports",
           "upgrade OpenSSH: 8.1 and later read authorized_keys first", &LookAtVersion},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
