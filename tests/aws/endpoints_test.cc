// Configured endpoints; same_as_botocore.py compares AWS's own with botocore's rules.
#include "aws/endpoints.h"

#include <gtest/gtest.h>

#include "tests/aws/fake_world.h"

namespace eic::aws {
namespace {

constexpr const char* kConfig = "/home/me/.aws/config";

std::string UrlOf(Service service, FakeWorld& world, const Settings& settings = {}) {
  const auto configuration = ReadConfiguration(settings, world);
  if (!configuration) return configuration.error().message;
  const auto endpoint = FindEndpoint(service, "us-east-1", *configuration, world);
  if (!endpoint) return endpoint.error().code;
  return endpoint->scheme + "://" + endpoint->host + endpoint->path;
}

TEST(FindEndpoint, LooksInOrder) {
  FakeWorld world;
  EXPECT_EQ(UrlOf(Service::kEc2InstanceConnect, world),
            "https://ec2-instance-connect.us-east-1.amazonaws.com/");
  world.files[kConfig] = "[default]\nendpoint_url = http://profile\n";
  EXPECT_EQ(UrlOf(Service::kEc2InstanceConnect, world), "http://profile/");
  world.files[kConfig] +=
      "services = s\n[services s]\nec2_instance_connect =\n  endpoint_url = http://services\n";
  EXPECT_EQ(UrlOf(Service::kEc2InstanceConnect, world), "http://services/");
  EXPECT_EQ(UrlOf(Service::kEc2, world), "http://profile/");
  world.environment["AWS_ENDPOINT_URL"] = "http://all";
  EXPECT_EQ(UrlOf(Service::kEc2InstanceConnect, world), "http://all/");
  world.environment["AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT"] = "http://one";
  EXPECT_EQ(UrlOf(Service::kEc2InstanceConnect, world), "http://one/");
  EXPECT_EQ(UrlOf(Service::kSts, world), "http://all/");
  Settings settings;
  settings.endpoint_url = "http://option";
  EXPECT_EQ(UrlOf(Service::kEc2InstanceConnect, world, settings), "http://option/");
}

TEST(FindEndpoint, IgnoresConfiguredOnesWhenTold) {
  FakeWorld world;
  world.environment["AWS_ENDPOINT_URL"] = "http://all";
  world.files[kConfig] = "[default]\nignore_configured_endpoint_urls = true\n";
  EXPECT_EQ(UrlOf(Service::kSts, world), "https://sts.us-east-1.amazonaws.com/");
  world.environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false";
  EXPECT_EQ(UrlOf(Service::kSts, world), "http://all/");
}

TEST(FindEndpoint, RefusesAConfiguredOneBesideFipsOrDualStack) {
  for (const char* variable : {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}) {
    FakeWorld world;
    world.environment = {{"AWS_ENDPOINT_URL", "http://all"}, {variable, "true"}};
    EXPECT_EQ(UrlOf(Service::kSts, world), "BadConfiguration") << variable;
  }
}

TEST(ParseEndpointUrl, DividesAUrl) {
  const auto endpoint = ParseEndpointUrl("HTTPS://[::1]:8443/base/", "x");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->scheme, "https");
  EXPECT_EQ(endpoint->host, "[::1]:8443");
  EXPECT_EQ(endpoint->path, "/base/");
  EXPECT_EQ(ParseEndpointUrl("https://a:443", "x")->host, "a");
  EXPECT_EQ(ParseEndpointUrl("http://a:443", "x")->host, "a:443");
}

TEST(ParseEndpointUrl, RefusesWhatIsNoEndpoint) {
  const std::pair<const char*, const char*> rows[] = {
      {"empty", ""},
      {"no scheme", "127.0.0.1:1339"},
      {"another scheme", "file:///etc/passwd"},
      {"no host", "http:///x"},
      {"user", "http://me@host"},
      {"query", "http://host/?a=b"},
      {"fragment", "http://host/#a"},
      {"line end", "http://host/\r\nX: y"},
      {"blank", "http://ho st"},
  };
  for (const auto& [name, url] : rows) {
    const auto endpoint = ParseEndpointUrl(url, "AWS_ENDPOINT_URL");
    ASSERT_FALSE(endpoint) << name;
    EXPECT_EQ(endpoint.error().message.find("AWS_ENDPOINT_URL is"), 0U);
  }
}

}  // namespace
}  // namespace eic::aws
