#include "emulator/server/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "emulator/emulator_error.h"
#include "emulator/limits.h"
#include "emulator/server/fault_bytes.h"

namespace eic::emulator {
namespace {

HttpRequest Get(const std::string& path) { return {"GET", path, "", {}, ""}; }

struct Planned {
  explicit Planned(std::string_view text) { EXPECT_TRUE(plan.Add(ParseFault(text))); }
  bool Strikes(const HttpRequest& request) { return plan.Take(request).has_value(); }
  FaultPlan plan;
};

TEST(Faults, NamesTimesAndPathsAreRead) {
  const Fault fault = ParseFault("reset:each-once@/latest/api/token");
  EXPECT_EQ(fault.kind, FaultKind::kReset);
  EXPECT_EQ(fault.times, Fault::Times::kEachOnce);
  EXPECT_EQ(fault.path, "/latest/api/token");
  EXPECT_EQ(ParseFault("503").status, 503);
  EXPECT_EQ(ParseFault("hang:once").times, Fault::Times::kOnce);
  EXPECT_EQ(ParseFault("hang").times, Fault::Times::kAlways);
}

TEST(Faults, AnythingElseIsRefusedWithTheNames) {
  for (const char* text : {"", "hung", "200", "hang:", "hang:twice", "hang@", "hang@path",
                           "hang:once:once", ":once", "@/x"}) {
    EXPECT_THROW((void)ParseFault(text), EmulatorError) << text;
  }
  try {
    (void)ParseFault("hung");
  } catch (const EmulatorError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("slow-drip"));
  }
}

TEST(Faults, AlwaysStrikesEveryMetadataRequest) {
  Planned planned("hang");
  EXPECT_TRUE(planned.Strikes(Get("/a")));
  EXPECT_TRUE(planned.Strikes(Get("/a")));
  EXPECT_FALSE(planned.Strikes(Get("/")));  // the API
}

TEST(Faults, OnceStrikesTheFirstRequestAlone) {
  Planned planned("hang:once");
  EXPECT_TRUE(planned.Strikes(Get("/a")));
  EXPECT_FALSE(planned.Strikes(Get("/a")));
  EXPECT_FALSE(planned.Strikes(Get("/b")));
}

TEST(Faults, EachOnceStrikesTheFirstRequestOfEachMethodAndPath) {
  Planned planned("hang:each-once");
  EXPECT_TRUE(planned.Strikes(Get("/a")));
  EXPECT_FALSE(planned.Strikes(Get("/a/")));
  EXPECT_TRUE(planned.Strikes(Get("/b")));
  EXPECT_TRUE(planned.Strikes({"PUT", "/a", "", {}, ""}));
}

TEST(Faults, WhatPassedOnceIsForgottenBeforeItFillsTheMemory) {
  Planned planned("hang:each-once");
  for (std::size_t i = 0; i <= kFaultPathsMax; ++i) {
    EXPECT_TRUE(planned.Strikes(Get("/" + std::to_string(i) + "x")));
  }
}

TEST(Faults, APathIsMeantWithAndWithoutTheLastSlash) {
  Planned planned("hang@/a/b/");
  EXPECT_TRUE(planned.Strikes(Get("/a/b")));
  EXPECT_TRUE(planned.Strikes(Get("/a/b/")));
  EXPECT_FALSE(planned.Strikes(Get("/a/b/c")));
}

TEST(Faults, AStarMeansAllThatBeginsSo) {
  Planned planned("hang@/a/*");
  EXPECT_TRUE(planned.Strikes(Get("/a/b/c")));
  EXPECT_FALSE(planned.Strikes(Get("/a")));
}

TEST(Faults, TheRootIsTheApi) {
  Planned planned("500@/");
  EXPECT_TRUE(planned.Strikes({"POST", "/", "", {}, ""}));
  EXPECT_FALSE(planned.Strikes(Get("/latest")));
}

TEST(Faults, ACallOfTheApiHasAPathOfItsOwn) {
  const HttpRequest call{"POST", "/", "", {}, ""};
  FaultPlan plan;
  ASSERT_TRUE(plan.Add(ParseFault("503@/DescribeInstances")));
  EXPECT_TRUE(plan.Take(call, "DescribeInstances"));
  EXPECT_FALSE(plan.Take(call, "SendSSHPublicKey"));
  EXPECT_FALSE(plan.Take(call, ""));
  plan.Clear();
  ASSERT_TRUE(plan.Add(ParseFault("503:each-once@/")));
  EXPECT_TRUE(plan.Take(call, "DescribeInstances"));
  EXPECT_TRUE(plan.Take(call, "SendSSHPublicKey"));
  EXPECT_FALSE(plan.Take(call, "DescribeInstances"));
}

TEST(Faults, ThePlanIsBoundedAndCanBeCleared) {
  FaultPlan plan;
  for (std::size_t i = 0; i < kFaultsMax; ++i) EXPECT_TRUE(plan.Add(ParseFault("hang:once")));
  EXPECT_FALSE(plan.Add(ParseFault("hang:once")));
  EXPECT_EQ(plan.Texts().size(), kFaultsMax);
  plan.Clear();
  EXPECT_FALSE(plan.Take(Get("/a")).has_value());
}

TEST(Faults, AStatusAndARedirectAreOrdinaryAnswers) {
  EXPECT_EQ(SpoiledAnswer(ParseFault("429"), {}).status, 429);
  const HttpAnswer redirect = SpoiledAnswer(ParseFault("redirect"), {});
  EXPECT_EQ(redirect.status, 302);
  EXPECT_EQ(redirect.headers.count("Location"), 1U);
  EXPECT_TRUE(SpoiledAnswer(ParseFault("hang"), {}).raw);
}

}  // namespace
}  // namespace eic::emulator
