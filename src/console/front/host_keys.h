// Whether an instance shows the host key that is known for it: the client's known hosts, by
// instance id.
#pragma once

#include <string>

#include "aws/failure.h"
#include "client/target/settings.h"

namespace eic::console {

enum class HostKeyVerdict { kKnown, kNew, kChanged, kRevoked };

// What `path` says about the key that `instance_id` showed. Fails with `KnownHosts`.
aws::Outcome<HostKeyVerdict> JudgeHostKey(const std::string& path, const std::string& instance_id,
                                          const std::string& blob);

// The types of the known keys, comma separated; empty if none is known.
std::string KnownTypes(const std::string& path, const std::string& instance_id);

// Adds the key as a new line. Fails with `KnownHosts`, also for a blob that is not a host key
// (client/signing/host_key.h).
aws::Outcome<Nothing> KeepHostKey(const std::string& path, const std::string& instance_id,
                                  const std::string& blob);

// The type in the wire form, such as `ssh-ed25519`; empty if it is not a key.
std::string TypeOfKey(const std::string& blob);

// `SHA256:...`, as ssh has it.
std::string FingerprintOfBlob(const std::string& blob);

}  // namespace eic::console
