// Where each service is called: endpoints that a person configured, else AWS's own.
#pragma once

#include <string>

#include "aws/configuration.h"
#include "aws/failure.h"
#include "aws/world.h"

namespace eic::aws {

enum class Service { kEc2, kEc2InstanceConnect, kSts };

// `ec2-instance-connect`: of host names and signatures.
std::string NameOf(Service service);

struct Endpoint {
  std::string scheme;  // http or https
  std::string host;  // with its port where that is not the scheme's own, as the Host header has it
  std::string path;  // `/` and what a configured URL adds
};

// `http://HOST[:PORT][/PATH]`; fails with `BadConfiguration`. `what` says where it was found.
Outcome<Endpoint> ParseEndpointUrl(const std::string& url, const std::string& what);

// In this order: Settings, AWS_ENDPOINT_URL_SERVICE, AWS_ENDPOINT_URL, the profile's `services`
// section, its endpoint_url, AWS's table of partitions. `region` is one by IsRegion.
Outcome<Endpoint> FindEndpoint(Service service, const std::string& region,
                               const Configuration& configuration, World& world);

}  // namespace eic::aws
