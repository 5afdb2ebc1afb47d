// The checks, each on a world that is healthy but for one thing; and how findings are told.
// tests/doctor plants the same faults in real trees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "admin/doctor/lists/package_origin.h"
#include "admin/doctor/render.h"
#include "admin/doctor/world.h"
#include "tests/fakes/temp_folder.h"

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
  world.login->uid = 1000;
  world.client.address = "192.0.2.7";
  world.metadata.instance_id = world.metadata.served_instance_id = "i-0123456789abcdef0";
  world.sshd_version = "OpenSSH_8.4p1";
  return world;
}

// sshd asks PAM, whose account modules are these.
AccountFacts& WithPam(World& world, const std::string& module) {
  world.settings["usepam"] = {"yes"};
  world.account.service = "sshd";
  world.account.modules = std::vector<PamModule>{{module, {}}};
  return world.account;
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
    {"slot-taken",
     [](World& w) {
       Take(w, Holder::kSomebodyElse);
       w.slot.wrapper = Wrapper{std::string(kAgentPath), "", false};
     }},
    {"slot-wrapper",
     [](World& w) {
       Take(w, Holder::kSomebodyElse);
       w.slot.wrapper = Wrapper{std::string(kAgentPath), "", true};
     }},
    {"slot-wrapper",
     [](World& w) {
       Take(w, Holder::kSomebodyElse);
       w.slot.wrapper = Wrapper{std::string(kAgentPath), "no --user was given", false};
     }},
    {"slot-wrapper",
     [](World& w) {
       Take(w, Holder::kSomebodyElse);
       w.slot.our_lines = kDropIn;
       w.slot.our_lines_are_read = true;
       w.slot.wrapper = Wrapper{std::string(kAgentPath), "", true};
     }},
    {"files-differ", [](World& w) { w.slot.difference = "sshd has AuthorizedKeysCommand `x`"; }},
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
    {"user-expired", [](World& w) { w.login->days_past_expiry = 1; }},
    {"user-shell", [](World& w) { w.login->shell = "/usr/sbin/nologin"; }},
    {"user-shell", [](World& w) { w.login->shell_runs = false; }},
    {"hosts-denied",
     [](World& w) {
       w.way_in.has_libwrap = true;
       w.way_in.hosts = {Ruling::Kind::kDenies, "sshd: ALL"};
     }},
    {"source-penalised", [](World& w) { w.way_in.drops = {"drop connection #0"}; }},
    {"revoked-keys-unreadable", [](World& w) { w.revoked_keys_fault = "/gone: No such file"; }},
    {"rsa-too-small",
     [](World& w) {
       w.settings["requiredrsasize"] = {"3072"};
       w.trust.rsa_bits = {2048};
     }},
    {"rsa-too-small",
     [](World& w) {
       w.settings["rsaminsize"] = {"3072"};
       w.trust.rsa_bits = {2048, 3071};
     }},
    {"few-tries", [](World& w) { w.settings["maxauthtries"] = {"2"}; }},
    {"nologin", [](World& w) { w.account.nologin = "/etc/nologin"; }},
    {"password-aged",
     [](World& w) {
       WithPam(w, "pam_unix.so");
       w.login->password_due = WhyDue(0, -1, 20000);
     }},
    {"access-denied",
     [](World& w) {
       WithPam(w, "pam_access.so").access = {Ruling::Kind::kDenies, "-:ALL:ALL"};
     }},
    {"forced-command", [](World& w) { w.settings["forcecommand"] = {"/usr/sbin/nologin"}; }},
    {"no-sessions", [](World& w) { w.settings["maxsessions"] = {"0"}; }},
    {"link-target-gone",
     [](World& w) {
       w.slot.links_gone = {"a link", "another"};
     }},
    {"pam-account",
     [](World& w) {
       w.pam_account = PamAccount{"", "sshd", "192.0.2.7", false, "Permission denied"};
     }},
    {"login-untried",
     [](World& w) {
       w.real_login = RealLogin{"no ssh", "alice", "", "", {}};
     }},
    {"login-failed",
     [](World& w) {
       w.real_login =
           RealLogin{"", "alice", "192.0.2.7", "", {LoginEnd::Stage::kSession, "status 1"}};
     }},
    {"chroot-unusable", [](World& w) { w.account.chroot_fault = "/srv belongs to uid 1000"; }},
    {"user-denied", [](World& w) { w.settings["allowusers"] = {"alice@10.0.0.0/8"}; }},
    {"user-denied", [](World& w) { w.settings["denyusers"] = {"*@192.0.2.0/24"}; }},
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
       w.platform.selinux_denial = "avc: denied";
       w.platform.selinux_prediction.denial = "the policy denies it";
     }},
    {"selinux-would-deny",
     [](World& w) { w.platform.selinux_prediction.denial = "the policy denies it"; }},
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
  EXPECT_NE(RenderText(world, {}, false).find("not checked: members of the chain, run once: "),
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
  world.as_user.why_not = "the system below --root is not running";
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  EXPECT_THAT(Unlooked(world), testing::Contains(testing::HasSubstr("is not running")));
}

TEST(Doctor, EachFaultIsTheOneFinding) {
  for (const Fault& fault : kFaults) {
    World world = Healthy();
    fault.plant(world);
    EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre(fault.check));
  }
}

TEST(Doctor, TheWayThatIsNotLookedAtIsToldEveryTime) {
  const World world = Healthy();
  EXPECT_THAT(Unlooked(world),
              testing::ElementsAre(testing::HasSubstr("network path to sshd's port"),
                                   testing::HasSubstr("the session: ")));
  World without = world;
  without.client = {};
  without.login.reset();
  EXPECT_THAT(Unlooked(without), testing::IsSupersetOf({testing::HasSubstr("no --from ADDRESS"),
                                                        testing::HasSubstr("no --user")}));
}

TEST(Doctor, WhatDependsOnAnUntoldAddressIsNoFindingAndSaid) {
  for (const char* list : {"allowusers", "denyusers"}) {
    World world = Healthy();
    world.client = {};
    world.settings[list] = {"alice@10.0.0.0/8"};
    EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty()) << list;
    EXPECT_THAT(Unlooked(world), testing::Contains(testing::HasSubstr("alice@10.0.0.0/8"))) << list;
  }
}

TEST(Doctor, AModuleThatPamDoesNotAskRefusesNobody) {
  World world = Healthy();
  WithPam(world, "pam_sss.so");
  world.login->password_due = "old";
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
}

// The unit at boot names no user, and /run/nologin is there while the system starts.
TEST(Doctor, WithoutAUserNologinIsNoFinding) {
  World world = Healthy();
  world.account.nologin = "/run/nologin";
  world.login.reset();
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
}

TEST(Doctor, OnTheDayOfItsEndOnlyPamRefuses) {
  World world = Healthy();
  world.login->days_past_expiry = 0;
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  WithPam(world, "pam_unix.so");
  EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre("user-expired"));
  world.login->days_past_expiry = -1;
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
}

TEST(Doctor, AgeIsNoFindingWherePamUnixLeavesItToPasswordsOrMayNotBeAsked) {
  World world = Healthy();
  AccountFacts& account = WithPam(world, "pam_unix.so");
  world.login->password_due = "old";
  account.modules->front().arguments = {"no_pass_expiry"};
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  account.modules->front() = {"pam_unix.so", {}, false};
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  EXPECT_THAT(Unlooked(world), testing::Contains(testing::HasSubstr("depends on the modules")));
}

// sshd refuses it, and doctor would be root.
TEST(Doctor, AWrapperThatSomebodyMayChangeIsNotRun) {
  const fakes::TempFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0777));
  const std::string trace = folder.Of("trace");
  const std::string wrapper = folder.Write(
      "keys.sh", "#!/bin/sh\n# " + std::string(kAgentPath) + "\ntouch " + trace + "\n");
  std::filesystem::permissions(wrapper, std::filesystem::perms(0777));
  const auto runner = MakeProgramRunner();
  FileSystem files;
  const auto seen = LookAtWrapper({Layout(), *runner, files}, wrapper + " %u", "root", "root",
                                  FingerprintHash::kSha256);
  ASSERT_TRUE(seen);
  EXPECT_NE(seen->why_refused, "");
  EXPECT_TRUE(seen->IsProvenForeign());
  EXPECT_FALSE(std::filesystem::exists(trace));
}

TEST(Doctor, RootMayLogInBesideNologin) {
  World world = Healthy();
  world.account.nologin = "/etc/nologin";
  world.login->uid = 0;
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
}

TEST(Doctor, OneKeyThatIsLargeEnoughIsEnough) {
  for (const int other : {0, 3072}) {
    World world = Healthy();
    world.settings["requiredrsasize"] = {"3072"};
    world.trust.rsa_bits = {2048, other};
    EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty()) << other;
  }
}

TEST(Doctor, APasswordIsDueByItsAge) {
  EXPECT_NE(WhyDue(0, 99999, 20000), "");
  EXPECT_NE(WhyDue(19910, 60, 20000), "");
  EXPECT_EQ(WhyDue(19940, 60, 20000), "") << "on its last day";
  EXPECT_EQ(WhyDue(19910, -1, 20000), "") << "no maximum";
  EXPECT_EQ(WhyDue(-1, 60, 20000), "") << "never set";
  EXPECT_EQ(WhyDue(20001, 0, 20000), "") << "in the future";
}

// As sshd 9.8 writes them.
TEST(Doctor, OnlyThePenaltiesOfThisAddressAreItsOwn) {
  const std::string journal =
      "drop connection #0 from [192.0.2.7]:51000 on [192.0.2.2]:22 penalty: failed authentication\n"
      "drop connection #3 from [192.0.2.77]:51000 on [192.0.2.2]:22 penalty: caused crash\n"
      "drop connection #1 from [192.0.2.7]:51001 on [192.0.2.2]:22 past Maxstartups\n"
      "Connection closed by 192.0.2.7 port 51002 [preauth]\n";
  EXPECT_THAT(DropsOf(journal, {"192.0.2.7"}), testing::ElementsAre(testing::HasSubstr("#0")));
}

// Some other check has the cause, or somebody meant it.
TEST(Doctor, ALoginThatEndsWhereItShouldIsNoFinding) {
  using Stage = LoginEnd::Stage;
  for (const Stage stage : {Stage::kSecondFactor, Stage::kForcedCommand, Stage::kShell}) {
    World world = Healthy();
    world.real_login = RealLogin{"", "alice", "192.0.2.7", "", {stage, "x"}};
    EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty()) << StageSlug(stage);
    EXPECT_THAT(RenderText(world, {}, false), testing::HasSubstr("login of alice from 192.0.2.7"));
    const auto json = nlohmann::json::parse(RenderJson(world, {}));
    EXPECT_EQ(json.at("login").at("ended"), StageSlug(stage));
    EXPECT_EQ(json.at("login").at("from"), "192.0.2.7");
  }
  World world = Healthy();
  WithPam(world, "pam_nologin.so").nologin = "/etc/nologin";
  world.real_login = RealLogin{"", "alice", "192.0.2.7", "", {Stage::kAccount, "x"}};
  EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre("nologin"));
}

// What PAM answered, where a check of its own names the cause, and where there is no answer.
TEST(Doctor, TellsWhatPamSaid) {
  World world = Healthy();
  WithPam(world, "pam_time.so");
  world.pam_account = PamAccount{"", "sshd", "192.0.2.7", true, "Success"};
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  EXPECT_THAT(RenderText(world, {}, false),
              testing::HasSubstr("PAM's sshd lets alice in from 192.0.2.7: Success"));
  EXPECT_TRUE(nlohmann::json::parse(RenderJson(world, {})).at("account").at("lets_in"));
  EXPECT_THAT(Unlooked(world),
              testing::Not(testing::Contains(testing::HasSubstr("PAM's account "))));

  world.pam_account = PamAccount{"", "sshd", "192.0.2.7", false, "Permission denied\n: later"};
  EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre("pam-account"));
  EXPECT_THAT(RenderText(world, {}, false), testing::HasSubstr("PAM's sshd refuses alice from"));
  EXPECT_FALSE(nlohmann::json::parse(RenderJson(world, {})).at("account").at("lets_in"));
  // A real login that fails for it is no finding beside it.
  world.real_login = RealLogin{"", "alice", "192.0.2.7", "", {LoginEnd::Stage::kAccount, "denied"}};
  EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre("pam-account"));
  world.real_login.reset();
  WithPam(world, "pam_nologin.so").nologin = "/etc/nologin";
  EXPECT_THAT(IdsOf(Examine(world)), testing::ElementsAre("nologin"));

  world = Healthy();
  WithPam(world, "pam_time.so");
  world.pam_account = PamAccount{"no libpam", "", "", false, ""};
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  EXPECT_THAT(Unlooked(world), testing::Contains("PAM itself, for --account: no libpam"));
  EXPECT_THAT(Unlooked(world), testing::Contains(testing::HasSubstr("PAM's account modules")));
  EXPECT_FALSE(nlohmann::json::parse(RenderJson(world, {})).contains("account"));

  // Nobody's address was asked for.
  world.client.address.clear();
  world.pam_account = PamAccount{"", "sshd", "192.0.2.1", true, "Success"};
  EXPECT_THAT(Unlooked(world), testing::Contains(testing::HasSubstr("was asked for 192.0.2.1")));
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
            "broken key-refused: the agent refuses the key that was pushed for the user: "
            "key-expired: 3 s ago\n");
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
  EXPECT_EQ(json.at("not_looked_at").size(), Unlooked(world).size());
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
  world.platform.origin.why_not = "this host has\nneither apt nor dnf";
  EXPECT_THAT(IdsOf(Examine(world)), testing::IsEmpty());
  EXPECT_THAT(
      RenderText(world, {}, false),
      testing::HasSubstr(
          "not checked: other origins of the package: this host has neither apt nor dnf\n"));
}

}  // namespace
}  // namespace eic::admin
