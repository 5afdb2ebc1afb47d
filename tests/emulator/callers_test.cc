#include "emulator/api/callers.h"

#include <gtest/gtest.h>

#include "emulator/limits.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

using Kind = SignatureProblem::Kind;

class CallersTest : public testing::Test {
 protected:
  HttpRequest SignedBy(const Credential& credential) {
    HttpRequest request{"POST", "/", "", {{"host", "localhost"}}, "body"};
    SignRequest(request, credential, "us-west-2", "ec2", clock_.now());
    return request;
  }

  // Whose request it is, or nothing where it is refused.
  std::string PrincipalOf(const HttpRequest& request) {
    const auto checked = callers_.CallerOf(request, "ec2");
    const auto* known = std::get_if<KnownCaller>(&checked);
    return known == nullptr ? "" : known->credential.principal;
  }

  Kind ProblemOf(const HttpRequest& request) {
    return std::get<SignatureProblem>(callers_.CallerOf(request, "ec2")).kind;
  }

  ManualClock clock_;
  Callers callers_{{ExampleCredential()}, clock_.clock()};
  const Role role_{"arn:aws:iam::123456789012:role/team/admin"};
};

TEST_F(CallersTest, MintedCredentialsAreTakenUntilTheyExpire) {
  const auto minted = callers_.Mint(role_, "bob", 900);
  ASSERT_TRUE(minted);
  EXPECT_EQ(minted->access_key_id.substr(0, 4), "ASIA");
  EXPECT_EQ(minted->access_key_id.size(), 20U);
  EXPECT_EQ(minted->secret_access_key.size(), 40U);
  EXPECT_EQ(minted->expiry, kNow + 900);
  EXPECT_EQ(PrincipalOf(SignedBy(*minted)), "arn:aws:sts::123456789012:assumed-role/admin/bob");
  clock_.Advance(899);
  EXPECT_NE(PrincipalOf(SignedBy(*minted)), "");
  clock_.Advance(1);
  EXPECT_EQ(ProblemOf(SignedBy(*minted)), Kind::kTokenExpired);
}

TEST_F(CallersTest, TheRoleMaySayHowLongItsCredentialsLive) {
  Role brief = role_;
  brief.credential_seconds = 5;
  EXPECT_EQ(callers_.Mint(brief, "bob", 900)->expiry, kNow + 5);
}

TEST_F(CallersTest, KeyAndTokenBelongTogether) {
  const auto minted = callers_.Mint(role_, "bob", 900);
  const auto other = callers_.Mint(role_, "eve", 900);
  Credential mixed = *minted;
  mixed.session_token = other->session_token;
  EXPECT_EQ(ProblemOf(SignedBy(mixed)), Kind::kUnknownKey);
  mixed.session_token = "";
  EXPECT_EQ(ProblemOf(SignedBy(mixed)), Kind::kUnknownKey);
  Credential long_lived = ExampleCredential();
  long_lived.session_token = minted->session_token;
  EXPECT_EQ(ProblemOf(SignedBy(long_lived)), Kind::kUnknownKey);
  Credential wrong = *minted;
  wrong.secret_access_key = other->secret_access_key;
  EXPECT_EQ(ProblemOf(SignedBy(wrong)), Kind::kMismatch);
}

TEST_F(CallersTest, WhatARoleAllowsItsSessionsHave) {
  Role limited = role_;
  limited.actions = std::vector<std::string>{"ec2:*"};
  limited.instances = std::vector<std::string>{"i-0"};
  const auto minted = callers_.Mint(limited, "bob", 900);
  EXPECT_EQ(minted->actions, limited.actions);
  EXPECT_EQ(minted->instances, limited.instances);
  EXPECT_EQ(minted->role_arn, limited.arn);
}

TEST_F(CallersTest, WhenAllAreLiveThereAreNoMore) {
  for (std::size_t i = 0; i < kTemporaryCredentialsMax; ++i) {
    ASSERT_TRUE(callers_.Mint(role_, "bob", i == 0 ? 10 : 900));
  }
  EXPECT_FALSE(callers_.Mint(role_, "bob", 900));
  clock_.Advance(10);
  EXPECT_TRUE(callers_.Mint(role_, "bob", 900));
  EXPECT_FALSE(callers_.Mint(role_, "bob", 900));
}

TEST_F(CallersTest, WithoutConfiguredOnesEverybodyIsKnown) {
  const Callers open({}, clock_.clock());
  const auto checked = open.CallerOf({"POST", "/", "", {}, ""}, "ec2");
  ASSERT_TRUE(std::holds_alternative<KnownCaller>(checked));
  EXPECT_EQ(std::get<KnownCaller>(checked).region, "");
}

}  // namespace
}  // namespace eic::emulator
