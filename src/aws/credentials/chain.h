// Where credentials come from, in the AWS CLI's order.
//
//   1  environment, unless Settings name a profile
//   2  role_arn of the profile: AssumeRole, with source_profile or credential_source
//   3  web identity, by environment or profile
//   4  SSO: the AWS CLI's cache, else the AWS CLI
//   5  keys in the credentials file
//   6  login_session: the AWS CLI
//   7  credential_process
//   8  keys in the config file
//   9  container
//   10 instance metadata
#pragma once

#include <string>
#include <vector>

#include "aws/credentials/credentials.h"

namespace eic::aws {

class CredentialChain {
 public:
  // Borrows all four.
  CredentialChain(World& world, const Configuration& configuration, ServiceCalls& calls,
                  Prompter& prompter)
      : search_{world, configuration, calls, prompter} {}

  // Fails with `NoCredentials` where no source is configured, and with the first configured
  // source's failure.
  Outcome<Credentials> Resolve();

 private:
  // Steps 3 to 8 of one profile.
  MaybeCredentials OfProfile(const std::string& name, bool may_use_environment);
  MaybeCredentials OfWebIdentity(const std::string& name, bool may_use_environment);
  MaybeCredentials OfSso(const std::string& name);
  MaybeCredentials OfLogin(const std::string& name);
  MaybeCredentials OfProcess(const std::string& name);

  // Step 2. `visited` are the profiles on the way to `name`, which is the last of them.
  Outcome<Credentials> OfRole(const std::string& name, const std::vector<std::string>& visited);
  Outcome<Credentials> OfRoleSource(const std::string& name,
                                    const std::vector<std::string>& visited);
  Outcome<Credentials> OfSourceProfile(const std::string& name,
                                       const std::vector<std::string>& visited);
  Outcome<Credentials> OfNamedSource(const std::string& source, const std::string& profile);

  Search search_;
};

}  // namespace eic::aws
