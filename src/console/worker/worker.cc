#include "console/worker/worker.h"

#include <malloc.h>
#include <unistd.h>

#include <optional>
#include <variant>

#include "console/limits.h"
#include "console/link/channel.h"
#include "console/worker/confine.h"
#include "console/worker/file_relay.h"
#include "console/worker/relay.h"
#include "console/worker/ssh_session.h"

namespace eic::console {
namespace {

constexpr std::chrono::seconds kSendTimeMax{60};

bool Tell(int link, const ToFront& message) {
  return SendWithin(link, Print(message), kSendTimeMax);
}

// The next packet of the front, which must be a T.
template <typename T>
std::optional<T> Expect(int link, std::chrono::milliseconds time_max) {
  const Received received = AwaitPacket(link, time_max);
  if (received.state != Received::State::kPacket) return std::nullopt;
  const auto message = ParseToWorker(received.packet);
  if (!message || !std::holds_alternative<T>(*message)) return std::nullopt;
  return std::get<T>(*message);
}

// How the session ended; nothing if the front has gone.
std::optional<Exit> Serve(int link, int instance) {
  const SshKeyPtr key = MakeKey();
  if (!key) return Exit{Exit::How::kFailed, 0, "libssh could not generate a key"};
  if (!Tell(link, PublicKey{PublicLine(key)})) return std::nullopt;
  const auto begin = Expect<Begin>(link, kLoginTimeMax);
  if (!begin) return std::nullopt;
  SshSession ssh;
  if (auto failed = ssh.Handshake(instance, *begin)) return failed;
  if (!Tell(link, HostKeyShown{ssh.HostKeyBlob()})) return std::nullopt;
  // Waits long, because a person may have to answer first.
  if (!Expect<LogIn>(link, kAnswerTimeMax + kLoginTimeMax)) return std::nullopt;
  if (auto failed = ssh.LogIn(*begin, key)) return failed;
  if (begin->wants_files) {
    if (auto failed = ssh.StartSftp()) return failed;
    return FileRelay(link, ssh).Run();
  }
  if (auto failed = ssh.StartShell(*begin)) return failed;
  if (!Tell(link, Shell{}) || !Tell(link, MoreInput{kInputWindowBytes})) return std::nullopt;
#ifdef __GLIBC__
  // Gives memory that only the login needed back to the system.
  (void)malloc_trim(0);
#endif
  return Relay(link, ssh).Run();
}

}  // namespace

void ServeSession(int link, int instance) {
  if (const std::optional<Exit> exit = Serve(link, instance)) (void)Tell(link, *exit);
}

void RunWorker(Descriptor link, Descriptor instance) {
  const int kept_link = link.Release();
  const int kept_instance = instance.Release();
  if (!Confine({kept_link, kept_instance}).IsWhole()) {
    (void)Tell(kept_link, Exit{Exit::How::kFailed, 0,
                               "this system does not support the confinement that the SSH process "
                               "needs (seccomp, resource limits)"});
    _exit(1);
  }
  ServeSession(kept_link, kept_instance);
  // Skips the destructors of libraries, whose calls may be denied now.
  _exit(0);
}

}  // namespace eic::console
