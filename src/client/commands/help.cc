#include "client/commands/help.h"

#include <ostream>

#include "client/commands/report.h"

namespace eic::client {
namespace {

constexpr const char* kTarget =
    "TARGET is an instance id (i-0123456789abcdef0, .REGION and .REGION.PROFILE behind it), an IP\n"
    "address or DNS name of an instance, or its Name tag. A fresh key is pushed for this login "
    "alone.\n";

constexpr const char* kOptions =
    "\nOptions of eic:\n"
    "  -r, --region REGION      where the instance is\n"
    "  -u, --profile PROFILE    of ~/.aws/config, whose credentials ask AWS\n"
    "  -z, --zone ZONE          the instance's availability zone, if you know it\n"
    "  -t, --instance-id ID     the instance behind TARGET, which is then a host that ssh reaches\n"
    "      --address KIND       auto, public, private, ipv6\n"
    "      --key-type TYPE      ed25519, rsa\n"
    "      --endpoint-url URL   ask this in place of AWS\n"
    "      --ca-bundle FILE     CA certificates that HTTPS trusts\n"
    "      --print-command      print the command that would be run; nothing is pushed\n"
    "  -d, --debug              say what is done\n"
    "  -h, --help               this text\n"
    "      --version            the version\n";

const char* UsageOf(HelpTopic topic) {
  switch (topic) {
    case HelpTopic::kSsh:
      return "usage: mssh [OPTION...] [SSH OPTION...] [USER@]TARGET [COMMAND...]\n"
             "       eic ssh ...       (the same)\n\n";
    case HelpTopic::kScp:
      return "usage: eic scp [OPTION...] [SCP OPTION...] SOURCE... DESTINATION\n\n"
             "A remote file is [USER@]TARGET:PATH. Options of eic are given in their long form.\n";
    case HelpTopic::kSftp:
      break;
  }
  return "usage: msftp [OPTION...] [SFTP OPTION...] [USER@]TARGET[:PATH [LOCAL]]\n"
         "       eic sftp ...      (the same)\n\n"
         "-r means --region where a region follows it, else sftp's recursive copy.\n";
}

int Finish(Outside& outside) { return outside.Output() ? 0 : kStatusFailed; }

}  // namespace

int PrintHelp(Outside& outside, HelpTopic topic) {
  outside.Output() << UsageOf(topic) << kTarget << kOptions << std::flush;
  return Finish(outside);
}

int PrintVersion(Outside& outside) {
  outside.Output() << "eic " << EIC_VERSION << '\n' << std::flush;
  return Finish(outside);
}

}  // namespace eic::client
