// The emulator's API: what strangers' clients send it. The first byte says what the rest is:
//
//   j  the JSON body of SendSSHPublicKey      k  the text of its field SSHPublicKey
//   w  the wire bytes of a key, which are pushed as OpenSSH and as SSH2 text
//   q  the form body of EC2's query API or of STS
//   c  a configuration
//
// Anything else is the head of a request (`METHOD TARGET`, then `name: value` lines), a blank line
// and a body. Signatures are checked for those alone.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/key_blob.h"
#include "emulator/api/api_routes.h"
#include "emulator/configuration/configuration.h"
#include "emulator/emulator_error.h"
#include "issuer/authority.h"
#include "tests/fuzz/api_request.h"
#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

using emulator::ApiRoutes;
using emulator::HttpAnswer;
using emulator::HttpRequest;
using nlohmann::json;

constexpr std::int64_t kKeySeconds = 60;

// One service for all inputs. Its clock goes on with each input, so that no input meets the keys of
// the one before it; the clock of signatures stands.
struct Service {
  Instant now = kNow;
  emulator::InstanceList instances;
  ApiRoutes open;       // takes every caller
  ApiRoutes signed_in;  // takes ExampleCredential()

  Service()
      : open(OpenSettings(), Now(), Now(), instances),
        signed_in(
            {kKeySeconds, {emulator::ExampleCredential()}}, Now(), [] { return kNow; }, instances) {
    issuer::AuthoritySpec spec;
    spec.now = kNow;
    spec.issuer_key_type = issuer::IssuerKeyType::kEcP256;
    instances.push_back(std::make_unique<emulator::EmulatedInstance>(
        emulator::Instance{}, issuer::MakeAuthority(spec), Now()));
  }
  static emulator::ApiSettings OpenSettings() {
    emulator::ApiSettings settings;
    settings.ttl_seconds = kKeySeconds;
    settings.roles = {emulator::Role{kRoleArn}};
    settings.web_identity_tokens = {emulator::WebIdentityToken{kWebToken}};
    return settings;
  }
  emulator::Clock Now() {
    return [this] { return now; };
  }
};

Service& TheService() {
  static Service service;
  return service;
}

// No control character; what a caller sent in UTF-8 stays.
bool IsText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F;
  });
}

// Every element ends, in its order, and text has no stray bracket or ampersand.
bool IsWellFormed(std::string_view xml) {
  std::vector<std::string> open;
  xml.remove_prefix(std::min(xml.size(), xml.find("?>\n") + 3));
  while (!xml.empty()) {
    const std::size_t begin = xml.find('<');
    const std::size_t end = xml.find('>');
    if (begin == std::string_view::npos) return false;
    if (end == std::string_view::npos || end < begin || !IsText(xml.substr(0, end))) return false;
    const std::string tag(xml.substr(begin + 1, end - begin - 1));
    xml.remove_prefix(end + 1);
    if (tag.back() == '/') continue;
    if (tag[0] != '/') {
      open.push_back(tag.substr(0, tag.find(' ')));
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

// AWS's shapes: EC2's XML, and JSON that is either the reply or an error with its name.
void HoldAnswer(const HttpAnswer& answer) {
  Hold(answer.headers.count("x-amzn-RequestId") == 1, "every answer has a request id");
  const std::string& id = answer.headers.at("x-amzn-RequestId");
  if (answer.content_type == "text/xml;charset=UTF-8") {
    Hold(IsWellFormed(answer.body), "XML is well-formed");
    const bool is_error = answer.body.find("<Response><Errors>") != std::string::npos ||
                          answer.body.find("<ErrorResponse ") != std::string::npos;
    const bool is_reply = answer.body.find("Response xmlns=") != std::string::npos && !is_error;
    Hold(answer.status == 200 ? is_reply : is_error, "XML is a reply or an error");
    Hold(answer.status != 500, "and no failure of the service");
    Hold(answer.body.find(id) != std::string::npos, "and has the request's id");
    return;
  }
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  Hold(body.is_object(), "what is not XML is a JSON object");
  if (answer.status == 200) {
    Hold(body["Success"] == true && body["RequestId"] == id, "a reply is a success, with its id");
    return;
  }
  Hold(answer.status >= 400 && answer.status != 500, "an error is the caller's");
  Hold(body["__type"].is_string() && !body["__type"].empty() && body["Message"].is_string(),
       "an error has its name and a message");
}

// What was pushed is one record and no more: whatever stood in the key, it wrote no line of its
// own.
void HoldPushed(const std::string& user, const std::string& request_id) {
  const std::string blob = TheService().instances[0]->keys().Blob(user).value_or("");
  const ParsedBlob parsed = ParseKeyBlob(blob);
  Hold(parsed.records.size() == 1 && parsed.rejections.empty(), "a push is one good record");
  const KeyRecord& record = parsed.records[0];
  Hold(record.instance_id == kInstance && record.request_id == request_id &&
           record.expiry.unix_seconds() == (TheService().now + kKeySeconds).unix_seconds(),
       "for its instance, with its id and its time");
  Hold(record.key.type->family != KeyType::Family::kEcdsa, "of a type that the service takes");
}

HttpAnswer Send(ApiRoutes& routes, const HttpRequest& request) {
  TheService().now = TheService().now + kKeySeconds;
  HttpAnswer answer = routes.Answer(request);
  HoldAnswer(answer);
  if (answer.status == 200 && answer.content_type != "text/xml;charset=UTF-8") {
    HoldPushed(json::parse(request.body)["InstanceOSUser"], json::parse(answer.body)["RequestId"]);
  }
  return answer;
}

void SendJson(std::string body) { Send(TheService().open, JsonRequest(std::move(body))); }

void SendKey(std::string_view text) {
  SendJson(json{{"InstanceId", kInstance}, {"InstanceOSUser", "a"}, {"SSHPublicKey", text}}.dump(
      -1, ' ', false, json::error_handler_t::replace));
}

void SendWire(std::string_view wire) {
  const std::string base64 = EncodeBase64(wire);
  const auto type = SshWireCursor(wire).NextString();
  SendKey(std::string(type.value_or("ssh-rsa")) + ' ' + base64);
  SendKey("---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"a\"\n" + base64 +
          "\n---- END SSH2 PUBLIC KEY ----\n");
}

void ReadConfiguration(std::string_view text) {
  try {
    const emulator::Configuration read = emulator::ParseConfiguration(text);
    Hold(!read.instances.empty() && !read.credentials.empty(), "a configuration has both");
  } catch (const emulator::EmulatorError& error) {
    Hold(std::string_view(error.what()).find(": ") != std::string_view::npos,
         "where there is a fault, and which, is said");
  }
}

// Of a request that the fuzzer made of a signed one, only what is not signed can have changed.
void SendHead(std::string_view input) {
  const HttpRequest request = ParseRequest(input);
  const HttpAnswer answer = Send(TheService().signed_in, request);
  if (answer.status == 200) {
    Hold(std::any_of(std::begin(kSignedBodies), std::end(kSignedBodies),
                     [&](const char* body) { return request.body == body; }),
         "what is taken was signed");
  }
  Send(TheService().open, request);
}

}  // namespace

void Api(std::string_view input) {
  const std::string_view rest = input.substr(input.empty() ? 0 : 1);
  switch (input.empty() ? 'j' : input[0]) {
    case 'j':
      return SendJson(std::string(rest));
    case 'k':
      return SendKey(rest);
    case 'w':
      return SendWire(rest);
    case 'q':
      Send(TheService().open, FormRequest(std::string(rest)));
      return;
    case 'c':
      return ReadConfiguration(rest);
    default:
      return SendHead(input);
  }
}

}  // namespace eic::fuzz
