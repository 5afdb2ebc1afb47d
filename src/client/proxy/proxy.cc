#include "client/proxy/proxy.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>

#include "client/proxy/connect.h"
#include "client/proxy/errand.h"
#include "client/proxy/limits.h"
#include "client/proxy/pass_socket.h"
#include "client/proxy/relay.h"
#include "client/proxy/tell.h"
#include "client/proxy/user_agent.h"
#include "client/system/linux_process.h"

namespace eic::client {
namespace {

using Clock = std::chrono::steady_clock;

class ProxyRun {
 public:
  ProxyRun(const Folder& folder, const ProxyOptions& options, const ProxyDoors& doors)
      : folder_(folder),
        options_(options),
        doors_(doors),
        target_(doors.parse_target(options.host)),
        settings_(options.settings),
        begun_(Clock::now()),
        asked_(doors.ssh_pid, options.ssh_answers),
        connector_(options.port) {
    if (!target_.region.empty()) settings_.region = target_.region;
    if (!target_.profile.empty()) settings_.profile = target_.profile;
  }

  aws::Outcome<Nothing> Run() {
    aws::Outcome<Nothing> done = ReachAndHandOver();
    if (!done && has_made_key_) DropKey(folder_, doors_.ssh_pid);
    return done;
  }

 private:
  aws::Outcome<Nothing> ReachAndHandOver() {
    aws::Outcome<Connected> connected = Reach();
    if (!connected) return connected.error();
    return HandOver(*connected);
  }
  aws::Outcome<Connected> Reach();
  void ConnectEarly();
  aws::Outcome<Nothing> MakeAndPush();
  aws::Outcome<Nothing> PushOnce();
  aws::Outcome<ErrandResult> AskAws(const std::optional<KeptKey>& key);
  aws::Outcome<Nothing> WaitFor(const Errand& errand);
  void TakeInstance(const ErrandResult& result);
  aws::Outcome<Nothing> RegisterRelay();
  aws::Outcome<std::vector<std::string>> Addresses() const;
  aws::Outcome<Connected> Connect();
  aws::Outcome<Nothing> PushAgainIfNeeded();
  void RememberIfNew(const std::string& address) const;
  aws::Outcome<Nothing> HandOver(const Connected& connected);
  std::optional<Clock::time_point> Ends();
  aws::Failure Late() const;
  void Note(const std::string& text) const;

  const Folder& folder_;
  const ProxyOptions& options_;
  const ProxyDoors& doors_;
  Target target_;
  aws::Settings settings_;
  Clock::time_point begun_;
  AskedOfSsh asked_;
  Connector connector_;
  std::optional<Remembered> remembered_;
  std::optional<aws::Instance> instance_;    // once AWS has told of it
  std::optional<aws::Failure> no_instance_;  // why it has not
  Clock::time_point pushed_at_ = begun_;
  bool has_made_key_ = false;
};

aws::Outcome<Connected> ProxyRun::Reach() {
  ConnectEarly();
  const aws::Outcome<std::optional<KeptKey>> found = FindKey(folder_, doors_.ssh_pid);
  if (!found) return found.error();
  // The wrapper has pushed for this ssh already, just before it became ssh.
  const bool is_pushed = *found && (*found)->is_pushed;
  if (!is_pushed) {
    if (aws::Outcome<Nothing> done = MakeAndPush(); !done) return done.error();
  }
  if (aws::Outcome<Nothing> done = RegisterRelay(); !done) return done.error();
  aws::Outcome<Connected> connected = Connect();
  if (!connected) return connected;
  if (aws::Outcome<Nothing> done = PushAgainIfNeeded(); !done) return done.error();
  RememberIfNew(connected->address);
  return connected;
}

// To where the instance was the last time: most often it still is there. Not where the person has
// chosen a kind of address, since it is not known of which kind this one is.
void ProxyRun::ConnectEarly() {
  if (target_.kind == Target::Kind::kAddress) connector_.Begin(target_.name);
  if (target_.kind != Target::Kind::kInstanceId) return;
  remembered_ = doors_.recall(target_.name);
  if (remembered_ && remembered_->address.empty()) remembered_.reset();
  if (remembered_ && options_.address != AddressKind::kAuto) remembered_.reset();
  if (remembered_) connector_.Begin(remembered_->address);
}

aws::Outcome<Nothing> ProxyRun::MakeAndPush() {
  aws::Outcome<Nothing> done = PushOnce();
  for (int keys = 1; !done && done.error().code == "KeyGone" && keys < kKeysMax; ++keys) {
    done = PushOnce();
  }
  return done;
}

std::vector<std::string> HostNames(const Target& target, const ProxyOptions& options) {
  std::vector<std::string> names{options.host};
  if (target.name != options.host) names.push_back(target.name);
  if (options.port == 22) return names;
  // HostKeyAlias goes without a port, so both forms.
  const std::size_t count = names.size();
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back('[' + names[i] + "]:" + std::to_string(options.port));
  }
  return names;
}

aws::Outcome<Nothing> ProxyRun::PushOnce() {
  KeyRequest request;
  request.ssh_pid = doors_.ssh_pid;
  request.type = options_.key_type;
  request.instance_id = target_.name;
  request.os_user = options_.os_user;
  request.host_names = HostNames(target_, options_);
  const aws::Outcome<KeptKey> key = MakeKey(folder_, request);
  if (!key) return key.error();
  has_made_key_ = true;
  if (!key->note.empty()) Note(key->note);
  // Counted from before the call: the service's clock may have begun right then.
  pushed_at_ = Clock::now();
  const aws::Outcome<ErrandResult> result = AskAws(*key);
  if (!result) return result.error();
  TakeInstance(*result);
  // A stopped instance explains a failed push better than the service does.
  if (!result->push) return no_instance_ && result->api ? *no_instance_ : result->push.error();
  return MarkPushed(folder_, doors_.ssh_pid);
}

aws::Outcome<ErrandResult> ProxyRun::AskAws(const std::optional<KeptKey>& key) {
  ErrandTask task{target_, settings_, std::nullopt, doors_};
  if (key) {
    task.push = aws::PushRequest{target_.name, options_.os_user, key->public_key,
                                 remembered_ ? remembered_->availability_zone : std::string()};
  }
  Errand errand(std::move(task));
  if (aws::Outcome<Nothing> waited = WaitFor(errand); !waited) return waited.error();
  return errand.Take();
}

aws::Outcome<Nothing> ProxyRun::WaitFor(const Errand& errand) {
  while (true) {
    std::optional<Clock::time_point> due = Ends();
    const bool is_last = due.has_value();
    if (!asked_.IsAnswered()) due = asked_.ends();
    int time_ms = -1;
    if (due) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*due - Clock::now());
      time_ms = static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count() + 1, 0));
    }
    pollfd waits[] = {{errand.descriptor(), POLLIN, 0}, {asked_.descriptor(), POLLIN, 0}};
    const int ready = poll(waits, 2, time_ms);
    if (ready > 0 && waits[0].revents != 0) return Nothing{};
    asked_.Look();
    if (is_last && Clock::now() >= *due) return Late();
  }
}

void ProxyRun::TakeInstance(const ErrandResult& result) {
  instance_.reset();
  no_instance_.reset();
  if (result.instance) {
    instance_ = *result.instance;
  } else {
    no_instance_ = result.instance.error();
  }
}

// Before ssh gets its connection: once it has logged in, the keeper forgets an ssh that forwards
// nothing.
aws::Outcome<Nothing> ProxyRun::RegisterRelay() {
  if (!asked_.Answers().forwards_agent) return Nothing{};
  const std::string agent = UserAgentSocket(folder_, doors_.ssh_pid);
  if (agent.empty()) return Nothing{};
  return RelayForwarded(folder_, doors_.ssh_pid, agent);
}

aws::Outcome<std::vector<std::string>> ProxyRun::Addresses() const {
  if (target_.kind == Target::Kind::kAddress) return std::vector<std::string>{target_.name};
  if (instance_) return doors_.addresses_of(*instance_, options_.address);
  // Who may push and may not describe goes where the instance was the last time. That AWS knows no
  // such instance, or one that does not run, is another matter.
  const bool is_told = no_instance_ && (no_instance_->code == "NoSuchInstance" ||
                                        no_instance_->code == "NotRunning");
  if (remembered_ && !is_told) return std::vector<std::string>{remembered_->address};
  if (no_instance_) return *no_instance_;
  return std::vector<std::string>();
}

aws::Outcome<Connected> ProxyRun::Connect() {
  // The wrapper has pushed, and nothing is remembered: nobody has asked for an address yet.
  bool has_asked = instance_ || no_instance_;
  while (true) {
    aws::Outcome<std::vector<std::string>> addresses = Addresses();
    if (!addresses) return addresses.error();
    aws::Outcome<Connected> connected = aws::Failure{"NoAddress", "no address is known yet", ""};
    if (!addresses->empty()) {
      // The one that is being connected to already goes first.
      const auto early = std::find(addresses->begin(), addresses->end(),
                                   remembered_ ? remembered_->address : std::string());
      if (early != addresses->end()) std::rotate(addresses->begin(), early, early + 1);
      const auto ends = Ends().value_or(Clock::now() + kConnectTimeMax);
      connected = connector_.Finish(*addresses, ends);
    }
    if (connected || has_asked) return connected;
    if (const auto ends = Ends(); ends && Clock::now() >= *ends) return Late();
    const aws::Outcome<ErrandResult> result = AskAws(std::nullopt);
    if (!result) return result.error();
    TakeInstance(*result);
    if (no_instance_) return *no_instance_;
    has_asked = true;
  }
}

aws::Outcome<Nothing> ProxyRun::PushAgainIfNeeded() {
  const bool is_late = Clock::now() >= pushed_at_ + kPushAgainAfter;
  const aws::Outcome<std::optional<KeptKey>> found = FindKey(folder_, doors_.ssh_pid);
  if (!found) return found.error();
  if (!is_late && *found) return Nothing{};
  Note(is_late ? "the connection took too long; pushing another key"
               : "the keeper has ended, and its key with it; pushing another key");
  if (aws::Outcome<Nothing> done = MakeAndPush(); !done) return done.error();
  return RegisterRelay();
}

void ProxyRun::RememberIfNew(const std::string& address) const {
  if (!instance_) return;
  const bool is_known = remembered_ && remembered_->address == address &&
                        remembered_->os_user == options_.os_user &&
                        remembered_->availability_zone == instance_->availability_zone;
  if (is_known) return;
  Remembered fresh = remembered_.value_or(Remembered{});
  fresh.os_user = options_.os_user;
  fresh.address = address;
  fresh.availability_zone = instance_->availability_zone;
  if (!settings_.region.empty()) fresh.region = settings_.region;
  doors_.remember(instance_->instance_id, fresh);
}

aws::Outcome<Nothing> ProxyRun::HandOver(const Connected& connected) {
  const int yes = 1;
  const int socket = connected.socket.get();
  if (asked_.Answers().keeps_alive) {
    (void)setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
  }
  Note("connected to " + connected.address + " port " + std::to_string(options_.port));
  if (TakesSockets(doors_.output)) return PassSocket(doors_.output, socket);
  RelayUntilDone(doors_.input, doors_.output, socket);
  return Nothing{};
}

// ConnectTimeout counts from this process's start; nothing while it is not known, or where there is
// none.
std::optional<Clock::time_point> ProxyRun::Ends() {
  asked_.Look();
  if (!asked_.IsAnswered() || !asked_.Answers().connect_timeout) return std::nullopt;
  return begun_ + *asked_.Answers().connect_timeout;
}

aws::Failure ProxyRun::Late() const {
  return aws::Failure{
      "ConnectTimeout",
      "ssh's ConnectTimeout passed before AWS answered and the instance was connected",
      "Set a larger one, or run with -v to see what takes so long."};
}

void ProxyRun::Note(const std::string& text) const {
  if (settings_.is_verbose) (void)std::fprintf(stderr, "eic: %s\n", text.c_str());
}

// True where ssh has closed the other end: the parent is somebody else by then, for whom no key is
// to be made. Where it is still open, the parent was ssh when it was looked up before.
bool HasHungUp(int output) {
  pollfd end{output, 0, 0};
  return poll(&end, 1, 0) > 0 && (end.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace

aws::Outcome<Nothing> RunProxy(const Folder& folder, const ProxyOptions& options,
                               const ProxyDoors& doors) {
  return ProxyRun(folder, options, doors).Run();
}

void BeProxy(const Folder& folder, const ProxyOptions& options, const ProxyDoors& doors) {
  EndWithParent(doors.ssh_pid);
  if (HasHungUp(doors.output)) _exit(1);
  const aws::Outcome<Nothing> done = RunProxy(folder, options, doors);
  if (!done) TellFailure(folder, options.host, done.error());
  _exit(done ? 0 : 1);
}

}  // namespace eic::client
