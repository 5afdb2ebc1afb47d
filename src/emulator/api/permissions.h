// What a caller may do.
#pragma once

#include <string>
#include <string_view>

#include "emulator/api/roles.h"
#include "emulator/sigv4.h"

namespace eic::emulator {

// Whether `caller` may do `action`, such as `ec2:DescribeInstances`. An allowed one may have
// wildcards, `ec2:*`.
bool MayDo(const Credential& caller, const std::string& action);

// Whether `caller` may push keys to that instance.
bool MayPushTo(const Credential& caller, const std::string& instance_id);

// Whether `role` trusts `caller`. A session is trusted where its role is.
bool Trusts(const Role& role, const Credential& caller);

// Whether `pattern` allows an action that the emulator knows.
bool AllowsAnything(std::string_view pattern);

// The actions that the emulator knows, each with a blank in front.
std::string KnownActions();

}  // namespace eic::emulator
