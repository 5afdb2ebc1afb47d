#include "client/proxy/tell.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/system/descriptor.h"
#include "client/last_failure.h"

namespace eic::client {
namespace {

// Closed, or the null device: ssh opens that in its place.
bool LeadsNowhere(int descriptor) {
  struct stat here {};
  struct stat null {};
  if (fstat(descriptor, &here) != 0) return true;
  return stat("/dev/null", &null) == 0 && S_ISCHR(here.st_mode) && here.st_rdev == null.st_rdev;
}

}  // namespace

void TellFailure(const Folder& folder, const std::string& target, const aws::Failure& failure) {
  RecordLastFailure(folder, target, failure);
  const std::string text = FailureText(failure);
  if (!LeadsNowhere(STDERR_FILENO)) {
    (void)!write(STDERR_FILENO, text.data(), text.size());
    return;
  }
  // Not waited for where this is a job in the background.
  const Descriptor terminal(open("/dev/tty", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (terminal) (void)!write(terminal.get(), text.data(), text.size());
}

}  // namespace eic::client
