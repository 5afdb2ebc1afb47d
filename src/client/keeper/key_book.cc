#include "client/keeper/key_book.h"

#include <algorithm>

#include "client/keeper/limits.h"

namespace eic::client {
namespace {

bool IsOf(const Login& login, pid_t pid) {
  return std::any_of(login.processes.begin(), login.processes.end(),
                     [&](const ProcessWatch& process) { return process.pid() == pid; });
}

bool Shares(const std::vector<ino_t>& some, const std::vector<ino_t>& others) {
  return std::any_of(some.begin(), some.end(), [&](ino_t inode) {
    return std::find(others.begin(), others.end(), inode) != others.end();
  });
}

// ssh forks to go on in the background: who holds its connection goes on with its session.
void AdoptSuccessor(Login& login, pid_t not_this) {
  const std::optional<pid_t> holder = FindHolder(login.sockets, login.executable, not_this);
  if (!holder) return;
  if (std::optional<ProcessWatch> watch = ProcessWatch::Open(*holder)) {
    login.processes.push_back(std::move(*watch));
  }
}

void ForgetEnded(Login& login) {
  const pid_t last = login.processes.empty() ? 0 : login.processes.back().pid();
  auto& processes = login.processes;
  processes.erase(std::remove_if(processes.begin(), processes.end(),
                                 [](const ProcessWatch& process) { return process.HasEnded(); }),
                  processes.end());
  if (processes.empty() && login.Forwards()) AdoptSuccessor(login, last);
}

}  // namespace

aws::Outcome<KeptKey> KeyBook::Make(const KeyRequest& request, ProcessWatch ssh, TimePoint now) {
  if (const Login* older = Find(request.ssh_pid)) Remove(*older);
  if (logins_.size() >= kLoginsMax) {
    return aws::Failure{"NoRoom", "the keeper serves " + std::to_string(kLoginsMax) + " logins",
                        ""};
  }
  aws::Outcome<OneTimeKey> key = OneTimeKey::Make(request.type);
  if (!key) return key.error();
  auto login = std::make_unique<Login>();
  login->number = ++last_number_;
  login->request = request;
  login->key = std::move(*key);
  login->key_ends = now + kUnpushedKeyTimeMax;
  login->processes.push_back(std::move(ssh));
  logins_.push_back(std::move(login));
  return Shown(*logins_.back());
}

Login* KeyBook::Find(pid_t pid) {
  for (const std::unique_ptr<Login>& login : logins_) {
    if (IsOf(*login, pid)) return login.get();
  }
  return nullptr;
}

Login* KeyBook::FindNumber(std::uint64_t number) {
  for (const std::unique_ptr<Login>& login : logins_) {
    if (login->number == number) return login.get();
  }
  return nullptr;
}

Login* KeyBook::FindOrAdopt(pid_t pid) {
  if (Login* login = Find(pid)) return login;
  const std::optional<std::string> executable = ExecutableOf(pid);
  if (!executable) return nullptr;
  const std::vector<ino_t> sockets = SocketsOf(pid);
  for (const std::unique_ptr<Login>& login : logins_) {
    if (!login->Forwards() || login->executable != *executable) continue;
    if (!Shares(sockets, login->sockets)) continue;
    if (login->processes.size() >= kProcessesOfLoginMax) return nullptr;
    std::optional<ProcessWatch> watch = ProcessWatch::Open(pid);
    if (!watch) return nullptr;
    login->processes.push_back(std::move(*watch));
    return login.get();
  }
  return nullptr;
}

KeptKey KeyBook::Shown(const Login& login) {
  return KeptKey{login.key->PublicLine(), login.key->type(), login.is_pushed, {}};
}

LoginTerms KeyBook::TermsOf(const Login& login) {
  const bool is_offered = login.key && login.is_pushed;
  return LoginTerms{is_offered ? &*login.key : nullptr, login.request.os_user,
                    "EC2 Instance Connect " + login.request.instance_id, login.request.host_names};
}

bool KeyBook::MarkPushed(Login& login, TimePoint now) {
  if (!login.key) return false;
  login.is_pushed = true;
  login.key_ends = now + kPushedKeyTimeMax;
  return true;
}

void KeyBook::DropKey(Login& login) {
  login.key.reset();
  if (!login.Forwards()) Remove(login);
}

void KeyBook::NoteSession(Login& login) {
  if (!login.Forwards() || !login.sockets.empty() || login.processes.empty()) return;
  const pid_t ssh = login.processes.front().pid();
  login.sockets = SocketsOf(ssh);
  login.executable = ExecutableOf(ssh).value_or("");
}

void KeyBook::Sweep(TimePoint now) {
  for (std::size_t i = logins_.size(); i > 0; --i) {
    Login& login = *logins_[i - 1];
    ForgetEnded(login);
    if (login.processes.empty()) {
      Remove(login);
    } else if (login.key && now >= login.key_ends) {
      DropKey(login);
    }
  }
}

std::optional<TimePoint> KeyBook::NextEnd() const {
  std::optional<TimePoint> next;
  for (const std::unique_ptr<Login>& login : logins_) {
    if (login->key && (!next || login->key_ends < *next)) next = login->key_ends;
  }
  return next;
}

void KeyBook::Remove(const Login& login) {
  const std::uint64_t number = login.number;  // `login` goes while the others move up
  logins_.erase(
      std::remove_if(logins_.begin(), logins_.end(),
                     [&](const std::unique_ptr<Login>& kept) { return kept->number == number; }),
      logins_.end());
}

}  // namespace eic::client
