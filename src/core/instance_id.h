// The shape of an EC2 instance id.
#pragma once

#include <string_view>

namespace eic {

// True for `i-` and 8 to 32 lower-case hexadecimal digits (doc/key-blob.md, "Instance").
bool IsInstanceId(std::string_view text);

}  // namespace eic
