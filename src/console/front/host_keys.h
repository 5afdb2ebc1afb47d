// Whether an instance is the one that it was: the client's known hosts, by instance id.
#pragma once

#include <string>

#include "aws/failure.h"
#include "client/target/settings.h"

namespace eic::console {

enum class HostKeyVerdict { kKnown, kNew, kChanged, kRevoked };

// What `path` says of the key that `instance_id` showed. Fails with `KnownHosts`.
aws::Outcome<HostKeyVerdict> JudgeHostKey(const std::string& path, const std::string& instance_id,
                                          const std::string& blob);

// The types of the keys that are known, comma separated; empty where none is.
std::string KnownTypes(const std::string& path, const std::string& instance_id);

// Adds the key as a line of its own. Fails with `KnownHosts`, also for a blob that is no host key
// (client/signing/host_key.h).
aws::Outcome<Nothing> KeepHostKey(const std::string& path, const std::string& instance_id,
                                  const std::string& blob);

// `ssh-ed25519` of the wire form; empty for what is none.
std::string TypeOfKey(const std::string& blob);

// `SHA256:...`, as ssh has it.
std::string FingerprintOfBlob(const std::string& blob);

}  // namespace eic::console
