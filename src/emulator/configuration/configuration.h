// The configuration file: several instances, and who may call. It is a JSON object:
//
//   { "instances": [ {
//       "instance_id": "i-0123456789abcdef0",        required
//       "metadata": ["169.254.169.254:80"],          required: where it is served; [] is nowhere
//       "presets": ["aws-cn", "xen"],                presets.h; the settings below override them
//       "region": "us-west-2",
//       "availability_zone": "us-west-2a",
//       "domain": "amazonaws.com",
//       "account_id": "123456789012",
//       "state": "running",                          or pending, stopped, stopping, shutting-down,
//                                                    terminated
//       "hypervisor": "nitro",                       nitro, xen
//       "users": ["ec2-user"],                       a push for another is noted in the events
//       "metadata_enabled": true, "hop_limit": 1,
//       "instance_role": "arn:...",                  one of `roles`; its metadata has credentials
//       "public_ip": "127.0.0.1", "private_ip": "127.0.0.1", "ipv6": "::1",
//       "public_dns_name": "...", "private_dns_name": "...",   without them: by the addresses
//       "tags": {"Name": "web-1"},
//       "image_id": "ami-0123456789abcdef0", "instance_type": "t3.micro",
//       "launch_time": "2026-01-02T03:04:05.000Z",   without it: when the emulator started
//       "platform": "windows", "platform_details": "Linux/UNIX",
//       "vpc_id": "vpc-...", "subnet_id": "subnet-..." } ],
//     "images": [ {                                  beside the one that instances have by default
//       "image_id": "ami-0123456789abcdef1",         required
//       "name": "ubuntu/images/...",                 required
//       "owner_id": "099720109477",                  required
//       "owner_alias": "amazon" } ],
//     "page_size": 5,                                DescribeInstances gives no more at once
//     "credentials": [ {
//       "access_key_id": "AKIAIOSFODNN7EXAMPLE",     required
//       "secret_access_key": "...",                  required
//       "session_token": "...",
//       "principal": "arn:aws:iam::123456789012:user/alice",
//       "actions": ["ec2:Describe*"],                what it may do; without it: all
//       "instances": ["i-0123456789abcdef0"] } ],    whom it may push to; without it: all
//     "roles": [ {
//       "arn": "arn:aws:iam::123456789012:role/admin",         required
//       "external_id": "...",
//       "mfa_serial": "arn:...", "mfa_code": "123456",         both or none
//       "trusts": ["arn:..."],                       who may assume it; without it: all
//       "actions": [...], "instances": [...],        of its sessions, as above
//       "max_session_seconds": 3600,
//       "credential_seconds": 10 } ],                what its credentials live, whatever is asked
//     "web_identity_tokens": [ {
//       "token": "...",                              required
//       "subject": "...", "roles": ["arn:..."], "expired": true } ],
//     "container_role": {
//       "role": "arn:...",                           required: one of `roles`
//       "path": "/v2/credentials/...", "authorization": "...",
//       "addresses": ["169.254.170.2:80"] } }        beside the API's
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "emulator/api/roles.h"
#include "emulator/image.h"
#include "emulator/instance.h"
#include "emulator/metadata/container_routes.h"
#include "emulator/metadata/record_signer.h"
#include "emulator/server/address.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

struct ConfiguredInstance {
  Instance instance;
  ChainSettings chain;
};

struct ConfiguredContainer {
  ContainerRole role;
  std::vector<Address> addresses;
};

struct Configuration {
  std::vector<ConfiguredInstance> instances;
  std::vector<Credential> credentials;  // ExampleCredential() when it names none
  std::vector<Role> roles = {};
  std::vector<WebIdentityToken> web_identity_tokens = {};
  std::vector<Image> images = {DefaultImage()};
  std::optional<ConfiguredContainer> container = std::nullopt;
  std::size_t page_size = 0;
};

// Throws EmulatorError, `instances[0].hop_limit: REASON`, for what is not as above: unknown names,
// two instances of one id, metadata over IPv6 of a Xen instance, which EC2 does not have.
Configuration ParseConfiguration(std::string_view json);

}  // namespace eic::emulator
