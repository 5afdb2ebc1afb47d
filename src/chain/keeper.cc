#include "chain/keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>

#include "chain/limits.h"
#include "chain/member_end.h"
#include "host/clock.h"

namespace eic::chain {
namespace {

using std::chrono::milliseconds;

// A member, or the collector, as a process. A member that has ended is not reaped before its group
// is killed: so its number, which is also its group's, cannot be reused until then.
struct Child {
  pid_t pid = -1;
  Deadline deadline = Deadline::After(milliseconds(0));
  bool is_running = false;
};

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe OpenPipe() {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  return {ends[0], ends[1]};
}

void Close(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

class Keeper {
 public:
  Keeper(const std::vector<Runnable>& members, milliseconds run_limit)
      : members_(members), run_limit_(run_limit), children_(members.size()), ends_(OpenPipe()) {
    BlockSignals();
  }

  int Run(const std::function<int(const std::vector<Source>&, int)>& collector) {
    for (std::size_t i = 0; i < members_.size(); ++i) Start(i);
    StartCollector(collector);
    for (const Source& source : sources_) Close(source.descriptor);
    Close(ends_.read_end);
    for (const MemberEnd& end : not_started_) Tell(end);
    while (collector_.is_running) Step();
    for (Child& child : children_) End(&child);
    for (const Child& child : children_) Reap(child);
    Reap(collector_);
    return status_;
  }

 private:
  // The awaited signals are read from a descriptor. A signal that ends this process, such as sshd's
  // when LoginGraceTime is over, ends the members too.
  void BlockSignals() {
    (void)std::signal(SIGPIPE, SIG_IGN);
    sigset_t awaited;
    sigemptyset(&awaited);
    for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&awaited, number);
    sigprocmask(SIG_BLOCK, &awaited, nullptr);
    // If it were ignored, a child would leave no status to its parent.
    (void)std::signal(SIGCHLD, SIG_DFL);
    signals_ = signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
  }

  void Start(std::size_t index) {
    const Runnable& member = members_[index];
    const milliseconds limit = std::min(member.time_limit, run_limit_);
    const Pipe output = OpenPipe();
    Child& child = children_[index];
    child.deadline = Deadline::After(limit);
    child.pid = output.write_end < 0 ? -1 : fork();
    const int why = errno;
    if (child.pid == 0) Become(member, output.write_end, own_pid_);
    Close(output.write_end);
    child.is_running = child.pid > 0;
    // Here too, whichever of the two comes first: it may have to be killed before it has run at
    // all.
    if (child.is_running) (void)setpgid(child.pid, child.pid);
    if (!child.is_running) {
      not_started_.push_back({static_cast<std::int32_t>(index), MemberEnd::kNotStarted, why});
    }
    sources_.push_back({member.name, output.read_end, child.deadline});
  }

  void StartCollector(const std::function<int(const std::vector<Source>&, int)>& collector) {
    collector_.deadline = Deadline::After(run_limit_ + kCollectorGrace);
    collector_.pid = fork();
    if (collector_.pid == 0) {
      Close(ends_.write_end);
      Close(signals_);
      _exit(collector(sources_, ends_.read_end));
    }
    collector_.is_running = collector_.pid > 0;
  }

  int WaitMs() const {
    milliseconds wait = collector_.deadline.TimeLeft();
    for (const Child& child : children_) {
      if (child.is_running) wait = std::min(wait, child.deadline.TimeLeft());
    }
    return static_cast<int>(wait.count()) + 1;
  }

  void Step() {
    pollfd polled{signals_, POLLIN, 0};
    if (poll(&polled, 1, WaitMs()) > 0) TakeSignals();
    LookWhoEnded();
    for (std::size_t i = 0; i < children_.size(); ++i) {
      if (!children_[i].is_running || !children_[i].deadline.HasPassed()) continue;
      End(&children_[i]);
      Tell({static_cast<std::int32_t>(i), MemberEnd::kTimedOut, 0});
    }
    if (collector_.is_running && collector_.deadline.HasPassed()) Lose();
  }

  void TakeSignals() {
    signalfd_siginfo info{};
    while (read(signals_, &info, sizeof(info)) == sizeof(info)) {
      if (info.ssi_signo != SIGCHLD) Lose();
    }
  }

  // None of it may count, because it may be incomplete.
  void Lose() {
    if (!collector_.is_running) return;
    kill(collector_.pid, SIGKILL);
    collector_.is_running = false;
  }

  void LookWhoEnded() {
    for (std::size_t i = 0; i < children_.size(); ++i) {
      siginfo_t info{};
      if (!children_[i].is_running || !HasEnded(children_[i], &info)) continue;
      children_[i].is_running = false;
      const bool exited = info.si_code == CLD_EXITED;
      Tell({static_cast<std::int32_t>(i), exited ? MemberEnd::kExited : MemberEnd::kSignalled,
            info.si_status});
    }
    siginfo_t info{};
    if (!collector_.is_running || !HasEnded(collector_, &info)) return;
    collector_.is_running = false;
    if (info.si_code == CLD_EXITED) status_ = info.si_status;
  }

  static bool HasEnded(const Child& child, siginfo_t* info) {
    const auto id = static_cast<id_t>(child.pid);
    return waitid(P_PID, id, info, WEXITED | WNOHANG | WNOWAIT) == 0 && info->si_pid != 0;
  }

  void Tell(const MemberEnd& end) { (void)!write(ends_.write_end, &end, sizeof(end)); }

  // With everything that it has started in its group, even if it has itself ended before.
  static void End(Child* child) {
    if (child->pid <= 0) return;
    kill(-child->pid, SIGKILL);
    kill(child->pid, SIGKILL);
    child->is_running = false;
  }

  // In a container, PID 1 may reap nothing, and each run would leave zombies. Does not wait: a
  // process that was killed just now may take time, and sshd waits for the answer.
  static void Reap(const Child& child) {
    if (child.pid > 0) (void)waitpid(child.pid, nullptr, WNOHANG);
  }

  const std::vector<Runnable>& members_;
  milliseconds run_limit_;
  const pid_t own_pid_ = getpid();
  std::vector<Child> children_;
  Child collector_;
  Pipe ends_;
  int signals_ = -1;
  std::vector<Source> sources_;
  std::vector<MemberEnd> not_started_;
  int status_ = kCollectorLost;
};

}  // namespace

int Keep(const std::vector<Runnable>& members, milliseconds run_limit,
         const std::function<int(const std::vector<Source>& sources, int ends)>& collector) {
  return Keeper(members, run_limit).Run(collector);
}

}  // namespace eic::chain
