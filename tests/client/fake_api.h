// A double of AWS's calls: instances that it filters as the service does, and all that was asked.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "aws/api.h"
#include "client/target/wildcard.h"

namespace eic::fakes {

// What several Api's of one test share.
struct FakeCloud {
  std::vector<aws::Instance> instances;
  std::vector<aws::Image> images;
  std::string region = "us-west-2";
  std::vector<std::string> calls;  // `DescribeInstances tag:Name=web`, `Push USER@ID KEY ZONE`
  std::vector<aws::Settings> opened;
  std::optional<aws::Failure> describe_fails;
  std::optional<aws::Failure> push_fails;
};

class FakeApi : public aws::Api {
 public:
  explicit FakeApi(FakeCloud& cloud) : cloud_(cloud) {}

  const std::string& region() const override { return cloud_.region; }

  aws::Outcome<std::vector<aws::Instance>> DescribeInstances(
      const aws::InstanceQuery& query) override {
    std::string call = "DescribeInstances";
    for (const std::string& id : query.instance_ids) call += " " + id;
    for (const auto& [name, values] : query.filters) {
      for (const std::string& value : values) call += " " + name + "=" + value;
    }
    cloud_.calls.push_back(call);
    if (cloud_.describe_fails) return *cloud_.describe_fails;
    std::vector<aws::Instance> found;
    for (const aws::Instance& instance : cloud_.instances) {
      if (Fits(instance, query)) found.push_back(instance);
    }
    if (!query.instance_ids.empty() && found.empty()) {
      return aws::Failure{"InvalidInstanceID.NotFound",
                          "The instance ID '" + query.instance_ids[0] + "' does not exist"};
    }
    return found;
  }

  aws::Outcome<std::vector<aws::Image>> DescribeImages(
      const std::vector<std::string>& image_ids) override {
    cloud_.calls.push_back("DescribeImages " + image_ids.at(0));
    std::vector<aws::Image> found;
    for (const aws::Image& image : cloud_.images) {
      if (image.image_id == image_ids[0]) found.push_back(image);
    }
    return found;
  }

  aws::Outcome<std::string> SendSshPublicKey(const aws::PushRequest& push) override {
    cloud_.calls.push_back("Push " + push.os_user + "@" + push.instance_id + " " + push.public_key +
                           " " + push.availability_zone);
    if (cloud_.push_fails) return *cloud_.push_fails;
    return std::string("11111111-2222-3333-4444-555555555555");
  }

  aws::Outcome<aws::CallerIdentity> GetCallerIdentity() override {
    return aws::CallerIdentity{"123456789012", "arn:aws:iam::123456789012:user/alice", "AIDA"};
  }

  DescribedAndPushed DescribeAndPush(const aws::InstanceQuery& query,
                                     const aws::PushRequest& push) override {
    return {DescribeInstances(query), SendSshPublicKey(push)};
  }

 private:
  static std::string ValueOf(const aws::Instance& instance, const std::string& filter) {
    if (filter == "tag:Name") {
      const auto name = instance.tags.find("Name");
      return name == instance.tags.end() ? "" : name->second;
    }
    if (filter == "ip-address") return instance.public_ip;
    if (filter == "private-ip-address") return instance.private_ip;
    if (filter == "private-dns-name") return instance.private_dns_name;
    if (filter == "dns-name") return instance.public_dns_name;
    if (filter == "network-interface.ipv6-addresses.ipv6-address") return instance.ipv6;
    return "no filter that the double knows";
  }

  // Without the escapes, and with wildcards where there are none.
  static bool FitsValue(const std::string& value, const std::string& pattern) {
    std::string plain;
    bool has_escape = false;
    for (const char c : pattern) {
      if (c == '\\' && !has_escape) {
        has_escape = true;
        continue;
      }
      plain += c;
      has_escape = false;
    }
    if (plain != pattern) return value == plain;
    return client::MatchesWildcard(pattern, value);
  }

  static bool Fits(const aws::Instance& instance, const aws::InstanceQuery& query) {
    const auto& ids = query.instance_ids;
    if (!ids.empty() && std::find(ids.begin(), ids.end(), instance.instance_id) == ids.end()) {
      return false;
    }
    return std::all_of(query.filters.begin(), query.filters.end(), [&](const auto& filter) {
      return std::any_of(filter.second.begin(), filter.second.end(), [&](const std::string& value) {
        return FitsValue(ValueOf(instance, filter.first), value);
      });
    });
  }

  FakeCloud& cloud_;
};

// Running, by Amazon's own image.
inline aws::Instance SampleInstance(const std::string& id, const std::string& name) {
  aws::Instance instance;
  instance.instance_id = id;
  instance.image_id = "ami-0123456789abcdef0";
  instance.state = "running";
  instance.availability_zone = "us-west-2a";
  instance.instance_type = "t3.micro";
  instance.launch_time = "2026-05-04T03:02:01.000Z";
  instance.public_ip = "203.0.113.25";
  instance.private_ip = "10.0.0.5";
  if (!name.empty()) instance.tags["Name"] = name;
  return instance;
}

}  // namespace eic::fakes
