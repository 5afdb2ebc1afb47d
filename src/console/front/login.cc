#include "console/front/login.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <exception>

#include "client/proxy/connect.h"
#include "client/signing/host_key.h"
#include "client/target/resolve.h"
#include "client/terminal_text.h"
#include "console/front/host_keys.h"
#include "console/front/not_connected.h"
#include "console/limits.h"
#include "console/link/channel.h"
#include "core/base64.h"
#include "core/limits.h"
#include "core/ssh_public_key.h"

namespace eic::console {
namespace {

using client::HostKeys;
using MaybeTrouble = std::optional<Trouble>;

constexpr const char* kMaybeInvalid =
    "Try again. If it happens again, the instance may be sending invalid data.";

std::string Shown(const std::string& text) { return client::TerminalLine(text, kValueBytesMax); }

std::string NameOf(const aws::Instance& instance) {
  const auto name = instance.tags.find("Name");
  return name == instance.tags.end() ? "" : name->second;
}

// Of the blob of a key that cannot be taken: it is RSA, and too short is all that is wrong with it.
bool IsTooSmall(const std::string& blob) {
  const auto parsed = ParseSshPublicKey("ssh-rsa " + EncodeBase64(blob));
  return !parsed && parsed.error().reason == Reason::kKeyTooSmall;
}

// The kernel notices an instance that has vanished, in about two minutes.
void KeepAlive(int socket) {
  const auto set = [socket](int level, int name, int value) {
    (void)setsockopt(socket, level, name, &value, sizeof(value));
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set(IPPROTO_TCP, TCP_KEEPCNT, 4);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 120000);  // with a key on its way, milliseconds
  set(IPPROTO_TCP, TCP_NODELAY, 1);
}

class Login {
 public:
  Login(const LoginRequest& request, const LoginDoors& doors, const LoginTalk& talk)
      : request_(request), doors_(doors), talk_(talk) {}

  LoginResult Run() {
    try {
      return RunSteps();
    } catch (const std::exception& exception) {
      // The page waits for an end, and the audit for what was done so far.
      return {facts_, Trouble{"internal-error", step_,
                              "eic-console failed during the login: " + Shown(exception.what()),
                              "Try again. If it fails again, report it and quote this message."}};
    }
  }

 private:
  LoginResult RunSteps() {
    for (const auto step : {&Login::FindAddress, &Login::Connect, &Login::ShowHostKey,
                            &Login::AcceptHostKey, &Login::Push, &Login::OpenShell}) {
      if (talk_.is_cancelled()) {
        return {facts_, Trouble{"ended", step_, "the session was ended during the login", ""}};
      }
      if (const MaybeTrouble trouble = (this->*step)()) return {facts_, *trouble};
    }
    Keep();
    return {facts_, std::move(link_)};
  }

  MaybeTrouble FindAddress();
  MaybeTrouble Connect();
  MaybeTrouble ShowHostKey();
  MaybeTrouble AcceptHostKey();
  MaybeTrouble AskAboutHostKey(const std::string& fingerprint);
  MaybeTrouble Push();
  MaybeTrouble OpenShell();
  void Keep() const;

  void ChooseUser(aws::Api& api);
  Trouble EndedEarly(const Exit& exit) const;
  Trouble Refused(const Exit& exit) const;
  // The next packet, which has to be a T. Fails with the worker's own reason, if it gave one.
  template <typename T>
  std::variant<T, Trouble> Await(const std::string& step, std::chrono::milliseconds time_max);
  MaybeTrouble Send(const ToWorker& message, const std::string& step);

  void Doing(const std::string& words) const { talk_.tell({step_, false, words}); }
  void Done(const std::string& words) const { talk_.tell({step_, true, words}); }

  const LoginRequest& request_;
  const LoginDoors& doors_;
  const LoginTalk& talk_;
  std::string step_;
  client::Settings settings_;
  aws::Instance instance_;
  client::UserGuess guess_;
  std::vector<std::string> addresses_;
  std::string region_;
  Descriptor link_;
  std::string key_line_;
  std::string host_key_;
  LoginFacts facts_;
};

MaybeTrouble Login::FindAddress() {
  step_ = "address";
  Doing("Looking up " + Shown(request_.instance_id) + " at AWS");
  const auto file = doors_.read_settings();
  if (!file) return TroubleOf(file.error(), step_);
  const aws::Outcome<Nothing> done = doors_.desk.With(
      request_.place, talk_.show, talk_.is_cancelled, [&](aws::Api& api) -> aws::Outcome<Nothing> {
        const auto found = client::FindInstance(api, client::ParseTarget(request_.instance_id));
        if (!found) return found.error();
        instance_ = *found;
        settings_ = file->For({instance_.instance_id, NameOf(instance_)});
        region_ = api.region();
        ChooseUser(api);
        return Nothing{};
      });
  if (!done) return TroubleOf(done.error(), step_);
  facts_.principal = doors_.desk.Principal(request_.place);
  facts_.name = Shown(NameOf(instance_));
  client::AddressKind kind = request_.address;
  if (kind == client::AddressKind::kAuto) kind = settings_.address.value_or(kind);
  const auto addresses = client::AddressesOf(instance_, kind);
  if (!addresses) return TroubleOf(addresses.error(), step_);
  addresses_ = *addresses;
  Done("Running, at " + Shown(addresses_.front()));
  return std::nullopt;
}

void Login::ChooseUser(aws::Api& api) {
  guess_ = client::GuessUser(instance_, doors_.desk.Images(api, {instance_.image_id}));
  facts_.user = request_.user;
  if (facts_.user.empty()) facts_.user = client::TaggedUser(instance_);
  if (facts_.user.empty()) facts_.user = settings_.user;
  if (facts_.user.empty()) facts_.user = guess_.os_user;
}

MaybeTrouble Login::Connect() {
  step_ = "connect";
  const std::string port = std::to_string(request_.port);
  Doing("Connecting to " + Shown(addresses_.front()) + " port " + port);
  client::Connector connector(request_.port);
  auto connected = connector.Finish(addresses_, std::chrono::steady_clock::now() + kConnectTimeMax);
  if (!connected) {
    return NotConnected(connected.error(), addresses_.front(), request_.port, step_);
  }
  KeepAlive(connected->socket.get());
  facts_.address = Shown(connected->address);
  auto link = doors_.start_worker(std::move(connected->socket));
  if (!link) return TroubleOf(link.error(), step_);
  link_ = *std::move(link);
  Done("Connected to " + facts_.address + " port " + port);
  return std::nullopt;
}

template <typename T>
std::variant<T, Trouble> Login::Await(const std::string& step, std::chrono::milliseconds time_max) {
  const Received received = AwaitPacket(link_.get(), time_max);
  if (received.state == Received::State::kAgain) {
    return Trouble{"connect-timeout", step, "the instance took too long to answer",
                   "Try again. If it fails again, check the load of the instance."};
  }
  if (received.state == Received::State::kPacket) {
    auto message = ParseToFront(received.packet);
    if (message && std::holds_alternative<T>(*message)) return std::get<T>(std::move(*message));
    if (message && std::holds_alternative<Exit>(*message)) {
      return EndedEarly(std::get<Exit>(*message));
    }
  }
  return Trouble{"worker-failed", step, "the SSH process exited unexpectedly", kMaybeInvalid};
}

MaybeTrouble Login::Send(const ToWorker& message, const std::string& step) {
  if (SendWithin(link_.get(), Print(message), kHandshakeTimeMax)) return std::nullopt;
  return Trouble{"worker-failed", step, "the SSH process exited unexpectedly", "Try again."};
}

MaybeTrouble Login::ShowHostKey() {
  step_ = "host-key";
  Doing("Asking the instance for its host key");
  const auto key = Await<PublicKey>(step_, kHandshakeTimeMax);
  if (const auto* trouble = std::get_if<Trouble>(&key)) return *trouble;
  key_line_ = std::get<PublicKey>(key).line;
  const auto parsed = ParseSshPublicKey(key_line_);
  if (!parsed) {
    return Trouble{"worker-failed", step_, "the SSH process did not return a key", "Try again."};
  }
  facts_.key_fingerprint = FingerprintOf(*parsed, FingerprintHash::kSha256).ok()
                               ? *FingerprintOf(*parsed, FingerprintHash::kSha256)
                               : "";
  const Size size = talk_.size();
  const Begin begin{facts_.user, KnownTypes(doors_.folder.KnownHosts(), instance_.instance_id),
                    doors_.lang, size.columns,
                    size.rows,   request_.wants_files};
  if (auto trouble = Send(begin, step_)) return trouble;
  const auto shown = Await<HostKeyShown>(step_, kHandshakeTimeMax + kHandshakeTimeMax);
  if (const auto* trouble = std::get_if<Trouble>(&shown)) return *trouble;
  host_key_ = std::get<HostKeyShown>(shown).blob;
  // Of a worker that was taken over it may be anything, and it goes into a file.
  if (client::ParseHostKey(host_key_)) return std::nullopt;
  if (IsTooSmall(host_key_)) {
    return Trouble{"host-key-too-small", step_,
                   "the instance's RSA host key is shorter than " +
                       std::to_string(kPrintedRsaBitsMin) +
                       " bits, which eic-console does not accept",
                   "Make a larger host key. On the instance, as root: delete "
                   "/etc/ssh/ssh_host_rsa_key, run `ssh-keygen -A`, and reload sshd."};
  }
  return Trouble{"worker-failed", step_, "the SSH process did not return a host key",
                 kMaybeInvalid};
}

MaybeTrouble Login::AcceptHostKey() {
  const std::string path = doors_.folder.KnownHosts();
  const std::string& id = instance_.instance_id;
  const std::string fingerprint = FingerprintOfBlob(host_key_);
  const auto verdict = JudgeHostKey(path, id, host_key_);
  if (!verdict) return TroubleOf(verdict.error(), step_);
  facts_.host_key = {fingerprint, "file"};
  switch (*verdict) {
    case HostKeyVerdict::kKnown:
      Done(fingerprint + ", known from an earlier login");
      return std::nullopt;
    case HostKeyVerdict::kRevoked:
      return Trouble{"host-key-changed", step_,
                     "the host key of " + Shown(id) + " is revoked: " + fingerprint,
                     "Do not connect with this key. Give the instance a new host key. If the key "
                     "was revoked by mistake, remove its @revoked line from " +
                         path + " and connect again."};
    case HostKeyVerdict::kChanged:
      return Trouble{"host-key-changed", step_,
                     Shown(id) + " has a different host key from before: " + fingerprint,
                     "Someone may be intercepting the connection. If the instance was given new "
                     "keys on purpose, run `eic forget " +
                         Shown(id) + "` and connect again. The known key is in " + path + "."};
    case HostKeyVerdict::kNew:
      break;
  }
  facts_.host_key.known_from = "first-use";
  const HostKeys policy = settings_.host_keys.value_or(HostKeys::kAcceptNew);
  if (policy == HostKeys::kYes) {
    return Trouble{"host-key-unknown", step_,
                   "the host key of " + Shown(id) + " is unknown: " + fingerprint,
                   "Your settings accept only known host keys (host_keys = yes). Add this key to " +
                       path + ", or set host_keys to ask or accept-new."};
  }
  if (policy == HostKeys::kAsk) {
    if (auto trouble = AskAboutHostKey(fingerprint)) return trouble;
  }
  if (const auto kept = KeepHostKey(path, id, host_key_); !kept) {
    return TroubleOf(kept.error(), step_);
  }
  Done(fingerprint + ", seen for the first time and saved in " + path);
  return std::nullopt;
}

MaybeTrouble Login::AskAboutHostKey(const std::string& fingerprint) {
  Question question;
  question.kind = "host-key";
  question.words = "The host key of " + Shown(instance_.instance_id) +
                   " is not known yet. Does it have this fingerprint?";
  question.fingerprint = fingerprint;
  question = doors_.questions.Open(std::move(question));
  talk_.show(question);
  const auto answer = doors_.questions.Wait(question.id, talk_.is_cancelled);
  if (answer && *answer == "yes") return std::nullopt;
  return Trouble{"host-key-unknown", step_,
                 answer ? "you did not accept the host key"
                        : "the question about the host key was not answered in time",
                 "Connect again to be asked again."};
}

MaybeTrouble Login::Push() {
  step_ = "push";
  Doing("Pushing the key for " + Shown(facts_.user));
  aws::PushRequest push{instance_.instance_id, facts_.user, key_line_, instance_.availability_zone};
  const aws::Outcome<Nothing> done = doors_.desk.With(
      request_.place, talk_.show, talk_.is_cancelled, [&](aws::Api& api) -> aws::Outcome<Nothing> {
        const auto pushed = api.SendSshPublicKey(push);
        if (!pushed) return pushed.error();
        facts_.push_request_id = Shown(*pushed);
        return Nothing{};
      });
  if (!done) return TroubleOf(done.error(), step_);
  Done("AWS accepted the key for " + Shown(facts_.user));
  return std::nullopt;
}

MaybeTrouble Login::OpenShell() {
  step_ = "login";
  Doing("Logging in as " + Shown(facts_.user));
  if (auto trouble = Send(LogIn{}, step_)) return trouble;
  const auto shell = Await<Shell>(step_, kLoginTimeMax);
  if (const auto* trouble = std::get_if<Trouble>(&shell)) return *trouble;
  Done("Logged in as " + Shown(facts_.user));
  return std::nullopt;
}

Trouble Login::EndedEarly(const Exit& exit) const {
  const std::string words = client::TerminalLines(exit.words, kWordsBytesMax);
  switch (exit.how) {
    case Exit::How::kRefused:
      return Refused(exit);
    case Exit::How::kHandshake:
      return {"handshake-failed", step_, "could not start SSH with the instance: " + words,
              "Check that an SSH server listens on this port, and read its log."};
    case Exit::How::kNoShell:
      if (request_.wants_files) {
        return {"no-sftp", step_, "logged in, but the instance offers no files: " + words,
                "sshd_config there needs a line `Subsystem sftp internal-sftp`, and the user's "
                "start files must print nothing where there is no terminal."};
      }
      return {"no-shell", step_, "logged in, but the instance did not start a shell: " + words,
              "On the instance, check the user's login shell and sshd's log."};
    case Exit::How::kFailed:
      return {"worker-failed", step_, words,
              "Try again. If it fails again, this system does not support eic-console."};
    case Exit::How::kPartial:
      return {"key-refused", step_, words,
              "The key was accepted, but eic-console can log in with a key only. Connect with "
              "`mssh`, or let this user log in with publickey alone (AuthenticationMethods in "
              "sshd_config)."};
    case Exit::How::kNoProcess:
      return {"no-process", step_,
              "this machine (not the instance) could not start a process for the session: " + words,
              "End other sessions or programs, or raise the process limit (ulimit -u, or "
              "systemd's TasksMax). Then connect again."};
    case Exit::How::kExited:
    case Exit::How::kSignalled:
    case Exit::How::kCut:
      break;
  }
  return {"cut", step_, "the connection to the instance was lost: " + words, "Try again."};
}

Trouble Login::Refused(const Exit& exit) const {
  const std::string user = Shown(facts_.user);
  const std::string explain =
      "sudo ec2-instance-connect explain " + user + " " + facts_.key_fingerprint;
  const bool is_unexpected =
      !guess_.image_looks_like.empty() && !guess_.os_user.empty() && guess_.os_user != facts_.user;
  if (is_unexpected) {
    return {"wrong-user", step_, "the instance refused the key for " + user,
            "Its image looks like " + Shown(guess_.image_looks_like) + ", whose default user is " +
                Shown(guess_.os_user) + ": connect as " + Shown(guess_.os_user) + "."};
  }
  return {"key-refused", step_, client::TerminalLines(exit.words, kWordsBytesMax),
          "To find out why, run this on the instance: " + explain};
}

// For the next login, by whichever program.
void Login::Keep() const {
  client::Remembered what;
  what.os_user = guess_.os_user;
  what.image_looks_like = guess_.image_looks_like;
  what.is_user_from_tag = !client::TaggedUser(instance_).empty();
  what.last_user = facts_.user;
  what.name = NameOf(instance_);
  what.availability_zone = instance_.availability_zone;
  what.region = region_;
  if (request_.address == client::AddressKind::kAuto) what.address = facts_.address;
  client::Remember(doors_.folder.Remembered(), instance_.instance_id, what);
}

}  // namespace

LoginResult RunLogin(const LoginRequest& request, const LoginDoors& doors, const LoginTalk& talk) {
  return Login(request, doors, talk).Run();
}

}  // namespace eic::console
