// A machine image, as DescribeImages describes it.
#pragma once

#include <string>

namespace eic::emulator {

struct Image {
  std::string image_id;
  std::string name;
  std::string owner_id;
  std::string owner_alias = {};  // `amazon`, `aws-marketplace`, or empty
};

// What an instance is made of when nothing else is said: an Amazon Linux 2023 of Amazon's account.
inline Image DefaultImage() {
  return {"ami-0123456789abcdef0", "al2023-ami-2023.6.20241212.0-kernel-6.1-x86_64", "137112412989",
          "amazon"};
}

}  // namespace eic::emulator
