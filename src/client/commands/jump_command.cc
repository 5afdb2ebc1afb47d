#include "client/commands/jump_command.h"

#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/commands/wrapper.h"

namespace eic::client {
namespace {

aws::Outcome<Nothing> Push(Outside& outside, const Folder& folder, const JumpOptions& options) {
  KeyRequest request;
  request.ssh_pid = outside.ParentPid();
  request.type = options.key_type;
  request.instance_id = options.instance_id;
  request.os_user = options.os_user;
  request.host_names = {options.instance_id};
  const aws::Outcome<KeptKey> key = outside.MakeKey(folder, request);
  if (!key) return key.error();
  const aws::Outcome<std::unique_ptr<aws::Api>> api = outside.OpenApi(options.settings);
  if (!api) return api.error();
  const aws::Outcome<std::string> pushed =
      (*api)->SendSshPublicKey({options.instance_id, options.os_user, key->public_key});
  if (!pushed) return pushed.error();
  return outside.MarkPushed(folder, request.ssh_pid);
}

}  // namespace

aws::Outcome<std::vector<std::string>> JumpCommandWords(const Outside& outside,
                                                        const OwnOptions& own,
                                                        const aws::Settings& place,
                                                        const JumpRoute& route) {
  aws::Outcome<std::vector<std::string>> words = ProxyCommandWords(outside, own, place, "");
  if (!words) return words.error();
  (*words)[1] = "jump";
  const std::vector<std::string> more = {"--to",     route.address, "--by",
                                         route.jump, "--config",    route.config_file};
  words->insert(words->begin() + 2, more.begin(), more.end());
  return words;
}

std::vector<std::string> JumpLine(const JumpOptions& options) {
  const std::string& jump = options.route.jump;
  const std::size_t comma = jump.rfind(',');
  std::vector<std::string> words = {"ssh", "-F", options.route.config_file};
  if (comma != std::string::npos) {
    words.emplace_back("-J");
    words.push_back(jump.substr(0, comma));
  }
  words.emplace_back("-W");
  words.push_back("[" + options.route.address + "]:" + options.port);
  // `[user@]host[:port]` and `ssh://` are ssh's; a port is one only in the latter.
  const std::string last = comma == std::string::npos ? jump : jump.substr(comma + 1);
  words.emplace_back("--");
  words.push_back(last.rfind("ssh://", 0) == 0 ? last : "ssh://" + last);
  return words;
}

int RunJumpCommand(Outside& outside, const JumpOptions& options) {
  const aws::Outcome<Folder> folder = outside.OpenFolder();
  if (!folder) return Report(outside.Errors(), folder.error());
  const aws::Outcome<Nothing> pushed = Push(outside, *folder, options);
  if (!pushed) {
    outside.DropKey(*folder, outside.ParentPid());
    return ReportLogin(outside, *folder, options.instance_id, pushed.error());
  }
  return Report(outside.Errors(), outside.Become(JumpLine(options)));
}

}  // namespace eic::client
