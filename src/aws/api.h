// The calls to AWS that a login needs, each signed, retried and read.
//
// An Api is one person's view: one profile, one region. It reads AWS's files and environment when
// it is opened, finds credentials with the first call, and keeps them. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aws/failure.h"

namespace eic::aws {

// What the command line says; an empty one is taken from environment and files, in AWS's order.
struct Settings {
  std::string profile = {};
  std::string region = {};
  std::string endpoint_url = {};  // for every service
  std::string ca_bundle = {};     // a PEM file or a hashed folder
  // One file for all logins of a person, so that only one asks for the MFA code at a time and the
  // others find what it got in the AWS CLI's cache. Empty: nobody waits.
  std::string mfa_lock_path = {};
  bool is_verbose = false;  // prints each call and its time on stderr; no secrets
};

// An instance as DescribeInstances (EC2 query API, 2016-11-15) describes it. What it does not say
// is empty.
struct Instance {
  std::string instance_id;
  std::string image_id;
  std::string state;  // pending, running, shutting-down, terminated, stopping, stopped
  std::string availability_zone;
  std::string instance_type;
  std::string launch_time;
  std::string platform;  // `windows`, or empty
  std::string platform_details;
  std::string vpc_id;
  std::string subnet_id;
  std::string private_dns_name;
  std::string public_dns_name;
  std::string public_ip;
  std::string private_ip;
  std::string ipv6;
  std::map<std::string, std::string> tags;
};

// All of them must hold: ids, and filters of the API (`tag:Name`, `private-ip-address`, ...). Both
// empty: every instance of the region. Pages are followed to their end.
struct InstanceQuery {
  std::vector<std::string> instance_ids = {};
  std::vector<std::pair<std::string, std::vector<std::string>>> filters = {};
};

struct Image {
  std::string image_id;
  std::string name;
  std::string owner_id;
};

// SendSSHPublicKey. `availability_zone` may be empty.
struct PushRequest {
  std::string instance_id;
  std::string os_user;
  std::string public_key;  // OpenSSH's form, one line without its end
  std::string availability_zone = {};
};

struct CallerIdentity {
  std::string account;
  std::string arn;
  std::string user_id;
};

// Asks the person at the terminal.
class Prompter {
 public:
  virtual ~Prompter() = default;

  // The six digits of the MFA device `serial`; fails with `NoTerminal` where nobody can be asked.
  virtual Outcome<std::string> AskMfaCode(const std::string& serial) = 0;
};

class Api {
 public:
  virtual ~Api() = default;

  virtual const std::string& region() const = 0;

  virtual Outcome<std::vector<Instance>> DescribeInstances(const InstanceQuery& query) = 0;
  virtual Outcome<std::vector<Image>> DescribeImages(const std::vector<std::string>& image_ids) = 0;
  // Gives the request's id.
  virtual Outcome<std::string> SendSshPublicKey(const PushRequest& push) = 0;
  virtual Outcome<CallerIdentity> GetCallerIdentity() = 0;

  struct DescribedAndPushed {
    Outcome<std::vector<Instance>> instances;
    Outcome<std::string> request_id;
  };
  // Both calls at the same time; neither waits for the other.
  virtual DescribedAndPushed DescribeAndPush(const InstanceQuery& query,
                                             const PushRequest& push) = 0;
};

// Borrows `prompter` for the Api's life. Fails with `NoRegion`, `BadConfiguration`, and what else
// environment and files can be wrong with; asks the network only where the region is in
// instance metadata alone.
Outcome<std::unique_ptr<Api>> OpenApi(const Settings& settings, Prompter& prompter);

}  // namespace eic::aws
