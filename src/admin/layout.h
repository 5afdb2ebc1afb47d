// Where everything is, and what `enable` sets in sshd. Paths are those of the administered tree;
// Real() returns the path for this process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "admin/sshd/sshd_words.h"

namespace eic::admin {

inline constexpr std::string_view kMainConfig = "/etc/ssh/sshd_config";
inline constexpr std::string_view kConfigFolder = "/etc/ssh";
inline constexpr std::string_view kDropIn = "/etc/ssh/sshd_config.d/60-ec2-instance-connect.conf";
// Used if a package's file, which we do not write, comes before kDropIn.
inline constexpr std::string_view kFirstDropIn =
    "/etc/ssh/sshd_config.d/00-ec2-instance-connect.conf";
inline constexpr std::string_view kDisabledMarker = "/etc/ec2-instance-connect/disabled";
inline constexpr std::string_view kStateFolder = "/var/lib/ec2-instance-connect";
inline constexpr std::string_view kUnitFolder = "/etc/systemd/system";

inline constexpr std::string_view kAgentPath = EIC_LIBEXECDIR "/eic-authorized-keys";
inline constexpr std::string_view kWantedCommand =
    EIC_LIBEXECDIR "/eic-authorized-keys -- %u %f %t";
inline constexpr std::string_view kChainPath = EIC_LIBEXECDIR "/eic-chain";
inline constexpr std::string_view kChainFolder = "/etc/ec2-instance-connect/chain.d";
inline constexpr std::string_view kOwnMember =
    "/etc/ec2-instance-connect/chain.d/10-ec2-instance-connect.conf";
inline constexpr std::string_view kFormerMember =
    "/etc/ec2-instance-connect/chain.d/50-former.conf";
inline constexpr std::string_view kWantedUser = "ec2-instance-connect";

struct Layout {
  // Prefix of every path, without a slash at the end; empty for `/`.
  std::string root;
  // The path for this process of the sshd that checks.
  std::string sshd = "/usr/sbin/sshd";
  std::string ssh_keygen = "/usr/bin/ssh-keygen";
  std::string ssh = "/usr/bin/ssh";
  // The release of that sshd, which decides how files are read; the newest if it was not asked.
  SshdRelease release = {};
  // Whether this tree's sshd and systemd are the running ones, which can be queried and reloaded.
  bool is_live = true;

  // The path for this process. Follows symbolic links as inside the tree: an absolute one starts at
  // its root, and none leads out of it.
  std::string Real(std::string_view path) const;

  // The same for the name itself: if it is a symbolic link, the path of the link.
  std::string RealName(std::string_view path) const;

  // The files that match a pattern of glob(3), in its order, as paths of the tree. Looks up every
  // folder on the way as Real() does.
  std::vector<std::string> Glob(const std::string& pattern) const;

  // Whether that is below /etc, where files belong to the administrator and not to a package.
  bool IsInEtc(std::string_view path) const;

  // The path in the tree to which a path leads. A path that does not exist leads to itself. More
  // links than the kernel follows lead to a path that cannot exist.
  std::string Resolved(std::string_view path) const;
};

}  // namespace eic::admin
