// What the commands need of the world, in one place, so that tests stand in for it.
#pragma once

#include <sys/types.h>

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "aws/api.h"
#include "client/folder.h"
#include "client/keeper/keeper_client.h"
#include "client/ssh/run_ssh.h"

namespace eic::client {

class Outside {
 public:
  virtual ~Outside() = default;

  virtual aws::Outcome<std::unique_ptr<aws::Api>> OpenApi(const aws::Settings& settings) = 0;

  // The keeper; client/keeper/keeper_client.h.
  virtual aws::Outcome<KeptKey> MakeKey(const Folder& folder, const KeyRequest& request) = 0;
  virtual aws::Outcome<Nothing> MarkPushed(const Folder& folder, pid_t ssh_pid) = 0;
  virtual void DropKey(const Folder& folder, pid_t ssh_pid) = 0;

  // For `eic why --last`; client/last_failure.h.
  virtual void RecordFailure(const Folder& folder, const std::string& target,
                             const aws::Failure& failure) = 0;

  // Other programs, beside each other, to their ends; an outcome for each.
  virtual std::vector<aws::Outcome<Ran>> RunAll(
      const std::vector<std::vector<std::string>>& programs) = 0;
  aws::Outcome<Ran> Run(const std::vector<std::string>& arguments) {
    return RunAll({arguments}).front();
  }

  // This process becomes `arguments[0]` of PATH, and does not come back; else why not.
  virtual aws::Failure Become(const std::vector<std::string>& arguments) = 0;

  // Ends this process with status 1 and a word of ConnectTimeout, unless it has become another
  // program by then.
  virtual void EndAfter(int seconds) = 0;

  virtual aws::Outcome<Folder> OpenFolder() = 0;
  virtual std::string Environment(const std::string& name) const = 0;  // empty: not set
  virtual aws::Outcome<std::string> HomeOfPasswd() const = 0;
  virtual aws::Outcome<std::string> OwnProgram() const = 0;  // the path of eic, behind all links
  virtual std::string StandardInput() = 0;  // all of it, kPublicKeyBytesMax and one
  virtual pid_t Pid() const = 0;
  virtual pid_t ParentPid() const = 0;

  virtual std::ostream& Output() = 0;
  virtual std::ostream& Errors() = 0;
  virtual bool IsErrorsTerminal() const = 0;
  virtual std::size_t OutputColumns() const = 0;  // 0: no terminal
};

}  // namespace eic::client
