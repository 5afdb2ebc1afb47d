// What eic's own options say, wherever they stand: on the command line of ssh, scp and sftp, or of
// eic's other commands.
//
// The old mssh took --region, --zone, --profile, --instance_id, --debug and --help, each also cut
// short as long as it meant one of them; so does this. Its names are tried before those that it did
// not have: `--p` is --profile, not --print-command.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/api.h"
#include "client/keeper/keeper_client.h"
#include "client/target/resolve.h"

namespace eic::client {

struct OwnOptions {
  std::string region;
  std::string profile;
  std::string zone;
  std::string instance_id;  // of -t ID HOST: whom the key is for, while HOST is where ssh connects
  std::string endpoint_url;
  std::string ca_bundle;
  std::optional<AddressKind> address;
  std::optional<KeyType> key_type;
  bool is_verbose = false;
  bool prints_command = false;
  bool wants_help = false;
  bool wants_version = false;
};

// Takes `words[*at]`, which begins with `--` and is more than that, and its value if it has one;
// `*at` is then behind them. Fails with `Usage` where the option is unknown, means several, or
// lacks its value.
aws::Outcome<Nothing> TakeLongOption(const std::vector<std::string>& words, std::size_t* at,
                                     OwnOptions* own);

// Sets the option of a letter of the old programs: r, z, u, t (`--instance_id`).
aws::Outcome<Nothing> TakeLetter(char letter, const std::string& value, OwnOptions* own);

aws::Settings ApiSettings(const OwnOptions& own);

aws::Failure Usage(const std::string& message);

}  // namespace eic::client
