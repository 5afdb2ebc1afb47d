// The command lines of scp and sftp, with our own options between their words.
//
//   line    := options operand*
//   options := (cluster | own)*                  getopt(3), up to the first operand or `--`
//   own     := '--' name ['=' value | value]     own_options.h; also among the operands
//   remote  := [user '@'] host ':' [path]        scp; a `/` before the colon makes it a local file
//            | [user '@'] host [':' path]        sftp, its first operand
//            | ('scp://' | 'sftp://') [user '@'] host [':' port] ['/' path]
//   host    := name | '[' address ']'
//
// The old msftp had short options as mssh has them. sftp knows no -z, -u, -t, -d and -h, so they
// mean what they meant, before and behind the destination. Its -r means "recursively"; it is
// --region where a word follows that has the shape of a region (`us-west-2`), since no host is
// called so. scp had no old program: its letters are its own, and ours are spelled out.
//
// scp's hidden -f and -t (what it runs at the other end) and -D (a server on this machine) reach no
// host: such a line is passed on as it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/own_options.h"
#include "client/ssh/ssh_arguments.h"

namespace eic::client {

enum class CopyProgram { kScp, kSftp };

struct CopyLine {
  struct Operand {
    std::string word;  // as typed
    // Where it names a host: that, and the text around the host in `word`.
    std::optional<Destination> remote;
    std::string before_host;
    std::string behind_host;
  };

  CopyProgram program = CopyProgram::kScp;
  OwnOptions own;
  std::vector<std::string> options;  // without ours and without -F; with `--`
  std::vector<Operand> operands;

  std::string config_file;
  std::string user;  // of -o User: scp and sftp have it count before user@
  std::string identity_agent;
  bool wants_only_identities = false;
  std::string proxy_command;
  bool has_jump = false;  // -J or -o ProxyJump other than `none`: they are not among the options
  std::string jump;
  bool is_verbose = false;
  bool reaches_no_host = false;
};

// `words` without the program's name. Fails with `Usage`.
aws::Outcome<CopyLine> ParseCopyLine(CopyProgram program, const std::vector<std::string>& words);

// The operand as the program is given it when ssh is to know the host as `host`.
std::string OperandWithHost(const CopyLine::Operand& operand, const std::string& host);

}  // namespace eic::client
