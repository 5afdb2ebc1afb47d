// Reads the answers that AWS's services give as JSON.
#include "aws/answers.h"
#include "aws/json_text.h"
#include "aws/limits.h"
#include "aws/text.h"

namespace eic::aws {

Outcome<std::string> ParsePushed(std::string_view text) {
  const auto json = ParseJsonObject(text);
  const bool is_success = json && json->value("Success", nlohmann::json()) == true;
  if (!is_success) {
    return Failure{"MalformedAnswer",
                   "EC2 Instance Connect's answer to SendSSHPublicKey reports no success.",
                   "If an endpoint or a proxy is configured, check that it leads to AWS."};
  }
  return TextOf(*json, "RequestId");
}

ErrorWords ParseJsonError(std::string_view text, const std::string& type_header) {
  const auto json = ParseJsonObject(text);
  std::string code = json ? TextOf(*json, "__type") : "";
  if (code.empty()) code = type_header.substr(0, type_header.find(':'));
  // `com.amazonaws.ec2instanceconnect#AuthException`
  code = code.substr(code.rfind('#') + 1);
  std::string message = json ? TextOf(*json, "Message") : "";
  if (message.empty() && json) message = TextOf(*json, "message");
  return {Capped(code, kErrorTextBytesMax), Capped(message, kErrorTextBytesMax)};
}

}  // namespace eic::aws
