// ssh's command line, with our own options between its words.
//
//   line        := options destination options ['--'] command
//                | options '--' destination command
//   options     := (cluster | own)*
//   cluster     := '-' letter* [letter value]       as getopt(3): `-p22`, `-p 22`, `-tt`, `-vNL x`
//   own         := '--' name ['=' value | value]    own_options.h; also -r REGION, -z ZONE, -u
//   PROFILE
//                  (ssh has none of these letters), -d (--debug), -h (--help), -t ID HOST
//   destination := [user '@'] host | 'ssh://' [user '@'] host [':' port]
//   command     := word*                            ours no more: it goes to ssh word by word
//
// What ssh itself does decides wherever the old mssh did something else:
//  - The command begins with the first word behind the destination that is no option.
//  - Of several users the first counts: `-l bob ubuntu@ID` is bob.
//  - -t forces a terminal. It means `-t ID HOST` only where a word that has the shape of an
//  instance
//    id follows, and behind that one a HOST: an address, a name with a dot in it, or user@NAME. So
//    `-t ID`, `-t ID top` and `-t ID ./x.sh` run in a terminal on ID. A HOST without a dot needs
//    --instance-id ID, which means the same without doubt. `-tID` in one word does, too: getopt
//    would have it as -t -i -...
//  - Of letters that no ssh knows to take a value, none is thought to take one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/own_options.h"
#include "client/ssh/ssh_version.h"

namespace eic::client {

// `[user@]host`, or of a URI with a port as well.
struct Destination {
  std::string user;
  std::string host;
  std::string port;
  bool is_uri = false;
};

// Fails with `Usage` where there is no host in it.
aws::Outcome<Destination> ParseDestination(const std::string& text, std::string_view scheme);

struct SshLine {
  enum class Mode {
    kConnect,
    kShowSettings,  // -G
    kControl,       // -O, to a master
    kTell,          // -V, -Q: without a host
  };

  OwnOptions own;
  Mode mode = Mode::kConnect;
  // ssh's words without ours and without -F, in their order.
  std::vector<std::string> before;  // the destination
  std::vector<std::string> after;   // it: options, `--`
  std::vector<std::string> command;
  std::string destination_word;  // as typed; empty: there is none
  Destination destination;

  std::string config_file;     // of -F; empty: not given
  std::string user;            // of -l, -o User or the destination: the first; empty: none named
  std::string identity_agent;  // of -o IdentityAgent
  bool wants_only_identities = false;  // -o IdentitiesOnly=yes
  std::string proxy_command;           // of -o ProxyCommand; `none`: ssh connects by itself
  bool has_jump = false;               // -J, -o ProxyJump, other than `none`
  bool is_verbose = false;             // -v, or --debug
  bool depends_on_version = false;     // it has a letter that has not always been what it is
};

// `words` without the program's name. Fails with `Usage`.
aws::Outcome<SshLine> ParseSshLine(const std::vector<std::string>& words,
                                   const SshVersion& version);

// Letters that take a value, for `version`.
std::string SshLettersWithValue(const SshVersion& version);

}  // namespace eic::client
