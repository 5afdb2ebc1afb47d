#include "client/proxy/user_agent.h"

#include <cstdlib>
#include <optional>

#include "client/system/linux_process.h"
#include "client/system/linux_socket.h"

namespace eic::client {
namespace {

bool IsKeeper(const std::string& path, const Folder& folder) {
  if (path == folder.AgentSocket()) return true;
  const std::optional<FileId> file = FileIdOf(path);
  return file && file == FileIdOf(folder.AgentSocket());
}

}  // namespace

std::string UserAgentSocket(const Folder& folder, pid_t ssh_pid) {
  const char* variable = std::getenv("SSH_AUTH_SOCK");
  std::string path = variable == nullptr ? "" : variable;
  if (!path.empty() && IsKeeper(path, folder)) {
    path = InitialVariableOf(ssh_pid, "SSH_AUTH_SOCK").value_or("");
  }
  return path.empty() || IsKeeper(path, folder) ? std::string() : path;
}

}  // namespace eic::client
