// Where everything is, and what `enable` wants sshd to have. Paths are those of the tree that is
// administered; Real() tells where they are for this process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "admin/sshd/sshd_words.h"

namespace eic::admin {

inline constexpr std::string_view kMainConfig = "/etc/ssh/sshd_config";
inline constexpr std::string_view kConfigFolder = "/etc/ssh";
inline constexpr std::string_view kDropIn = "/etc/ssh/sshd_config.d/60-ec2-instance-connect.conf";
// Where a package's file, which is not written, comes before kDropIn.
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
  // The sshd that checks, as this process sees it.
  std::string sshd = "/usr/sbin/sshd";
  std::string ssh_keygen = "/usr/bin/ssh-keygen";
  std::string ssh = "/usr/bin/ssh";
  // Of that sshd, which says how it reads its files; the newest where it was not asked.
  SshdRelease release = {};
  // Whether this tree's sshd and systemd are the running ones, and may be asked and told.
  bool is_live = true;

  // The path for this process. Symbolic links are followed as they are meant inside the tree: an
  // absolute one starts at its root, and none leads out of it.
  std::string Real(std::string_view path) const;

  // The same of the name itself: where it is a symbolic link, of the link.
  std::string RealName(std::string_view path) const;

  // The files that match a pattern of glob(3), in its order, as paths of the tree. All that is on
  // the way is looked up as Real() does.
  std::vector<std::string> Glob(const std::string& pattern) const;

  // Whether that is below /etc, where the administrator's files are, and not a package's.
  bool IsInEtc(std::string_view path) const;

  // Where a path of the tree leads, as a path of the tree: what is not there leads to itself, and
  // more links than the kernel follows lead to what cannot be.
  std::string Resolved(std::string_view path) const;
};

}  // namespace eic::admin
