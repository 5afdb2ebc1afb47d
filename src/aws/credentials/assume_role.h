// Roles: AssumeRole with MFA, and AssumeRoleWithWebIdentity, each by way of the AWS CLI's cache.
#pragma once

#include <string>

#include "aws/credentials/credentials.h"
#include "aws/credentials/role_cache.h"

namespace eic::aws {

// Gives the credentials that AssumeRole is signed with; asked only where the cache has none.
class SourceOfRole {
 public:
  virtual ~SourceOfRole() = default;
  virtual Outcome<Credentials> Get() = 0;
};

// Asks for an MFA code where `arguments` name a device: one login at a time, and only while the
// cache still has nothing. Fails with STS's errors, `MfaBusy`, and what Prompter fails with.
Outcome<Credentials> AssumeRole(const RoleArguments& arguments, SourceOfRole& source,
                                const Search& search);

// `token_file` is read with each call: whoever provides it renews it.
Outcome<Credentials> AssumeRoleWithWebIdentity(const RoleArguments& arguments,
                                               const std::string& token_file, const Search& search);

}  // namespace eic::aws
