#include "host/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace eic {
namespace {

// The kernel's ABI, defined here because the headers of older distributions lack it:
// linux/landlock.h.
#ifndef SYS_landlock_create_ruleset
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
#else
constexpr long kCreateRuleset = SYS_landlock_create_ruleset;
constexpr long kAddRule = SYS_landlock_add_rule;
constexpr long kRestrictSelf = SYS_landlock_restrict_self;
#endif

struct RulesetAttributes {
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;
  std::uint64_t scoped;
};
struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed_access;
  std::int32_t parent_descriptor;
};
struct NetPort {
  std::uint64_t allowed_access;
  std::uint64_t port;
};

constexpr std::uint32_t kVersionFlag = 1;  // LANDLOCK_CREATE_RULESET_VERSION
constexpr int kRulePathBeneath = 1;        // LANDLOCK_RULE_PATH_BENEATH
constexpr int kRuleNetPort = 2;            // LANDLOCK_RULE_NET_PORT
constexpr std::uint64_t kReadFile = 1ULL << 2;
constexpr std::uint64_t kReadDir = 1ULL << 3;
constexpr std::uint64_t kBindTcp = 1ULL << 0;
constexpr std::uint64_t kConnectTcp = 1ULL << 1;

// All that each ABI knows, so that what has no rule is denied.
std::uint64_t FileAccessOf(int abi) {
  std::uint64_t access = (1ULL << 13) - 1;  // execute ... make_sym
  if (abi >= 2) access |= 1ULL << 13;       // refer
  if (abi >= 3) access |= 1ULL << 14;       // truncate
  if (abi >= 5) access |= 1ULL << 15;       // ioctl_dev
  return access;
}

std::uint64_t NetAccessOf(int abi) { return abi >= 4 ? kBindTcp | kConnectTcp : 0; }

// Abstract unix sockets and signals of processes outside are out of reach.
std::uint64_t ScopeOf(int abi) { return abi >= 6 ? 3 : 0; }

// The members came one by one; an older kernel takes the first ones alone.
std::size_t AttributeBytesOf(int abi) {
  if (abi >= 6) return sizeof(RulesetAttributes);
  return abi >= 4 ? offsetof(RulesetAttributes, scoped)
                  : offsetof(RulesetAttributes, handled_access_net);
}

// A rule for a file may not speak of what only folders have.
void AllowReading(int ruleset, const std::string& path) {
  const int descriptor = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status {};
  const bool is_folder = fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
  const PathBeneath rule{is_folder ? kReadFile | kReadDir : kReadFile, descriptor};
  (void)syscall(kAddRule, ruleset, kRulePathBeneath, &rule, 0);
  close(descriptor);
}

}  // namespace

int RestrictFilesAndPorts(const std::vector<std::string>& readable, std::uint16_t port) {
  const long abi = syscall(kCreateRuleset, nullptr, 0, kVersionFlag);
  if (abi < 1) return 0;
  const auto used_abi = static_cast<int>(abi);
  const RulesetAttributes attributes{FileAccessOf(used_abi), NetAccessOf(used_abi),
                                     ScopeOf(used_abi)};
  const std::size_t bytes = AttributeBytesOf(used_abi);
  const auto ruleset = static_cast<int>(syscall(kCreateRuleset, &attributes, bytes, 0));
  if (ruleset < 0) return 0;
  for (const std::string& path : readable) AllowReading(ruleset, path);
  if (used_abi >= 4) {
    const NetPort rule{kConnectTcp, port};
    (void)syscall(kAddRule, ruleset, kRuleNetPort, &rule, 0);
  }
  const bool restricted = syscall(kRestrictSelf, ruleset, 0) == 0;
  close(ruleset);
  return restricted ? used_abi : 0;
}

}  // namespace eic
