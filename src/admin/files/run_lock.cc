#include "admin/files/run_lock.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "host/clock.h"

namespace eic::admin {
namespace {

constexpr int kPollMs = 50;

}  // namespace

RunLock::~RunLock() {
  if (file_ >= 0) close(file_);
}

Outcome<RunLock> RunLock::Take(const Layout& layout, FileSystem& files,
                               std::chrono::milliseconds wait_max) {
  const std::string folder = layout.Real(kStateFolder);
  const Outcome<Nothing> made = MakeFolders(files, folder);
  if (!made) return made.error();
  const std::string path = folder + "/lock";
  RunLock lock(files.Open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.file_ < 0) return FileFailure("cannot open", path);
  const Deadline deadline = Deadline::After(wait_max);
  while (flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return FileFailure("cannot lock", path);
    if (deadline.HasPassed()) {
      return Failure{ExitStatus::kFailed, "busy",
                     "another run of ec2-instance-connect has not finished; nothing was changed"};
    }
    poll(nullptr, 0, kPollMs);
  }
  return lock;
}

}  // namespace eic::admin
