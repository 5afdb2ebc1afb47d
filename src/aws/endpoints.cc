#include "aws/endpoints.h"

#include <algorithm>
#include <optional>

#include "aws/text.h"

namespace eic::aws {
namespace {

// https://docs.aws.amazon.com/general/latest/gr/rande.html and the partitions of AWS's SDKs. Other
// regions belong to the partition `aws`.
struct Partition {
  std::string_view region_prefix;
  std::string_view suffix;
  std::string_view dualstack_suffix;
};
constexpr Partition kPartitions[] = {
    {"", "amazonaws.com", "api.aws"},
    {"us-gov-", "amazonaws.com", "api.aws"},
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
};

const Partition& PartitionOf(const std::string& region) {
  const Partition* best = &kPartitions[0];
  for (const Partition& row : kPartitions) {
    if (StartsWith(region, row.region_prefix) &&
        row.region_prefix.size() > best->region_prefix.size()) {
      best = &row;
    }
  }
  return *best;
}

// A URL, and where it was found.
struct Configured {
  std::string url;
  std::string what;
};

// `ec2_instance_connect`, as `[services]` has it.
std::string KeyOf(Service service) {
  std::string key = NameOf(service);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::optional<Configured> FromEnvironment(Service service, World& world) {
  for (const std::string& name :
       {"AWS_ENDPOINT_URL_" + UpperCase(KeyOf(service)), std::string("AWS_ENDPOINT_URL")}) {
    const auto url = world.Env(name);
    if (url && !url->empty()) return Configured{*url, name};
  }
  return std::nullopt;
}

std::optional<Configured> FromFiles(Service service, const Configuration& configuration) {
  const Profile& own = configuration.OwnProfile();
  const auto services = configuration.profiles.services.find(own.Get("services"));
  if (services != configuration.profiles.services.end()) {
    const auto keys = services->second.find(KeyOf(service));
    if (keys != services->second.end() && keys->second.count("endpoint_url") > 0) {
      return Configured{keys->second.at("endpoint_url"),
                        "[services " + services->first + "] of the config file"};
    }
  }
  if (own.Get("endpoint_url").empty()) return std::nullopt;
  return Configured{own.Get("endpoint_url"), "endpoint_url of profile " + configuration.profile};
}

bool IgnoresConfigured(const Configuration& configuration, World& world) {
  const auto variable = world.Env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (variable && !variable->empty()) return IsTrue(*variable);
  return IsTrue(configuration.OwnProfile().Get("ignore_configured_endpoint_urls"));
}

std::optional<Configured> FindConfigured(Service service, const Configuration& configuration,
                                         World& world) {
  if (!configuration.endpoint_url.empty()) {
    return Configured{configuration.endpoint_url, "--endpoint-url"};
  }
  if (IgnoresConfigured(configuration, world)) return std::nullopt;
  if (auto configured = FromEnvironment(service, world)) return configured;
  return FromFiles(service, configuration);
}

// GovCloud's plain endpoints of EC2 and STS are its FIPS endpoints.
bool IsFipsAnyway(Service service, const std::string& region, bool dualstack) {
  return StartsWith(region, "us-gov-") && !dualstack && service != Service::kEc2InstanceConnect;
}

Endpoint StandardEndpoint(Service service, const std::string& region,
                          const Configuration& configuration) {
  const Partition& partition = PartitionOf(region);
  std::string host = NameOf(service);
  const bool dualstack = configuration.use_dualstack;
  if (configuration.use_fips && !IsFipsAnyway(service, region, dualstack)) host += "-fips";
  host += "." + region + ".";
  host += dualstack ? partition.dualstack_suffix : partition.suffix;
  return {"https", host, "/"};
}

// Letters, digits, what host names and literal addresses have besides, and a port.
bool IsHost(std::string_view host) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]%";
  return !host.empty() && host.find_first_not_of(kAlphabet) == std::string_view::npos;
}

bool IsPath(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '?' && c != '#' && c != '"' && c != '\\';
  });
}

}  // namespace

std::string NameOf(Service service) {
  switch (service) {
    case Service::kEc2:
      return "ec2";
    case Service::kEc2InstanceConnect:
      return "ec2-instance-connect";
    case Service::kSts:
      return "sts";
  }
  return "";
}

Outcome<Endpoint> ParseEndpointUrl(const std::string& url, const std::string& what) {
  // The part before an `@` may be a password.
  const std::size_t at = url.rfind('@');
  const std::string shown = at == std::string::npos ? url : "..." + url.substr(at);
  const Failure bad{"BadConfiguration", what + " is \"" + shown + "\", which is not an endpoint",
                    "Write it as https://HOST[:PORT]."};
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return bad;
  Endpoint endpoint;
  endpoint.scheme = LowerCase(url.substr(0, scheme_end));
  if (endpoint.scheme != "http" && endpoint.scheme != "https") return bad;
  const std::string rest = url.substr(scheme_end + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  endpoint.host = rest.substr(0, slash);
  endpoint.path = slash == rest.size() ? "/" : rest.substr(slash);
  if (!IsHost(endpoint.host) || !IsPath(endpoint.path)) return bad;
  // As libcurl's Host header has it.
  const std::string own_port = endpoint.scheme == "http" ? ":80" : ":443";
  if (EndsWith(endpoint.host, own_port)) {
    endpoint.host.resize(endpoint.host.size() - own_port.size());
  }
  return endpoint;
}

Outcome<Endpoint> FindEndpoint(Service service, const std::string& region,
                               const Configuration& configuration, World& world) {
  const auto configured = FindConfigured(service, configuration, world);
  if (!configured) return StandardEndpoint(service, region, configuration);
  if (configuration.use_fips || configuration.use_dualstack) {
    return Failure{"BadConfiguration",
                   configured->what + " sets an endpoint, and " +
                       (configuration.use_fips ? "FIPS" : "dual-stack") +
                       " endpoints are requested: they exclude each other",
                   "Remove one of the two settings; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true "
                   "ignores the endpoint."};
  }
  return ParseEndpointUrl(configured->url, configured->what);
}

}  // namespace eic::aws
