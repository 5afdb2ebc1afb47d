// Calls to AWS's services: signed, sent side by side, tried again, read as far as the error.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "aws/configuration.h"
#include "aws/endpoints.h"
#include "aws/failure.h"
#include "aws/sigv4.h"
#include "aws/world.h"

namespace eic::aws {

struct ServiceCall {
  Service service;
  std::string operation;               // `DescribeInstances`
  std::string body;                    // a form for EC2 and STS, JSON for EC2 Instance Connect
  std::optional<SigningKey> key = {};  // nothing: not signed
};

// One person's calls. What it learns of the clock it keeps.
class ServiceCalls {
 public:
  // Borrows both. `region` is one by IsRegion.
  ServiceCalls(World& world, const Configuration& configuration, std::string region);

  // The body of each answer, in the order of `calls`. Fails with AWS's code, `ConnectionFailed`, or
  // `BadConfiguration` where an endpoint is none.
  std::vector<Outcome<std::string>> Perform(const std::vector<ServiceCall>& calls);
  Outcome<std::string> Perform(const ServiceCall& call);

  const std::string& region() const { return region_; }

 private:
  struct Attempts;

  std::optional<Outcome<std::string>> Prepare(Attempts& call);
  std::optional<std::chrono::milliseconds> BeginDue(std::vector<Attempts>& all);
  void Begin(Attempts& call);
  void Take(Attempts& call, const HttpReply& reply);
  bool CorrectsClock(const Attempts& call, const HttpReply& reply, const std::string& code);
  Instant Now() { return world_.Now() + clock_offset_s_; }

  World& world_;
  const Configuration& configuration_;
  std::string region_;
  std::int64_t clock_offset_s_ = 0;
};

// Fields of the query protocol: `Action=...&Version=...&NAME=VALUE`.
std::string QueryForm(const std::string& action, const std::string& version,
                      const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace eic::aws
