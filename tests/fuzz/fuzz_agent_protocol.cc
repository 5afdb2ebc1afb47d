// The agent's side of a login: client/signing/agent_protocol, agent_session, userauth_request. An
// input that begins with `s` is the parts of a sign request for the key, which the fuzzer cannot
// know, divided by 0x1d: session id, user, service, method, algorithm, flags, what follows. Any
// other is a message.
#include <cstdlib>

#include "client/signing/agent_protocol.h"
#include "client/signing/agent_session.h"
#include "client/signing/host_key.h"
#include "client/signing/one_time_key.h"
#include "client/signing/userauth_request.h"
#include "client/signing/wire.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

constexpr std::string_view kUser = "ubuntu";

const client::OneTimeKey& Key() {
  static const client::OneTimeKey key = [] {
    aws::Outcome<client::OneTimeKey> made = client::OneTimeKey::Make(client::KeyType::kEd25519);
    if (!made) std::abort();
    return std::move(*made);
  }();
  return key;
}

std::string SignedData(const std::vector<std::string_view>& parts) {
  std::string data;
  client::AppendString(data, parts[0]);
  client::AppendByte(data, 50);
  client::AppendString(data, parts[1]);
  client::AppendString(data, parts[2]);
  client::AppendString(data, parts[3]);
  client::AppendByte(data, 1);
  client::AppendString(data, parts[4]);
  client::AppendString(data, Key().blob());
  return data.append(parts[6]);
}

std::string MessageOf(std::string_view input) {
  if (input.empty() || input[0] != 's') return std::string(input);
  std::vector<std::string_view> parts = Sections(input.substr(1));
  parts.resize(7);
  std::string message;
  client::AppendByte(message, 13);
  client::AppendString(message, Key().blob());
  client::AppendString(message, SignedData(parts));
  client::AppendUint32(message, parts[5].empty() ? 0 : static_cast<unsigned char>(parts[5][0]));
  return message;
}

// What was parsed, written again, is the message.
void HoldNothingLost(const client::AgentRequest& request, const std::string& message) {
  std::string again(1, message[0]);
  if (const auto* sign = std::get_if<client::SignRequest>(&request)) {
    client::AppendString(again, sign->key_blob);
    client::AppendString(again, sign->data);
    client::AppendUint32(again, sign->flags);
  } else if (const auto* extension = std::get_if<client::ExtensionRequest>(&request)) {
    client::AppendString(again, extension->name);
    again.append(extension->contents);
  } else if (std::holds_alternative<client::OtherRequest>(request)) {
    again = message;
  }
  Hold(again == message, "a parsed message is all of it");
}

void HoldSignsTheLogin(const client::SignRequest& sign, std::string_view answer) {
  const auto userauth = client::ParseUserauthRequest(sign.data);
  Hold(userauth.has_value(), "what is signed is a request to log in");
  Hold(userauth->user == kUser, "it is for the user that the key was pushed for");
  Hold(sign.key_blob == Key().blob() && userauth->key_blob == Key().blob(), "it is by the key");
  client::WireReader reader(answer.substr(1));
  const auto signature = reader.NextString();
  const auto host = client::ParseHostKey(Key().blob());
  Hold(signature && reader.AtEnd() && host && IsSignedByHost(*host, *signature, sign.data),
       "the signature is one");
}

}  // namespace

void AgentProtocol(std::string_view input) {
  const std::string message = MessageOf(input);
  const auto request = client::ParseAgentRequest(message);
  if (request) HoldNothingLost(*request, message);
  client::AgentSession session([](const std::vector<std::string>&) { return client::KnownKeys{}; });
  const client::LoginTerms terms{&Key(), std::string(kUser), "comment", {"i-1"}};
  const client::AgentSession::Step step = session.Take(message, terms);
  if (step.kind == client::AgentSession::Step::Kind::kRelay) return;
  Hold(!step.answer.empty(), "every message has an answer");
  const char type = step.answer[0];
  Hold(type == 5 || type == 6 || type == 12 || type == 14, "the answer is of a type that there is");
  if (type != 14) return;
  Hold(request && std::holds_alternative<client::SignRequest>(*request),
       "a signature is asked for");
  HoldSignsTheLogin(std::get<client::SignRequest>(*request), step.answer);
}

}  // namespace eic::fuzz
