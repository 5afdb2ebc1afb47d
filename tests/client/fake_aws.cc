#include "tests/client/fake_aws.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "aws/system/descriptor.h"

namespace eic::fakes {
namespace {

// One write, so that many at once do not mix.
void AppendLine(const std::string& path, const std::string& line) {
  if (path.empty()) return;
  const Descriptor file(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  const std::string text = line + '\n';
  (void)!write(file.get(), text.data(), text.size());
}

class FakeApi : public aws::Api {
 public:
  explicit FakeApi(const FakeAws& aws) : aws_(aws) {}

  const std::string& region() const override { return region_; }

  aws::Outcome<std::vector<aws::Instance>> DescribeInstances(
      const aws::InstanceQuery& query) override {
    if (!Take("DescribeInstances")) return Refused("DescribeInstances");
    std::vector<aws::Instance> found;
    for (const std::string& id : query.instance_ids) {
      if (id == aws_.instance.instance_id) found.push_back(aws_.instance);
    }
    return found;
  }

  aws::Outcome<std::vector<aws::Image>> DescribeImages(const std::vector<std::string>&) override {
    return Refused("DescribeImages");
  }

  aws::Outcome<std::string> SendSshPublicKey(const aws::PushRequest& push) override {
    if (!Take("SendSSHPublicKey " + push.os_user)) return Refused("SendSSHPublicKey");
    AppendLine(aws_.keys_file, push.public_key);
    return std::string("request-of-a-test");
  }

  aws::Outcome<aws::CallerIdentity> GetCallerIdentity() override {
    return Refused("GetCallerIdentity");
  }

  DescribedAndPushed DescribeAndPush(const aws::InstanceQuery& query,
                                     const aws::PushRequest& push) override {
    return {DescribeInstances(query), SendSshPublicKey(push)};
  }

 private:
  bool Take(const std::string& call) const {
    AppendLine(aws_.log_file, call);
    std::this_thread::sleep_for(aws_.pause);
    return aws_.refuses.find(call.substr(0, call.find(' '))) == std::string::npos;
  }

  static aws::Failure Refused(const std::string& call) {
    return {"UnauthorizedOperation", "You are not authorized to perform this operation: " + call};
  }

  const FakeAws aws_;
  std::string region_ = "us-east-1";
};

client::Target IdTarget(const std::string& word) {
  return {client::Target::Kind::kInstanceId, word, word, "", ""};
}

}  // namespace

std::unique_ptr<aws::Api> FakeAws::Open() const { return std::make_unique<FakeApi>(*this); }

aws::Instance RunningInstance(const std::string& instance_id, const std::string& address) {
  aws::Instance instance;
  instance.instance_id = instance_id;
  instance.state = "running";
  instance.availability_zone = "us-east-1a";
  instance.public_ip = address;
  return instance;
}

client::ProxyDoors DoorsTo(const FakeAws& aws, pid_t ssh_pid, const std::string& memory_file) {
  client::ProxyDoors doors;
  doors.ssh_pid = ssh_pid;
  doors.parse_target = IdTarget;
  doors.open_api = [&aws](const aws::Settings&) -> aws::Outcome<std::unique_ptr<aws::Api>> {
    return aws.Open();
  };
  doors.find_instance = [](aws::Api&, const client::Target& target) -> aws::Outcome<aws::Instance> {
    return aws::Failure{"NoSuchInstance", "a test names instances by id, not " + target.word};
  };
  doors.addresses_of = [](const aws::Instance& instance,
                          client::AddressKind) -> aws::Outcome<std::vector<std::string>> {
    if (instance.public_ip.empty()) return aws::Failure{"NoAddress", "no address"};
    return std::vector<std::string>{instance.public_ip};
  };
  doors.recall = [memory_file](const std::string&) -> std::optional<client::Remembered> {
    std::ifstream file(memory_file);
    client::Remembered known;
    if (!(file >> known.os_user >> known.address >> known.availability_zone)) return std::nullopt;
    return known;
  };
  doors.remember = [memory_file](const std::string&, const client::Remembered& known) {
    if (memory_file.empty()) return;
    std::ofstream(memory_file) << known.os_user << ' ' << known.address << ' '
                               << known.availability_zone << '\n';
  };
  return doors;
}

}  // namespace eic::fakes
