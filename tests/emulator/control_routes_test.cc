#include "emulator/control_routes.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emulator/limits.h"
#include "tests/emulator/support.h"

namespace eic::emulator {
namespace {

class Control : public testing::Test {
 protected:
  int Blob(const std::string& method, const std::string& query, const std::string& body = "") {
    return routes_.Answer({method, "/emulator/blob", query, {}, body}).status;
  }

  ManualClock clock_;
  InstanceList instances_ = MakeTestInstances(clock_.clock());
  KeyStore& keys_ = instances_[0]->keys();
  EventLog events_;
  FaultPlan faults_;
  ControlRoutes routes_{instances_, faults_, events_};
};

TEST_F(Control, ItTakesWhatIsBelowItsPathAlone) {
  EXPECT_TRUE(ControlRoutes::Takes({"GET", "/emulator/events", "", {}, ""}));
  EXPECT_FALSE(ControlRoutes::Takes({"GET", "/emulator", "", {}, ""}));
  EXPECT_FALSE(ControlRoutes::Takes({"POST", "/", "", {}, ""}));
}

TEST_F(Control, ABlobIsSetAndCleared) {
  EXPECT_EQ(Blob("POST", "user=a%40b", "any\nbytes"), 204);
  EXPECT_EQ(keys_.Blob("a@b"), "any\nbytes");
  EXPECT_EQ(Blob("DELETE", "user=a%40b"), 204);
  EXPECT_EQ(keys_.Blob("a@b"), std::nullopt);
  EXPECT_EQ(Blob("DELETE", "user=a%40b"), 404);
}

TEST_F(Control, WrongCallsAreRefused) {
  EXPECT_EQ(Blob("POST", ""), 400);
  EXPECT_EQ(Blob("POST", "user="), 400);
  EXPECT_EQ(Blob("POST", "user=%"), 400);
  EXPECT_EQ(Blob("GET", "user=a"), 405);
  EXPECT_EQ(routes_.Answer({"POST", "/emulator/events", "", {}, ""}).status, 405);
  EXPECT_EQ(routes_.Answer({"GET", "/emulator/nope", "", {}, ""}).status, 404);
  for (std::size_t i = 0; i < kHandMadeBlobsMax; ++i) {
    ASSERT_EQ(Blob("POST", "user=u" + std::to_string(i)), 204);
  }
  EXPECT_EQ(Blob("POST", "user=more"), 413);
}

TEST_F(Control, EventsAreAJsonArray) {
  events_.Add({kNow, "metadata", "i-0123456789abcdef0", "GET", "/latest/\xFF", 404});
  const HttpAnswer answer = routes_.Answer({"GET", "/emulator/events", "", {}, ""});
  const nlohmann::json events = nlohmann::json::parse(answer.body);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]["time"], kNow.unix_seconds());
  EXPECT_EQ(events[0]["kind"], "metadata");
  EXPECT_EQ(events[0]["method"], "GET");
  EXPECT_EQ(events[0]["status"], 404);
}

TEST_F(Control, FaultsAreSetListedAndEnded) {
  const auto faults = [this](const std::string& method, const std::string& query) {
    return routes_.Answer({method, "/emulator/faults", query, {}, ""});
  };
  EXPECT_EQ(faults("POST", "fault=hang:once@/x").status, 204);
  EXPECT_EQ(faults("POST", "fault=nope").status, 400);
  EXPECT_EQ(faults("POST", "").status, 400);
  EXPECT_EQ(faults("GET", "").body, "[\"hang:once@/x\"]\n");
  EXPECT_EQ(faults("DELETE", "").status, 204);
  EXPECT_EQ(faults("GET", "").body, "[]\n");
}

}  // namespace
}  // namespace eic::emulator
