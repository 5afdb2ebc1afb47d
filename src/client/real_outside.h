// The outside as it is.
#pragma once

#include "client/outside.h"
#include "client/proxy/terminal_prompter.h"

namespace eic::client {

class RealOutside : public Outside {
 public:
  aws::Outcome<std::unique_ptr<aws::Api>> OpenApi(const aws::Settings& settings) override;
  aws::Outcome<KeptKey> MakeKey(const Folder& folder, const KeyRequest& request) override;
  aws::Outcome<Nothing> MarkPushed(const Folder& folder, pid_t ssh_pid) override;
  void DropKey(const Folder& folder, pid_t ssh_pid) override;
  void RecordFailure(const Folder& folder, const std::string& target,
                     const aws::Failure& failure) override;
  std::vector<aws::Outcome<Ran>> RunAll(
      const std::vector<std::vector<std::string>>& programs) override;
  aws::Failure Become(const std::vector<std::string>& arguments) override;
  void EndAfter(int seconds) override;
  aws::Outcome<Folder> OpenFolder() override;
  std::string Environment(const std::string& name) const override;
  aws::Outcome<std::string> HomeOfPasswd() const override;
  aws::Outcome<std::string> OwnProgram() const override;
  std::string StandardInput() override;
  pid_t Pid() const override;
  pid_t ParentPid() const override;
  std::ostream& Output() override;
  std::ostream& Errors() override;
  bool IsErrorsTerminal() const override;
  std::size_t OutputColumns() const override;

 private:
  TerminalPrompter prompter_;
};

}  // namespace eic::client
