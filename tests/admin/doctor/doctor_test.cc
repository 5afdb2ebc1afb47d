// The checks, each on a world that is healthy but for one thing; and how findings are told.
// tests/doctor plants the same faults in real trees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "admin/doctor/checks/package_origin.h"
#include "admin/doctor/render.h"
#include "admin/doctor/world.h"

namespace eic::admin {
namespace {

World Healthy() {
  World world;
  world.slot.command = kWantedCommand;
  world.slot.user = kWantedUser;
  world.slot.holder = Holder::kOurs;
  world.slot.runs_agent = true;
  world.slot.our_lines = kDropIn;
  world.slot.our_lines_are_read = true;
  world.program.parts = {{"/"}, {"/usr"}, {"/usr/agent", true, true, 0, 0755}};
  world.command_user = Account{"ec2-instance-connect", 990, 990};
  world.settings = {{"authorizedkeyscommand", {std::string(kWantedCommand)}},
                    {"pubkeyauthentication", {"yes"}},
                    {"authenticationmethods", {"any"}},
                    {"pubkeyacceptedalgorithms", {"ssh-ed25519,rsa-sha2-512"}},
                    {"permitrootlogin", {"without-password"}},
                    {"usepam", {"no"}}};
  world.login = Login{"alice", {}, {}, "alice", {"alice", "staff"}, "/bin/sh"};
  world.metadata.instance_id = world.metadata.served_instance_id = "i-0123456789abcdef0";
  world.sshd_version = "OpenSSH_8.4p1";
  return world;
}

// sshd runs the chain, and the agent is a member of it.
Chain& TheChain(World& world) {
  world.slot.in_force = std::string(kChainPath) + " -- %u %f %t";
  world.slot.in_force_user = "root";
  world.settings["authorizedkeyscommand"] = {world.slot.in_force};
  world.chain = Chain{};
  world.chain->runs = {{"10-ours", 12, "ok"}, {"50-former", 999, "ok"}};
  return *world.chain;
}

void Take(World& world, Holder holder) {
  world.slot.command = "/usr/bin/other %u";
  world.slot.holder = holder;
  world.slot.runs_agent = false;
  world.slot.our_lines.clear();
  world.slot.our_lines_are_read = false;
  world.program = {};
}

struct Fault {
  const char* check;
  std::function<void(World&)> plant;
};

const Fault kFaults[] = {
    {"no-sshd-config",
     [](World& w) {
       w.slot.failure = Failure{ExitStatus::kUnchecked, "no-sshd-config", "x"};
     }},
    {"command-user-missing",
     [](World& w) {
       w.slot.failure = Failure{ExitStatus::kFailed, "config-broken", "x"};
       w.slot.lacks_user = true;
     }},
    {"config-broken",
     [](World& w) {
       w.slot.failure = Failure{ExitStatus::kFailed, "config-broken", "x"};
     }},
    {"sshd-unchecked", [](World& w) { w.slot.why_unchecked = "no sshd"; }},
    {"disabled",
     [](World& w) {
       Take(w, Holder::kNobody);
       w.slot.is_marked_disabled = true;
     }},
    {"slot-empty", [](World& w) { Take(w, Holder::kNobody); }},
    {"include-missing",
     [](World& w) {
       Take(w, Holder::kNobody);
       w.slot.our_lines = kDropIn;
       w.slot.our_lines_are_read = false;
     }},
    {"command-line-override",
     [](World& w) {
       Take(w, Holder::kSomebodyElse);
       w.slot.our_lines = kDropIn;
       w.slot.is_on_command_line = true;
     }},
    {"drop-in-order",
     [](World& w) {
       Take(w, Holder::kSomebodyElse);
       w.slot.our_lines = kDropIn;
       w.slot.our_lines_are_read = true;
     }},
    {"slot-shell-agent", [](World& w) { Take(w, Holder::kShellAgent); }},
    {"slot-taken", [](World& w) { Take(w, Holder::kSomebodyElse); }},
    {"match-override", [](World& w) { w.settings["authorizedkeyscommand"] = {"/usr/bin/other"}; }},
    {"chain-folder", [](World& w) { TheChain(w).failure = "x"; }},
    {"chain-without-agent",
     [](World& w) {
       TheChain(w);
       w.slot.runs_agent = false;
       w.program.parts.clear();
     }},
    {"chain-member-refused", [](World& w) { TheChain(w).refused = {"a.conf: is a link"}; }},
    {"chain-does-not-run", [](World& w) { TheChain(w).why_not_run = "x"; }},
    {"chain-member-void", [](World& w) { TheChain(w).runs[1].verdict = "timeout"; }},
    {"chain-member-slow", [](World& w) { TheChain(w).runs[1].took_ms = 1000; }},
    {"chain-grace-time",
     [](World& w) {
       TheChain(w).longest_s = 10;
       w.settings["logingracetime"] = {"60"};
     }},
    {"shell-agent-leftover", [](World& w) { w.slot.shell_agent_programs = {"/opt/aws/bin/x"}; }},
    {"interrupted-run", [](World& w) { w.slot.is_interrupted = true; }},
    {"command-missing", [](World& w) { w.program.parts.back().is_there = false; }},
    {"command-owner", [](World& w) { w.program.parts[1].owner = 1000; }},
    {"command-writable", [](World& w) { w.program.parts[1].mode = 0775; }},
    {"command-unreachable", [](World& w) { w.program.parts[1].mode = 0700; }},
    {"command-arguments", [](World& w) { w.program.usage_error = "no USER given"; }},
    {"command-user-unknown",
     [](World& w) {
       w.command_user.reset();
       w.as_user.why_not = "nobody";
     }},
    {"command-does-not-run", [](World& w) { w.program_run.succeeds = false; }},
    {"command-user-unusable",
     [](World& w) {
       w.as_user.why_not = "cannot become";
       w.as_user.has_failed = true;
     }},
    {"pubkey-off", [](World& w) { w.settings["pubkeyauthentication"] = {"no"}; }},
    {"authentication-methods",
     [](World& w) { w.settings["authenticationmethods"] = {"password hostbased,publickey"}; }},
    {"rsa-refused", [](World& w) { w.settings["pubkeyacceptedalgorithms"] = {"ssh-ed25519"}; }},
    {"ed25519-refused",
     [](World& w) {
       w.settings.erase("pubkeyacceptedalgorithms");
       w.settings["pubkeyacceptedkeytypes"] = {"rsa-sha2-256"};
     }},
    {"sshd-version", [](World& w) { w.sshd_version = "OpenSSH_7.4p1"; }},
    {"user-name",
     [](World& w) {
       w.login->name_error = {"user-name-invalid", ""};
     }},
    {"user-unknown",
     [](World& w) {
       w.login->lookup_error = {"user-unknown", ""};
     }},
    {"user-spelling", [](World& w) { w.login->asked = "Alice"; }},
    {"user-locked", [](World& w) { w.login->is_locked = true; }},
    {"user-expired", [](World& w) { w.login->is_expired = true; }},
    {"user-shell", [](World& w) { w.login->shell = "/usr/sbin/nologin"; }},
    {"user-shell", [](World& w) { w.login->shell_runs = false; }},
    {"root-login",
     [](World& w) {
       w.login->asked = w.login->name = "root";
       w.settings["permitrootlogin"] = {"no"};
     }},
    {"user-denied",
     [](World& w) {
       w.settings["allowusers"] = {"bob", "carol@10.0.0.*"};
     }},
    {"user-denied", [](World& w) { w.settings["denyusers"] = {"al*"}; }},
    {"user-denied", [](World& w) { w.settings["denygroups"] = {"staff"}; }},
    {"user-denied", [](World& w) { w.settings["allowgroups"] = {"wheel"}; }},
    {"dmi-unreadable",
     [](World& w) {
       w.metadata.tag_is_hidden = true;
       w.metadata.is_instance = false;
     }},
    {"not-an-instance", [](World& w) { w.metadata.is_instance = false; }},
    {"imds-firewalled",
     [](World& w) {
       w.metadata.verdict = {"imds-timeout", ""};
       w.metadata.verdict_of_root = Verdict{};
     }},
    {"imds-silent",
     [](World& w) {
       w.metadata.verdict = {"imds-timeout", ""};
       w.metadata.verdict_of_root = w.metadata.verdict;
     }},
    {"imds-unreachable",
     [](World& w) {
       w.metadata.verdict = {"imds-unreachable", ""};
     }},
    {"imds-off",
     [](World& w) {
       w.metadata.verdict = {"imds-forbidden", ""};
     }},
    {"imds-throttled",
     [](World& w) {
       w.metadata.verdict = {"imds-throttled", ""};
     }},
    {"imds-v2-off",
     [](World& w) {
       w.metadata.verdict = {"imds-status", "PUT /latest/api/token: HTTP 405"};
     }},
    {"imds-odd",
     [](World& w) {
       w.metadata.verdict = {"imds-response-malformed", "token"};
     }},
    {"imds-odd",
     [](World& w) {
       w.metadata.verdict = {"imds-status", "GET instance-id: HTTP 500"};
     }},
    {"imds-other-instance",
     [](World& w) { w.metadata.served_instance_id = "i-0fedcba9876543210"; }},
    {"ca-store",
     [](World& w) {
       w.trust.anchors = {"ca-store-unusable", ""};
     }},
    {"evidence",
     [](World& w) {
       w.trust.evidence = {"imds-status", ""};
     }},
    {"clock-behind",
     [](World& w) {
       w.trust.signer = {"staple-from-future", ""};
     }},
    {"clock-behind",
     [](World& w) {
       w.trust.signer = {"certificate-not-yet-valid", ""};
     }},
    {"anchor-missing",
     [](World& w) {
       w.trust.signer = {"chain-untrusted", ""};
     }},
    {"signer-refused",
     [](World& w) {
       w.trust.signer = {"signer-name-mismatch", ""};
     }},
    {"staple-refused",
     [](World& w) {
       w.trust.signer = {"certificate-revoked", ""};
     }},
    {"staple-refused",
     [](World& w) {
       w.trust.signer = {"staple-stale", ""};
     }},
    {"no-key", [](World& w) { w.trust.has_key = false; }},
    {"key-refused",
     [](World& w) {
       w.trust.key = {"key-expired", ""};
     }},
    {"selinux-denying",
     [](World& w) {
       w.platform.selinux_enforces = true;
       w.platform.selinux_denial = "avc: denied";
     }},
    {"log-missing", [](World& w) { w.has_log = false; }},
    {"package-origin",
     [](World& w) {
       w.platform.origin.offer = Offer{"9.0", "http://other"};
     }},
};

std::vector<std::string> IdsOf(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& finding : findings) ids.emplace_back(finding.check->id);
  return ids;
}

TEST(Doctor, AHealthyChainIsNoFindingAndItsTimesAreTold) {
  World world = Healthy();
  TheChain(world);
  EXPECT_EQ(RenderQuiet(Examine(world)), "");
  EXPECT_NE(
      RenderText(world, {}, false).find("time of each member: 10-ours 12 ms, 50-former 999 ms\n"),
      std::string::npos);
  const auto json = nlohmann::json::parse(RenderJson(world, {}));
  world.chain->why_unlooked = "doctor is confined here";
  EXPECT_NE(RenderText(world, {}, false).find("not looked at: members of the chain, run once: "),
            std::string::npos);
  EXPECT_EQ(json.at("members").at(1).at("ms"), 999);
}

TEST(Doctor, AHealthyWorldHasNoFinding) {
  EXPECT_THAT(IdsOf(Examine(Healthy())), testing::IsEmpty());
  EXPECT_EQ(StatusOf(Examine(Healthy())), ExitStatus::kFine);
}

TEST(Doctor, GroupsOwnModeCountsForItsUser) {
  World world = Healthy();
  world.program.parts[1].mode = 0750;
  world.program.parts[1].group = world.command_user->gid;
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  world.program.parts[1].mode = 0705;
  EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre("command-unreachable"));
}

TEST(Doctor, WhatIsNotAskedIsNoFault) {
  World world = Healthy();
  world.as_user.why_not = "the tree below --root does not run";
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  EXPECT_THAT(Unlooked(world), testing::ElementsAre(testing::HasSubstr("does not run")));
}

TEST(Doctor, EachFaultIsTheOneFinding) {
  for (const Fault& fault : kFaults) {
    World world = Healthy();
    fault.plant(world);
    EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre(fault.check));
  }
}

TEST(Doctor, EachCheckHasAFaultAndItsOwnId) {
  std::set<std::string> tried;
  for (const Fault& fault : kFaults) tried.insert(fault.check);
  std::set<std::string> ids;
  for (const Check* check : AllChecks()) {
    EXPECT_TRUE(ids.emplace(check->id).second) << check->id;
    EXPECT_EQ(tried.count(std::string(check->id)), 1U) << check->id;
  }
}

TEST(Doctor, TheLevelDecidesTheStatus) {
  World world = Healthy();
  world.has_log = false;
  EXPECT_EQ(StatusOf(Examine(world)), ExitStatus::kWarnings);
  world.trust.key = {"key-expired", ""};
  EXPECT_EQ(StatusOf(Examine(world)), ExitStatus::kBroken);
}

TEST(Doctor, QuietSaysOneLineAFindingAndNothingElse) {
  World world = Healthy();
  EXPECT_EQ(RenderQuiet(Examine(world)), "");
  world.trust.key = {"key-expired", "3 s\nago"};
  EXPECT_EQ(RenderQuiet(Examine(world)),
            "broken key-refused: what was pushed for the user is refused: key-expired: 3 s ago\n");
}

TEST(Doctor, ColourIsForTerminals) {
  World world = Healthy();
  world.has_log = false;
  EXPECT_EQ(RenderText(world, Examine(world), false).find('\033'), std::string::npos);
  EXPECT_NE(RenderText(world, Examine(world), true).find("\033[1;33mwarning"), std::string::npos);
}

TEST(Doctor, JsonIsAsDocumented) {
  World world = Healthy();
  world.has_log = false;
  const auto json = nlohmann::json::parse(RenderJson(world, Examine(world)));
  EXPECT_EQ(json.at("version"), EIC_VERSION);
  EXPECT_EQ(json.at("status"), "warnings");
  EXPECT_EQ(json.at("user"), "alice");
  EXPECT_EQ(json.at("checks"), AllChecks().size());
  EXPECT_TRUE(json.at("not_looked_at").empty());
  ASSERT_EQ(json.at("findings").size(), 1U);
  EXPECT_EQ(json["findings"][0].at("check"), "log-missing");
  EXPECT_EQ(json["findings"][0].at("level"), "warning");
  for (const char* name : {"what", "seen", "do"}) EXPECT_TRUE(json["findings"][0].contains(name));
}

TEST(Doctor, TheDocumentHasTheTableOfChecks) {
  std::ostringstream text;
  text << std::ifstream(EIC_SOURCE_DIR "/doc/doctor.md").rdbuf();
  EXPECT_NE(text.str().find(RenderChecks()), std::string::npos)
      << "put what `ec2-instance-connect doctor --checks` prints into doc/doctor.md";
}

TEST(Doctor, OnlyAnotherOriginsOfferIsTold) {
  const std::string begin = "ec2-instance-connect:\n  Installed: 1.0\n  Candidate: ";
  const std::string table =
      "\n  Version table:\n     9.0 500\n        500 http://other s/main all\n";
  const auto offer =
      OfferInPolicy(begin + "9.0" + table + " *** 1.0 100\n        100 /var/lib/dpkg/status\n");
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->version, "9.0");
  EXPECT_EQ(offer->origin, "http://other");
  EXPECT_FALSE(
      OfferInPolicy(begin + "9.0" + table + " *** 1.0 500\n        500 http://other s/main all\n"));
  EXPECT_FALSE(OfferInPolicy(begin + "1.0" + table));
  EXPECT_FALSE(OfferInPolicy(""));
}

// As dnf 4.14 prints it.
TEST(Doctor, OnlyAnotherRepositorysUpgradeIsTold) {
  const auto offer = OfferInUpgrades("ours\n\n", "1.1-19.amzn other\n\n");
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->version, "1.1-19.amzn");
  EXPECT_EQ(offer->origin, "other");
  EXPECT_TRUE(OfferInUpgrades("@commandline\n\n", "3.1-1 ours\n\n")) << "installed from a file";
  EXPECT_FALSE(OfferInUpgrades("ours\n\n", "3.1-1 ours\n\n"));
  EXPECT_FALSE(OfferInUpgrades("ours\n\n", ""));
  EXPECT_FALSE(OfferInUpgrades("", "")) << "not installed";
}

TEST(Doctor, WhatCouldNotBeAskedIsSaid) {
  World world = Healthy();
  world.platform.origin.why_not = "neither apt\nnor dnf is here";
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  EXPECT_THAT(RenderText(world, {}, false),
              testing::HasSubstr(
                  "not looked at: other origins of the package: neither apt nor dnf is here\n"));
}

}  // namespace
}  // namespace eic::admin
