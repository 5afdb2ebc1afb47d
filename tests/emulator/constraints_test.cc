#include "emulator/api/constraints.h"

#include <gtest/gtest.h>

namespace eic::emulator {
namespace {

TEST(ConstraintWords, NothingIsSaidWhenAllHold) {
  Constraints constraints;
  constraints.Pattern("instanceId", "i-0", true, "^i-[a-f0-9]+$");
  constraints.Length("a", "abc", 3, 3);
  constraints.Length("b", "abc", 0, 0);
  constraints.Range("c", 900, 900, 43200);
  EXPECT_EQ(constraints.Message(), "");
}

TEST(ConstraintWords, OneIsSaidInTheWordsThatUsersSee) {
  Constraints constraints;
  constraints.Pattern("instanceId", "mi-048afb7f6460a110d", false, "^i-[a-f0-9]+$");
  EXPECT_EQ(constraints.Message(),
            "1 validation error detected: Value 'mi-048afb7f6460a110d' at 'instanceId' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern: ^i-[a-f0-9]+$");
}

TEST(ConstraintWords, SeveralAreCountedAndListed) {
  Constraints constraints;
  constraints.Null("sSHPublicKey");
  constraints.Length("a", "x", 10, 32);
  constraints.Length("b", "xxx", 1, 2);
  constraints.Range("c", 60, 900, 43200);
  constraints.Range("d", 50000, 900, 43200);
  EXPECT_EQ(
      constraints.Message(),
      "5 validation errors detected: "
      "Value null at 'sSHPublicKey' failed to satisfy constraint: Member must not be null; "
      "Value 'x' at 'a' failed to satisfy constraint: Member must have length greater than or "
      "equal to 10; "
      "Value 'xxx' at 'b' failed to satisfy constraint: Member must have length less than or "
      "equal to 2; "
      "Value '60' at 'c' failed to satisfy constraint: Member must have value greater than or "
      "equal to 900; "
      "Value '50000' at 'd' failed to satisfy constraint: Member must have value less than or "
      "equal to 43200");
}

}  // namespace
}  // namespace eic::emulator
