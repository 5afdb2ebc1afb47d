// Goal of this test: a vector that says something the loader does not understand fails, so that no
// vector is thought to test what it does not.
#include <gtest/gtest.h>

#include <ostream>

#include "issuer/issuer_error.h"
#include "tests/testkit/vector.h"

namespace eic::testkit {
namespace {

const std::string kGood =
    "comment: A case.\nexpect: none\nuser: alice\nnow: 2000000000\n"
    "instance: i-0123456789abcdef0\nregion: us-west-2\ndomain: amazonaws.com\n"
    "evidence: good\nanchors: root\n\n";

std::string Without(const std::string& line) {
  std::string text = kGood;
  return text.erase(text.find(line), line.size());
}

TEST(VectorFile, KeepsEveryByteOfTheBlob) {
  const std::string blob("\n\0\xff\r\n x: y\n\n", 12);
  const Vector vector = ParseVector(kGood + blob);
  EXPECT_EQ(vector.blob, blob);
  EXPECT_EQ(FormatVector(vector), kGood + blob);
}

TEST(VectorFile, KeepsEveryByteOfAValue) {
  std::string text = kGood;
  const std::string value("\0 \xff: x ", 8);
  text.replace(text.find("alice"), 5, value);
  EXPECT_EQ(ParseVector(text).user, value);
}

TEST(VectorFile, TellsAnEmptyValueFromNone) {
  const Vector vector = ParseVector("fingerprint:\n" + kGood);
  ASSERT_TRUE(vector.fingerprint.has_value());
  EXPECT_EQ(*vector.fingerprint, "");
  EXPECT_FALSE(vector.key_type.has_value());
}

TEST(VectorFile, ReadsSeveralExpectationsInOrder) {
  const Vector vector = ParseVector("expect: key-expired\n" + kGood);
  EXPECT_EQ(vector.expect, (std::vector<std::string>{"key-expired", "none"}));
}

struct BadFile {
  const char* name;
  std::string text;
};

// By its name: GoogleTest would print the bytes, those between the members too.
void PrintTo(const BadFile& file, std::ostream* stream) { *stream << file.name; }

class BadVectorFile : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadVectorFile, IsRefused) {
  EXPECT_THROW(ParseVector(GetParam().text), issuer::IssuerError);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadVectorFile,
    ::testing::Values(BadFile{"UnknownKey", "colour: red\n" + kGood},
                      BadFile{"KeyInOtherCase", "Key-Type: x\n" + kGood},
                      BadFile{"BlankBeforeColon", "key-type : x\n" + kGood},
                      BadFile{"RepeatedKey", "user: bob\n" + kGood},
                      BadFile{"RepeatedOptionalKey", "key-type: x\nkey-type: x\n" + kGood},
                      BadFile{"NoComment", Without("comment: A case.\n")},
                      BadFile{"NoExpectation", Without("expect: none\n")},
                      BadFile{"NoUser", Without("user: alice\n")},
                      BadFile{"NoTime", Without("now: 2000000000\n")},
                      BadFile{"NoAnchors", Without("anchors: root\n")},
                      BadFile{"TimeIsNoNumber", Without("now: 2000000000\n") + "now: today\n\n"},
                      BadFile{"LineWithoutColon", "comment\n" + kGood},
                      BadFile{"NoEndOfHeader", kGood.substr(0, kGood.size() - 1)},
                      BadFile{"Empty", ""}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace eic::testkit
