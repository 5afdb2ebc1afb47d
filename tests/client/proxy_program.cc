// The proxy as a program, with a double of AWS: what the tests' ssh runs as its ProxyCommand.
// usage: eic-test-proxy HOST PORT USER. The environment says what AWS does:
//   EIC_TEST_KEYS      the AuthorizedKeysFile that keys are pushed into
//   EIC_TEST_LOG       the file that calls are written to
//   EIC_TEST_MEMORY    the file of what is remembered
//   EIC_TEST_ADDRESS   of the instance; 127.0.0.1
//   EIC_TEST_STATE     of the instance; running
//   EIC_TEST_PAUSE_MS  before each answer of AWS; 0
//   EIC_TEST_REFUSES   calls that are refused
//   EIC_TEST_KEY_TYPE  rsa, or else Ed25519
//   EIC_TEST_VERBOSE   anything: tell what is done
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "client/proxy/tell.h"
#include "tests/client/fake_aws.h"

namespace {

std::string Variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: eic-test-proxy HOST PORT USER\n");
    return 2;
  }
  using namespace eic;
  const aws::Outcome<client::Folder> folder = client::OpenFolder();
  if (!folder) {
    std::fprintf(stderr, "%s: %s\n", folder.error().code.c_str(), folder.error().message.c_str());
    return 1;
  }
  fakes::FakeAws aws;
  aws.instance = fakes::RunningInstance(argv[1], Variable("EIC_TEST_ADDRESS", "127.0.0.1"));
  aws.instance.state = Variable("EIC_TEST_STATE", "running");
  aws.keys_file = Variable("EIC_TEST_KEYS", "");
  aws.log_file = Variable("EIC_TEST_LOG", "");
  aws.pause = std::chrono::milliseconds(std::atoi(Variable("EIC_TEST_PAUSE_MS", "0").c_str()));
  aws.refuses = Variable("EIC_TEST_REFUSES", "");
  client::ProxyOptions options;
  options.host = argv[1];
  options.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  options.os_user = argv[3];
  options.settings.is_verbose = std::getenv("EIC_TEST_VERBOSE") != nullptr;
  if (Variable("EIC_TEST_KEY_TYPE", "") == "rsa") options.key_type = client::KeyType::kRsa;
  client::BeProxy(*folder, options,
                  fakes::DoorsTo(aws, getppid(), Variable("EIC_TEST_MEMORY", "")));
}
