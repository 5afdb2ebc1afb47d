#include "client/commands/help.h"

#include <ostream>
#include <string>

#include "client/commands/report.h"

namespace eic::client {
namespace {

constexpr const char* kTarget =
    "TARGET is an instance id (i-0123456789abcdef0, also with .REGION or .REGION.PROFILE after "
    "it),\n"
    "an IP address, a DNS name, or a Name tag. A new key is pushed for each login.\n";

constexpr const char* kOptions =
    "\nOptions of eic:\n"
    "      --address KIND       auto, public, private, ipv6\n"
    "      --ca-bundle FILE     CA certificates to trust for HTTPS\n"
    "  -d, --debug              print each step\n"
    "      --endpoint-url URL   send requests to this URL instead of AWS\n"
    "  -h, --help               print this text\n"
    "  -t, --instance-id ID     push to this instance; TARGET is then a host that ssh reaches\n"
    "      --key-type TYPE      ed25519, rsa\n"
    "      --print-command      print the command instead of running it; push nothing\n"
    "  -u, --profile PROFILE    the profile of ~/.aws/config whose credentials to use\n"
    "  -r, --region REGION      the region of the instance\n"
    "      --version            print the version\n"
    "  -z, --zone ZONE          the availability zone of the instance\n";

const char* UsageOf(HelpTopic topic) {
  switch (topic) {
    case HelpTopic::kSsh:
      return "usage: mssh [OPTION...] [SSH OPTION...] [USER@]TARGET [COMMAND...]\n"
             "       eic ssh ...       (the same)\n\n";
    case HelpTopic::kScp:
      return "usage: eic scp [OPTION...] [SCP OPTION...] SOURCE... DESTINATION\n\n"
             "A remote file is [USER@]TARGET:PATH.\n\n";
    case HelpTopic::kSftp:
      break;
  }
  return "usage: msftp [OPTION...] [SFTP OPTION...] [USER@]TARGET[:PATH [LOCAL]]\n"
         "       eic sftp ...      (the same)\n\n"
         "-r means --region if a region follows it; otherwise it is sftp's recursive copy.\n";
}

// scp's own letters mean other things: only the long forms are eic's there.
std::string OptionsOf(HelpTopic topic) {
  std::string text = kOptions;
  if (topic != HelpTopic::kScp) return text;
  constexpr std::size_t kLetterBytes = sizeof("-r, ") - 1;
  for (std::size_t at = text.find("\n  -"); at != std::string::npos;
       at = text.find("\n  -", at + 1)) {
    text.replace(at + 3, kLetterBytes, kLetterBytes, ' ');
  }
  return text;
}

int Finish(Outside& outside) { return outside.Output() ? 0 : kStatusFailed; }

}  // namespace

int PrintHelp(Outside& outside, HelpTopic topic) {
  outside.Output() << UsageOf(topic) << kTarget << OptionsOf(topic) << std::flush;
  return Finish(outside);
}

int PrintVersion(Outside& outside) {
  outside.Output() << "eic " << EIC_VERSION << '\n' << std::flush;
  return Finish(outside);
}

}  // namespace eic::client
