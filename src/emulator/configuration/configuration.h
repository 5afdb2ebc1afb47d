// The configuration of several instances and of who may call, a JSON object:
//
//   { "instances": [ {
//       "instance_id": "i-0123456789abcdef0",        required
//       "metadata": ["169.254.169.254:80"],          required: where its metadata is served
//       "presets": ["aws-cn", "xen"],                presets.h; what stands below counts for more
//       "region": "us-west-2", "availability_zone": "us-west-2a", "domain": "amazonaws.com",
//       "account_id": "123456789012",
//       "state": "running",                          running, pending, stopped
//       "hypervisor": "nitro",                       nitro, xen
//       "users": ["ec2-user"],                       a push for another is noted in the events
//       "metadata_enabled": true, "hop_limit": 1,
//       "public_ip": "127.0.0.1", "private_ip": "127.0.0.1", "ipv6": "::1" } ],
//     "credentials": [ {
//       "access_key_id": "AKIAIOSFODNN7EXAMPLE",     required
//       "secret_access_key": "...",                  required
//       "session_token": "...",
//       "principal": "arn:aws:iam::123456789012:user/alice",
//       "instances": ["i-0123456789abcdef0"] } ] }   whom it may push to; without it: all
#pragma once

#include <string_view>
#include <vector>

#include "emulator/instance.h"
#include "emulator/metadata/record_signer.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

struct ConfiguredInstance {
  Instance instance;
  ChainSettings chain;
};

struct Configuration {
  std::vector<ConfiguredInstance> instances;
  std::vector<Credential> credentials;  // ExampleCredential() when it names none
};

// Throws EmulatorError, `instances[0].hop_limit: REASON`, for what is not as above: unknown names,
// two instances of one id, metadata over IPv6 of a Xen instance, which EC2 does not have.
Configuration ParseConfiguration(std::string_view json);

}  // namespace eic::emulator
