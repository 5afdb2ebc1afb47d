// What AWS's services answer: XML (EC2's query API, STS) and JSON (EC2 Instance Connect), bytes to
// structs. Untrusted: any bytes may arrive. Fails with `MalformedAnswer`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/api.h"
#include "aws/credentials/credentials.h"
#include "aws/failure.h"

namespace eic::aws {

struct InstancePage {
  std::vector<Instance> instances;
  std::string next_token;  // empty: the last page
};

Outcome<InstancePage> ParseDescribeInstances(std::string_view xml);
Outcome<std::vector<Image>> ParseDescribeImages(std::string_view xml);
Outcome<CallerIdentity> ParseCallerIdentity(std::string_view xml);
// Of AssumeRole and AssumeRoleWithWebIdentity.
Outcome<Credentials> ParseAssumedRole(std::string_view xml);
// The request's id.
Outcome<std::string> ParsePushed(std::string_view json);

// AWS's name and words of an error. Empty where the answer has none.
struct ErrorWords {
  std::string code;
  std::string message;
};
ErrorWords ParseXmlError(std::string_view xml);
// `type_header` is x-amzn-errortype, which some errors have instead of `__type`.
ErrorWords ParseJsonError(std::string_view json, const std::string& type_header);

}  // namespace eic::aws
