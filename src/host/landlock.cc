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
constexpr std::uint64_t kExecute = 1ULL << 0;
constexpr std::uint64_t kWriteFile = 1ULL << 1;
constexpr std::uint64_t kReadFile = 1ULL << 2;
constexpr std::uint64_t kReadDir = 1ULL << 3;
constexpr std::uint64_t kTruncate = 1ULL << 14;
constexpr std::uint64_t kIoctlDev = 1ULL << 15;
constexpr std::uint64_t kBindTcp = 1ULL << 0;
constexpr std::uint64_t kConnectTcp = 1ULL << 1;
constexpr std::uint64_t kScopeSignal = 1ULL << 1;

// Everything that the ABI knows, so that what has no rule is denied.
std::uint64_t FileAccessOf(int abi) {
  std::uint64_t access = (1ULL << 13) - 1;  // execute ... make_sym
  if (abi >= 2) access |= 1ULL << 13;       // refer
  if (abi >= 3) access |= kTruncate;
  if (abi >= 5) access |= kIoctlDev;
  return access;
}

std::uint64_t NetAccessOf(int abi) { return abi >= 4 ? kBindTcp | kConnectTcp : 0; }

// Abstract unix sockets and signals of processes outside are out of reach.
std::uint64_t ScopeOf(int abi) { return abi >= 6 ? 3 : 0; }

// Later kernels added members; an older kernel accepts only the first ones.
std::size_t AttributeBytesOf(int abi) {
  if (abi >= 6) return sizeof(RulesetAttributes);
  return abi >= 4 ? offsetof(RulesetAttributes, scoped)
                  : offsetof(RulesetAttributes, handled_access_net);
}

// A rule for a file must not name rights that only folders have.
void Allow(int ruleset, const std::string& path, std::uint64_t of_file, std::uint64_t of_folder) {
  const int descriptor = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status {};
  const bool is_folder = fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
  const PathBeneath rule{is_folder ? of_folder : of_file, descriptor};
  (void)syscall(kAddRule, ruleset, kRulePathBeneath, &rule, 0);
  close(descriptor);
}

// The kernel's ABI; 0 if it has no Landlock.
int KernelAbi() {
  const long abi = syscall(kCreateRuleset, nullptr, 0, kVersionFlag);
  return abi < 1 ? 0 : static_cast<int>(abi);
}

// -1 if the kernel refuses.
int CreateRuleset(int abi, const RulesetAttributes& attributes) {
  return static_cast<int>(syscall(kCreateRuleset, &attributes, AttributeBytesOf(abi), 0));
}

// Puts the rules in force and closes the set; true on success.
bool Restrict(int ruleset) {
  const bool restricted = syscall(kRestrictSelf, ruleset, 0) == 0;
  close(ruleset);
  return restricted;
}

}  // namespace

int RestrictFilesAndPorts(const std::vector<std::string>& readable,
                          std::optional<std::uint16_t> port) {
  const int abi = KernelAbi();
  if (abi == 0) return 0;
  const int ruleset = CreateRuleset(abi, {FileAccessOf(abi), NetAccessOf(abi), ScopeOf(abi)});
  if (ruleset < 0) return 0;
  for (const std::string& path : readable) {
    Allow(ruleset, path, kReadFile, kReadFile | kReadDir);
  }
  if (abi >= 4 && port) {
    const NetPort rule{kConnectTcp, *port};
    (void)syscall(kAddRule, ruleset, kRuleNetPort, &rule, 0);
  }
  return Restrict(ruleset) ? abi : 0;
}

int ForbidChanges() {
  const int abi = KernelAbi();
  if (abi == 0) return 0;
  const std::uint64_t changes = FileAccessOf(abi) & ~(kExecute | kReadFile | kReadDir | kIoctlDev);
  const int ruleset = CreateRuleset(abi, {changes, 0, abi >= 6 ? kScopeSignal : 0});
  if (ruleset < 0) return 0;
  Allow(ruleset, "/dev/null", changes & (kWriteFile | kTruncate), 0);
  return Restrict(ruleset) ? abi : 0;
}

}  // namespace eic
