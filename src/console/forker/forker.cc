#include "console/forker/forker.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "client/system/linux_process.h"
#include "console/limits.h"
#include "console/link/channel.h"
#include "console/link/packet.h"
#include "console/worker/confine.h"
#include "console/worker/ssh_session.h"
#include "console/worker/worker.h"

namespace eic::console {
namespace {

constexpr std::string_view kForkPlease = "F";
constexpr std::chrono::hours kForEver{24};

// One request: a link's end and an instance's socket.
void ForkWorker(int channel, Received request) {
  if (request.packet != kForkPlease || request.descriptors.size() != 2) return;
  const pid_t pid = fork();
  if (pid < 0) {
    const Exit none{Exit::How::kNoProcess, 0, std::strerror(errno)};
    (void)SendPacket(request.descriptors[0].get(), Print(ToFront{none}));
  }
  if (pid != 0) return;
  (void)close(channel);
  client::ShowAs("eic-worker");
  RunWorker(std::move(request.descriptors[0]), std::move(request.descriptors[1]));
}

void TakePlace(int channel) {
  // The front handles a terminal's signals; this process ends when the front does.
  for (const int signal : {SIGINT, SIGQUIT, SIGHUP}) (void)std::signal(signal, SIG_IGN);
  (void)std::signal(SIGTERM, SIG_DFL);
  // The kernel reaps the workers.
  (void)std::signal(SIGCHLD, SIG_IGN);
  client::ShowAs("eic-forker");
  WipeEnvironment();
  client::CloseAllBut({channel});
  if (!client::BecomeOpaque()) _exit(1);
  PrepareSsh();
}

[[noreturn]] void BeForker(Descriptor channel) {
  TakePlace(channel.get());
  while (true) {
    Received request = AwaitPacket(channel.get(), kForEver, 2);
    if (request.state == Received::State::kGone) _exit(0);
    if (request.state == Received::State::kPacket) ForkWorker(channel.get(), std::move(request));
  }
}

aws::Failure ForkFailed(const std::string& what) {
  return {"ForkFailed", what + ": " + std::strerror(errno),
          "Restart eic-console. That ends its sessions."};
}

}  // namespace

aws::Outcome<Forker> Forker::Start() {
  auto [ours, theirs] = MakeChannel();
  if (!ours) return ForkFailed("could not create a channel to the process that starts workers");
  const pid_t pid = fork();
  if (pid < 0) return ForkFailed("could not start the process that starts workers");
  if (pid == 0) {
    ours.Close();
    BeForker(std::move(theirs));
  }
  return Forker(std::move(ours));
}

aws::Outcome<Descriptor> Forker::StartWorker(Descriptor instance) {
  auto [ours, theirs] = MakeChannel();
  if (!ours) return ForkFailed("could not create a link to a worker");
  const std::lock_guard<std::mutex> lock(mutex_);
  const Sent sent = SendPacket(channel_.get(), kForkPlease, {theirs.get(), instance.get()});
  if (sent != Sent::kDone) return ForkFailed("the process that starts workers did not respond");
  // cppcheck-suppress returnStdMoveLocal ; a structured binding is no object of its own
  return std::move(ours);
}

}  // namespace eic::console
