// The proxy's doors to ssh, the keeper, AWS and the terminal, as they are outside of tests.
#include <unistd.h>

#include "client/proxy/proxy.h"
#include "client/proxy/terminal_prompter.h"

namespace eic::client {

ProxyDoors RealDoors(const Folder& folder) {
  ProxyDoors doors;
  doors.ssh_pid = getppid();
  doors.parse_target = ParseTarget;
  // The Api borrows it, and may outlive who waits for it (errand.h).
  const auto prompter = std::make_shared<TerminalPrompter>();
  doors.open_api = [prompter](const aws::Settings& settings) {
    return aws::OpenApi(settings, *prompter);
  };
  doors.find_instance = FindInstance;
  doors.addresses_of = AddressesOf;
  doors.recall = [file = folder.Remembered()](const std::string& instance_id) {
    return Recall(file, instance_id);
  };
  doors.remember = [file = folder.Remembered()](const std::string& instance_id,
                                                const Remembered& what) {
    Remember(file, instance_id, what);
  };
  return doors;
}

}  // namespace eic::client
