// Programs that print credentials: credential_process, and the AWS CLI for what this project leaves
// to it (SSO, `aws login`).
#pragma once

#include <string>

#include "aws/credentials/credentials.h"

namespace eic::aws {

// The profile's credential_process, split into words as Python's shlex does and run without a
// shell. Fails with `CredentialProcessFailed` and `BadConfiguration`.
Outcome<Credentials> RunCredentialProcess(const std::string& command, const std::string& profile,
                                          World& world);

// `aws configure export-credentials`, AWS CLI 2.9 or later. `login_command` is what a person runs
// when the session has ended. Fails with `NoCredentials`.
Outcome<Credentials> ExportByAwsCli(const std::string& profile, const std::string& login_command,
                                    World& world);

// What such a program prints: {"Version": 1, "AccessKeyId", "SecretAccessKey", "SessionToken"?,
// "Expiration"?}. The message of a failure has nothing of `text` in it: it may hold a secret.
Outcome<Credentials> ParseProcessOutput(const std::string& text);

}  // namespace eic::aws
