// Goal of this test: each byte string has exactly one encoding that is accepted.
#include "core/base64.h"

#include <gtest/gtest.h>

namespace eic {
namespace {

struct Pair {
  const char* name;
  std::string bytes;
  std::string text;
};

class Base64 : public ::testing::TestWithParam<Pair> {};

TEST_P(Base64, EncodesAndDecodes) {
  EXPECT_EQ(EncodeBase64(GetParam().bytes), GetParam().text);
  EXPECT_EQ(DecodeBase64(GetParam().text), GetParam().bytes);
}

// The test vectors of RFC 4648 section 10, and bytes that use the whole alphabet's ends.
INSTANTIATE_TEST_SUITE_P(
    All, Base64,
    ::testing::Values(Pair{"Empty", "", ""}, Pair{"One", "f", "Zg=="}, Pair{"Two", "fo", "Zm8="},
                      Pair{"Three", "foo", "Zm9v"}, Pair{"Four", "foob", "Zm9vYg=="},
                      Pair{"Five", "fooba", "Zm9vYmE="}, Pair{"Six", "foobar", "Zm9vYmFy"},
                      Pair{"Zeros", std::string(3, '\0'), "AAAA"},
                      Pair{"Ones", "\xff\xff\xff", "////"}, Pair{"Plus", "\xfb\xef\xbe", "++++"}),
    [](const auto& row) { return std::string(row.param.name); });

struct Text {
  const char* name;
  std::string text;
};

class NotBase64 : public ::testing::TestWithParam<Text> {};

TEST_P(NotBase64, IsRefused) { EXPECT_EQ(DecodeBase64(GetParam().text), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(
    All, NotBase64,
    ::testing::Values(Text{"OneLetter", "Z"}, Text{"TwoLetters", "Zg"}, Text{"ThreeLetters", "Zm8"},
                      Text{"PaddingTooShort", "Zg="}, Text{"PaddingAlone", "="},
                      Text{"PaddingOnly", "===="}, Text{"PaddingOfThree", "Z==="},
                      Text{"PaddingTooMuch", "Zm9v===="}, Text{"PaddingInside", "Zg==Zm9v"},
                      Text{"PaddingBefore", "=Zg="}, Text{"PaddingSplit", "Zg=v"},
                      Text{"UnusedBitsOfTwo", "Zh=="}, Text{"UnusedBitsOfThree", "Zm9="},
                      Text{"LineEnd", "Zm9v\n"}, Text{"LineEndInside", "Zm9\nv"},
                      Text{"BlankInside", "Zm9v Zm9v"}, Text{"UrlAlphabet", "-_-_"},
                      Text{"Nul", std::string("Zm9\0", 4)}, Text{"HighBit", "Zm9\xf6"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Base64Bytes, EveryByteComesBack) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t length = 1; length <= 4; ++length) {
      const std::string bytes(length, static_cast<char>(byte));
      EXPECT_EQ(DecodeBase64(EncodeBase64(bytes)), bytes);
    }
  }
}

}  // namespace
}  // namespace eic
