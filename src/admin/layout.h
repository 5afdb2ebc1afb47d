// Where everything is, and what `enable` wants sshd to have. Paths are those of the tree that is
// administered; Real() tells where they are for this process.
#pragma once

#include <string>
#include <string_view>

namespace eic::admin {

inline constexpr std::string_view kMainConfig = "/etc/ssh/sshd_config";
inline constexpr std::string_view kConfigFolder = "/etc/ssh";
inline constexpr std::string_view kDropIn = "/etc/ssh/sshd_config.d/60-ec2-instance-connect.conf";
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
  // Whether this tree's sshd and systemd are the running ones, and may be asked and told.
  bool is_live = true;

  // The path for this process. Symbolic links are followed as they are meant inside the tree: an
  // absolute one starts at its root, and none leads out of it.
  std::string Real(std::string_view path) const;
};

}  // namespace eic::admin
