#include "tests/fuzz/api_request.h"

#include <algorithm>
#include <utility>

#include "core/bytes.h"
#include "emulator/sigv4.h"
#include "tests/fuzz/fixture.h"

namespace eic::fuzz {

using emulator::HttpRequest;

const char* const kSignedBodies[2] = {
    R"({"InstanceId":"i-0123456789abcdef0","InstanceOSUser":"alice","SSHPublicKey":)"
    R"("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKlL2iBouyn6vOTuJYGeoY+pmPkbECSon/tayiPgBOf1 alice@laptop"})",
    "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0",
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
  const bool is_json = index == 0;
  HttpRequest request =
      is_json ? JsonRequest(kSignedBodies[index]) : FormRequest(kSignedBodies[index]);
  emulator::SignRequest(request, emulator::ExampleCredential(), kRegion,
                        is_json ? "ec2-instance-connect" : "ec2", kNow);
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
      "GET /x?y=%zz\nauthorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/e\n\n",
      std::string("j") + kSignedBodies[0],
      R"(j{"InstanceId":"i-0123456789abcdef0","InstanceOSUser":"1a$","AvailabilityZone":"us-west-2a"})",
      R"(j{"InstanceId":null,"InstanceOSUser":[],"SSHPublicKey":"\ud800"})",
      std::string("q") + kSignedBodies[1] +
          "&Filter.1.Name=instance-state-name&Filter.1.Value.1=running",
      "qAction=%3Cx%3E&InstanceId.1=i-0&InstanceId.1=&Filter.1.Name=colour",
      R"(c{"instances":[{"instance_id":"i-0123456789abcdef0","metadata":["127.0.0.1:1","[::1]:1"],)"
      R"("presets":["aws-cn","rotating"],"state":"pending","hop_limit":2,"users":["a"]}],)"
      R"("credentials":[{"access_key_id":"A","secret_access_key":"s","instances":[]}]})",
      std::string("k---- BEGIN SSH2 PUBLIC KEY ----\nComment: a\\\nb\n") +
          std::string(kKeyLine).substr(12, 68) + "\n---- END SSH2 PUBLIC KEY ----\n",
  };
}

}  // namespace eic::fuzz
