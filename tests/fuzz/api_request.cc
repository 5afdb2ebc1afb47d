#include "tests/fuzz/api_request.h"

#include <algorithm>
#include <utility>

#include "core/bytes.h"
#include "emulator/sigv4.h"
#include "tests/fuzz/fixture.h"

namespace eic::fuzz {

using emulator::HttpRequest;

const char* const kSignedBodies[3] = {
    R"({"InstanceId":"i-0123456789abcdef0","InstanceOSUser":"alice","SSHPublicKey":)"
    R"("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKlL2iBouyn6vOTuJYGeoY+pmPkbECSon/tayiPgBOf1 alice@laptop"})",
    "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0",
    "Action=GetCallerIdentity&Version=2011-06-15",
};

HttpRequest JsonRequest(std::string body) {
  return {"POST",
          "/",
          "",
          {{"content-type", "application/x-amz-json-1.1"},
           {"x-amz-target", "AWSEC2InstanceConnectService.SendSSHPublicKey"},
           {"host", "127.0.0.1:1339"}},
          std::move(body)};
}

HttpRequest FormRequest(std::string body) {
  return {"POST",
          "/",
          "",
          {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
           {"host", "127.0.0.1:1339"}},
          std::move(body)};
}

HttpRequest SignedRequest(std::size_t index) {
  constexpr const char* kServices[] = {"ec2-instance-connect", "ec2", "sts"};
  HttpRequest request =
      index == 0 ? JsonRequest(kSignedBodies[index]) : FormRequest(kSignedBodies[index]);
  emulator::SignRequest(request, emulator::ExampleCredential(), kRegion, kServices[index], kNow);
  return request;
}

HttpRequest ParseRequest(std::string_view text) {
  HttpRequest request;
  LineCursor lines(text);
  const std::string_view first = lines.AtEnd() ? "" : lines.Next();
  const std::size_t blank = std::min(first.find(' '), first.size());
  request.method = first.substr(0, blank);
  const std::string_view target = first.substr(std::min(blank + 1, first.size()));
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  request.query = target.substr(std::min(question + 1, target.size()));
  while (!lines.AtEnd()) {
    const std::string_view line = lines.Next();
    if (line.empty()) {
      request.body = text.substr(lines.position());
      break;
    }
    const std::size_t colon = std::min(line.find(": "), line.size());
    request.headers.emplace(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
  }
  return request;
}

std::string RequestText(const HttpRequest& request) {
  std::string text = request.method + ' ' + request.path;
  if (!request.query.empty()) text += '?' + request.query;
  text += '\n';
  for (const auto& [name, value] : request.headers) text += name + ": " + value + '\n';
  return text + '\n' + request.body;
}

std::vector<std::string> ApiSeeds() {
  return {
      RequestText(SignedRequest(0)),
      RequestText(SignedRequest(1)),
      RequestText(SignedRequest(2)),
      "GET /x?y=%zz\nauthorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/e\n\n",
      std::string("j") + kSignedBodies[0],
      R"(j{"InstanceId":"i-0123456789abcdef0","InstanceOSUser":"1a$","AvailabilityZone":"us-west-2a"})",
      R"(j{"InstanceId":null,"InstanceOSUser":[],"SSHPublicKey":"\ud800"})",
      std::string("q") + kSignedBodies[1] +
          "&Filter.1.Name=instance-state-name&Filter.1.Value.1=running",
      R"(qAction=DescribeInstances&MaxResults=5&NextToken=aW5zdGFuY2VzIDA%3D)"
      R"(&Filter.1.Name=tag:Name&Filter.1.Value.1=w?b-*\*&Filter.2.Name=tag-key)",
      "qAction=DescribeImages&Owner.1=self&ImageId.1=ami-0123456789abcdef0&Filter.1.Name=name"
      "&Filter.1.Value.1=al2023-*",
      std::string("qVersion=2011-06-15&Action=AssumeRole&RoleSessionName=a%2Bb&RoleArn=") +
          kRoleArn + "&DurationSeconds=900&ExternalId=ab&SerialNumber=123456789&TokenCode=123456",
      std::string("qVersion=2011-06-15&Action=AssumeRoleWithWebIdentity&RoleSessionName=ab") +
          "&RoleArn=" + kRoleArn + "&WebIdentityToken=" + kWebToken,
      R"(c{"instances":[{"instance_id":"i-0123456789abcdef0","metadata":[],"tags":{"Name":"w"},)"
      R"("instance_role":"arn:aws:iam::123456789012:role/a","state":"terminated"}],"page_size":5,)"
      R"("images":[{"image_id":"ami-1","name":"n","owner_id":"1"}],"roles":[{"arn":)"
      R"("arn:aws:iam::123456789012:role/a","mfa_serial":"s","mfa_code":"123456","trusts":["*"],)"
      R"("actions":["ec2:*"],"max_session_seconds":900}],"web_identity_tokens":[{"token":"t",)"
      R"("expired":true}],"container_role":{"role":"arn:aws:iam::123456789012:role/a"}})",
      "qAction=%3Cx%3E&InstanceId.1=i-0&InstanceId.1=&Filter.1.Name=colour",
      R"(c{"instances":[{"instance_id":"i-0123456789abcdef0","metadata":["127.0.0.1:1","[::1]:1"],)"
      R"("presets":["aws-cn","rotating"],"state":"pending","hop_limit":2,"users":["a"]}],)"
      R"("credentials":[{"access_key_id":"A","secret_access_key":"s","instances":[]}]})",
      std::string("k---- BEGIN SSH2 PUBLIC KEY ----\nComment: a\\\nb\n") +
          std::string(kKeyLine).substr(12, 68) + "\n---- END SSH2 PUBLIC KEY ----\n",
  };
}

}  // namespace eic::fuzz
