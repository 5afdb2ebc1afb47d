// What doctor looks at, gathered once: facts without a judgement. The checks are functions of it
// alone, so that each can be tried on a world of its own.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "admin/doctor/package_origin.h"
#include "admin/failure.h"
#include "admin/process/as_user.h"
#include "admin/slot/displacement.h"
#include "admin/sshd/sshd.h"

namespace eic::admin {

// The command that sshd runs for keys, and why it is that one.
struct Slot {
  // sshd could not be surveyed: `no-sshd-config`, `config-broken`, or a file that cannot be read.
  std::optional<Failure> failure;
  bool lacks_user = false;    // a command without AuthorizedKeysCommandUser
  std::string why_unchecked;  // sshd could not be asked; empty: it was

  // Those of our agent, where sshd runs it itself or as a member of the chain; else sshd's.
  std::string command;
  std::string user;
  std::string in_force;  // what sshd runs, where that is the chain; else empty
  std::string in_force_user;
  std::string origin;  // of the command: file and line, or the command line
  Holder holder = Holder::kNobody;
  bool runs_agent = false;
  bool is_on_command_line = false;

  std::string our_lines;  // the file where `enable` left its lines; empty: there is none
  bool our_lines_are_read = false;
  bool is_marked_disabled = false;
  bool is_interrupted = false;
  std::vector<std::string> shell_agent_programs;  // that are there, and are not our agent
};

// A folder, or the program, on the real path of the command.
struct PathPart {
  std::string path;
  bool is_there = true;
  bool is_file = false;
  uid_t owner = 0;
  mode_t mode = 0755;
  gid_t group = 0;
};

struct Program {
  std::vector<PathPart> parts;  // `/` first, the program last; empty: the command is not ours
  std::string usage_error;      // what the agent says of its arguments; empty: fine
};

// A reason of the agent (core/reason.h) as its slug, and the detail; fine where empty.
struct Verdict {
  std::string reason;
  std::string detail;

  bool IsFine() const { return reason.empty(); }
  std::string Text() const { return detail.empty() ? reason : reason + ": " + detail; }
};

// Whether metadata was not reached at all, which a firewall could be the cause of.
bool MeansNoWay(const Verdict& verdict);

// The user whose login is looked at, by --user.
struct Login {
  std::string asked;
  Verdict name_error;    // no key can be pushed for such a name
  Verdict lookup_error;  // NSS knows no such user, or cannot tell
  std::string name;      // as NSS spells it
  std::vector<std::string> groups;
  std::string shell;
  bool shell_runs = true;   // it is there and may be executed
  bool is_locked = false;   // the password begins with `!`
  bool is_expired = false;  // the account, by shadow(5)
};

// What the command's user meets, asked in a process of that user.
struct AsUserFacts {
  std::string why_not;      // nothing was asked; empty: it was
  bool has_failed = false;  // because it could not be done, though there was somebody to ask as

  bool program_runs = true;
  std::string program_says;  // where it does not run
  bool has_log = true;       // /dev/log takes a connection

  bool is_instance = true;
  bool tag_is_hidden = false;  // DMI has a tag, and this user may not read it
  std::string instance_id;     // of DMI; empty on Xen

  Verdict metadata;                         // a token, and the instance's id
  std::optional<Verdict> metadata_of_root;  // asked where the user did not reach it
  std::string served_instance_id;

  Verdict anchors;   // the CA store
  Verdict evidence;  // could be fetched; nothing of it is asked where metadata fails
  Verdict signer;    // steps 7 and 8, of that evidence

  bool has_key = true;  // one is live for the login's user
  Verdict key;          // step 5 or 9, of what was pushed for the login's user
};

struct Platform {
  bool selinux_enforces = false;
  std::string selinux_denial;  // the last line of the audit log about the agent
  std::string sshd_version;    // `OpenSSH_9.2p1`
  PackageOrigin origin;
};

// A member of the chain, run once as a login would run it.
struct MemberRun {
  std::string name;
  long took_ms = 0;
  std::string verdict;  // `ok`, or a word of eic-chain(8)
};

// The chain, where sshd runs it.
struct Chain {
  std::string failure;               // of the folder; empty: it could be read
  std::vector<std::string> refused;  // `FILE: WHY`
  std::string why_unlooked;          // it was not to be run here; empty: it was
  std::string why_not_run;           // it could not be run; empty: it could
  std::vector<MemberRun> runs;
  long longest_s = 0;  // what one run may take: a member's time limit, or the run's

  // `10-ec2-instance-connect 12 ms, 50-former 3 ms (exit-status)`.
  std::string Times() const;
};

struct World {
  Slot slot;
  std::optional<Chain> chain;
  Program program;
  std::optional<Account> command_user;  // of slot.user
  Settings settings;                    // for the login's user, or for nobody in particular
  std::optional<Login> login;
  AsUserFacts as_user;
  Platform platform;
};

}  // namespace eic::admin
