// A member prepared for one login: the user it becomes, the program and the environment.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "chain/member_file.h"
#include "chain/tokens.h"
#include "chain/wrong.h"

namespace eic::chain {

struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
};

struct Runnable {
  std::string name;
  std::vector<std::string> arguments;    // the program first
  std::vector<std::string> environment;  // NAME=VALUE
  Account account;
  bool becomes_another = false;  // user than this process has
  std::chrono::milliseconds time_limit{0};
  bool is_confined = false;
};

// What sshd gave this process and would have given the member: PATH, and LANG if there is one.
struct Inherited {
  std::string path;
  std::string lang;
  pid_t sshd = 0;  // the process that started this one; told to our agent alone
};
Inherited InheritedFrom(char** environment);

// Looks up the member's user with NSS and replaces its tokens. Fails if there is no such user, if
// only root could become that user and this process is not root's, and for a token that `values`
// does not have. One thread.
Outcome<Runnable> MakeRunnable(const Member& member, const TokenValues& values,
                               const Inherited& inherited);

// For the child that was forked for it: takes the rights of its user, sets its descriptors, and
// executes the program. `output` becomes its standard output; the kernel kills it with `keeper`,
// the process that forked it. Does not return; the exit status is kCannotBecome or kCannotExecute
// if that fails.
[[noreturn]] void Become(const Runnable& runnable, int output, pid_t keeper);

inline constexpr int kCannotBecome = 126;
inline constexpr int kCannotExecute = 127;

}  // namespace eic::chain
