#include "client/signing/agent_session.h"

#include <algorithm>

#include "client/signing/userauth_request.h"

namespace eic::client {
namespace {

bool Contains(const std::vector<std::string>& blobs, const std::string& blob) {
  return std::find(blobs.begin(), blobs.end(), blob) != blobs.end();
}

bool IsForwarding(const AgentRequest& request) {
  const auto* extension = std::get_if<ExtensionRequest>(&request);
  if (extension == nullptr || extension->name != kSessionBind) return false;
  const std::optional<SessionBind> bind = ParseSessionBind(extension->contents);
  return bind && bind->is_forwarding;
}

}  // namespace

AgentSession::Step AgentSession::Take(std::string_view message, const LoginTerms& terms) {
  const bool is_first = std::exchange(is_first_, false);
  const std::optional<AgentRequest> request = ParseAgentRequest(message);
  if (!request) return Step{Step::Kind::kAnswer, FailureAnswer()};
  if (is_first && IsForwarding(*request)) return Step{Step::Kind::kRelay, {}};
  if (std::holds_alternative<IdentitiesRequest>(*request)) {
    return Step{Step::Kind::kAnswer, terms.key == nullptr
                                         ? NoIdentitiesAnswer()
                                         : OneIdentityAnswer(terms.key->blob(), terms.comment)};
  }
  if (const auto* sign = std::get_if<SignRequest>(&*request)) {
    return Step{Step::Kind::kAnswer, Sign(*sign, terms)};
  }
  if (const auto* extension = std::get_if<ExtensionRequest>(&*request)) {
    return Step{Step::Kind::kAnswer, Extension(*extension, terms)};
  }
  return Step{Step::Kind::kAnswer, FailureAnswer()};
}

std::string AgentSession::Extension(const ExtensionRequest& request, const LoginTerms& terms) {
  if (request.name != kSessionBind) return FailureAnswer();
  const std::optional<SessionBind> bind = ParseSessionBind(request.contents);
  is_spoilt_ = true;  // until it is found good
  if (!bind) return Refuse("ssh's session-bind is malformed");
  if (bind->is_forwarding) return Refuse("a login's connection cannot become a forwarded one");
  if (binding_) return Refuse("a connection is bound to one session");
  std::optional<VerifiedBinding> binding = VerifySessionBind(*bind);
  if (!binding) {
    return Refuse(
        "the host's signature over the session is not by its key, or its key is of a type "
        "that is not supported");
  }
  if (std::optional<std::string> why = CheckBinding(*binding, terms)) return Refuse(*why);
  is_spoilt_ = false;
  binding_ = std::move(binding);
  return SuccessAnswer();
}

// What ssh itself has decided before; here it guards the key against an ssh that was told not to
// look.
std::optional<std::string> AgentSession::CheckBinding(const VerifiedBinding& binding,
                                                      const LoginTerms& terms) const {
  const aws::Outcome<KnownKeys> known = known_hosts_(terms.host_names);
  if (!known) return known.error().message;
  if (Contains(known->revoked, binding.plain_host_key()) ||
      Contains(known->revoked, binding.host_key())) {
    return "the host's key is marked as revoked";
  }
  if (binding.is_certificate() || known->blobs.empty()) return std::nullopt;
  if (!Contains(known->blobs, binding.plain_host_key())) {
    return "the host's key is not one that is known for it";
  }
  return std::nullopt;
}

std::string AgentSession::Sign(const SignRequest& request, const LoginTerms& terms) {
  if (std::optional<std::string> why = CheckRequest(request, terms)) return Refuse(*why);
  const std::optional<std::string_view> algorithm = terms.key->AlgorithmFor(request.flags);
  const std::optional<std::string> signature =
      algorithm ? terms.key->Sign(request.data, *algorithm) : std::nullopt;
  if (!signature) return Refuse("OpenSSL could not make the signature");
  return SignatureAnswer(*signature);
}

std::optional<std::string> AgentSession::CheckRequest(const SignRequest& request,
                                                      const LoginTerms& terms) const {
  if (is_spoilt_) return "the session was refused before";
  if (terms.key == nullptr) return "the key has expired: it is valid for 60 seconds";
  if (request.key_blob != terms.key->blob()) return "another key was asked for";
  const std::optional<UserauthRequest> userauth = ParseUserauthRequest(request.data);
  if (!userauth) return "the data to sign is not a login request";
  if (userauth->key_blob != terms.key->blob()) return "the request to log in names another key";
  if (userauth->algorithm != terms.key->AlgorithmFor(request.flags)) {
    return "the request to log in names another signature than was asked for, or RSA with SHA-1";
  }
  if (userauth->user != terms.os_user) {
    return "the key was pushed for " + terms.os_user + ", and ssh logs in as " +
           std::string(userauth->user);
  }
  if (!binding_) return std::nullopt;
  if (userauth->session_id != binding_->session_id()) {
    return "the request to log in is of another session";
  }
  if (userauth->host_key && *userauth->host_key != binding_->host_key()) {
    return "the request to log in names another host key";
  }
  return std::nullopt;
}

std::string AgentSession::Refuse(std::string why) {
  if (refusal_.empty()) refusal_ = std::move(why);
  return FailureAnswer();
}

}  // namespace eic::client
