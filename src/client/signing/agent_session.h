// One connection of ssh to the agent: what it is answered, and why it is refused.
//
// It offers one key and signs one thing with it: the request to log in to the one host and session
// that ssh has bound the connection to. OpenSSH before 8.9 does not bind; then the session is not
// known.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/failure.h"
#include "client/signing/agent_protocol.h"
#include "client/signing/known_hosts.h"
#include "client/signing/one_time_key.h"
#include "client/signing/session_bind.h"

namespace eic::client {

// What a login allows its key. Borrowed for one call.
struct LoginTerms {
  const OneTimeKey* key = nullptr;  // null: it has ended, or was not pushed yet
  std::string os_user;
  std::string comment;  // that ssh shows with the key
  std::vector<std::string> host_names;
};

// The host keys that are known under any of the names.
using KnownHostsDoor =
    std::function<aws::Outcome<KnownKeys>(const std::vector<std::string>& host_names)>;

class AgentSession {
 public:
  explicit AgentSession(KnownHostsDoor known_hosts) : known_hosts_(std::move(known_hosts)) {}

  struct Step {
    enum class Kind {
      kAnswer,  // `answer` goes back
      kRelay,   // this connection is a forwarded one: it and `message` are the user's own agent's
    };
    Kind kind = Kind::kAnswer;
    std::string answer;
  };

  // One message of ssh's, without its frame.
  Step Take(std::string_view message, const LoginTerms& terms);

  // Why it refused to bind or to sign for the first time, for people; empty where it never did.
  // Untrusted: may hold what the peer sent.
  const std::string& refusal() const { return refusal_; }

 private:
  std::string Extension(const ExtensionRequest& request, const LoginTerms& terms);
  std::string Sign(const SignRequest& request, const LoginTerms& terms);
  std::optional<std::string> CheckBinding(const VerifiedBinding& binding,
                                          const LoginTerms& terms) const;
  std::optional<std::string> CheckRequest(const SignRequest& request,
                                          const LoginTerms& terms) const;
  std::string Refuse(std::string why);

  KnownHostsDoor known_hosts_;
  bool is_first_ = true;
  bool is_spoilt_ = false;  // a binding was refused: nothing is signed any more
  std::optional<VerifiedBinding> binding_;
  std::string refusal_;
};

}  // namespace eic::client
