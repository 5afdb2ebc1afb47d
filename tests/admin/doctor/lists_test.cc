// The lists that doctor reads itself: sshd's USER@HOST, access.conf, hosts.allow and hosts.deny,
// and the account modules of PAM. tests/doctor holds them against the programs that own them.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "admin/doctor/lists/access_rules.h"
#include "admin/doctor/lists/client.h"
#include "admin/doctor/lists/pam_stack.h"
#include "admin/doctor/lists/selinux_policy.h"
#include "admin/doctor/lists/user_at_host.h"
#include "tests/fakes/temp_folder.h"

namespace eic::admin {
namespace {

const Client kUntold{};
const Client kTold{"10.1.2.3"};
const Client kNamed{"10.1.2.3", true};

TEST(Lists, PatternsMatchAsThoseOfSsh) {
  for (const auto& [pattern, text, fits] :
       std::vector<std::tuple<const char*, const char*, bool>>{{"alice", "alice", true},
                                                               {"al*", "alice", true},
                                                               {"a?ice", "alice", true},
                                                               {"*", "", true},
                                                               {"?", "", false},
                                                               {"a*b*c", "aXbXbXc", true},
                                                               {"a*b", "aXbX", false},
                                                               {"Alice", "alice", false},
                                                               {"[a]lice", "alice", false}}) {
    EXPECT_EQ(MatchesPattern(pattern, text), fits) << pattern << " " << text;
  }
}

TEST(Lists, NetworksHaveTheirAddresses) {
  const auto has = [](const char* network, const char* address) {
    const auto parsed = ParseNetwork(network);
    return parsed && parsed->Has(*ParseAddress(address));
  };
  EXPECT_TRUE(has("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(has("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(has("10.1.2.0/255.255.255.0", "10.1.2.9"));
  EXPECT_TRUE(has("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(has("0.0.0.0/0", "::1"));
  EXPECT_TRUE(has("2001:db8::/32", "2001:db8:1::1"));
  EXPECT_TRUE(has("[2001:db8::]/32", "2001:db8:1::1"));
  EXPECT_TRUE(has("10.0.0.0/8", "::ffff:10.1.2.3")) << "IPv4 in IPv6";
  for (const char* no_network :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "a/8", "", "1.2.3.4/1.0.1.0"}) {
    EXPECT_FALSE(ParseNetwork(no_network)) << no_network;
  }
  EXPECT_FALSE(ParseNetwork("10.1.2.3/8")->IsWhole());
}

TEST(Lists, AddressesAreBroughtIntoTheFormOfSshd) {
  EXPECT_EQ(CanonicalAddress("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(CanonicalAddress("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_EQ(CanonicalAddress("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(CanonicalAddress(""), "");
}

TEST(Lists, EntriesOfSshdFitUserAndHost) {
  struct Row {
    const char* entry;
    Client client;
    Fit fit;
  };
  for (const Row& row : std::vector<Row>{
           {"alice", kUntold, Fit::kYes},
           {"bob", kTold, Fit::kNo},
           {"bob@10.0.0.0/8", kUntold, Fit::kNo},
           {"alice@*", kUntold, Fit::kYes},
           {"alice@10.0.0.0/8", kUntold, Fit::kUnknown},
           {"alice@10.0.0.0/8", kTold, Fit::kYes},
           {"al*@10.1.*", kTold, Fit::kYes},
           {"alice@192.0.2.0/24", kTold, Fit::kNo},
           {"alice@192.0.2.0/24", kNamed, Fit::kNo},
           {"alice@!10.1.2.3,10.0.0.0/8", kTold, Fit::kNo},
           {"alice@10.0.0.0/8,!10.1.2.3", kTold, Fit::kNo},
           {"alice@!10.9.9.9,10.0.0.0/8", kTold, Fit::kYes},
           {"alice@192.0.2.1,10.1.2.3", kTold, Fit::kYes},
           {"alice@10.0.0.0/255.0.0.0", kTold, Fit::kNo},
           {"alice@[10.1.2.3]", kTold, Fit::kNo},
           {"alice@*.example.com", kTold, Fit::kNo},
           {"alice@*.example.com", kNamed, Fit::kUnknown},
           {"alice@!*.example.com,10.0.0.0/8", kNamed, Fit::kUnknown},
       }) {
    EXPECT_EQ(FitsEntry(row.entry, "alice", row.client), row.fit) << row.entry;
  }
}

TEST(Lists, TheFirstRowOfAccessConfDecides) {
  using Kind = Ruling::Kind;
  const Person alice{"alice", {"alice", "staff"}};
  struct Row {
    const char* text;
    Client client;
    Kind kind;
  };
  for (const Row& row : std::vector<Row>{
           {"", kUntold, Kind::kAllows},
           {"# - : ALL : ALL\n", kUntold, Kind::kAllows},
           {"-:ALL EXCEPT root:ALL\n", kUntold, Kind::kDenies},
           {"-:ALL EXCEPT root alice:ALL\n", kUntold, Kind::kAllows},
           {"- : ALL EXCEPT (staff) : ALL\n", kUntold, Kind::kAllows},
           {"+:staff:ALL\n-:ALL:ALL\n", kUntold, Kind::kAllows},
           {"-:ALL:ALL\n+:alice:ALL\n", kUntold, Kind::kDenies},
           {"+:alice:10.0.0.0/8\n-:ALL:ALL\n", kUntold, Kind::kDepends},
           {"+:alice:10.0.0.0/8\n-:ALL:ALL\n", kTold, Kind::kAllows},
           {"+:alice:10.1.2.\n-:ALL:ALL\n", kTold, Kind::kAllows},
           {"+:alice:192.0.2.0/24\n-:ALL:ALL\n", kTold, Kind::kDenies},
           {"-:ALL:tty1\n", kUntold, Kind::kAllows},
           {"-:alice:bastion.example.com\n", kTold, Kind::kDepends},
           {"-:@admins:ALL\n", kTold, Kind::kDepends},
           {"-:ALL EXCEPT root EXCEPT ALL:ALL\n", kUntold, Kind::kDenies},
           {"x:ALL:ALL\n-:ALL\n", kUntold, Kind::kAllows},
       }) {
    EXPECT_EQ(RuleByAccess(row.text, {}, alice, row.client).kind, row.kind) << row.text;
  }
  EXPECT_EQ(RuleByAccess("-:ALL:ALL", {}, alice, kUntold).kind, Kind::kDepends)
      << "a last row without a line feed";
  AccessOptions options;
  options.groups_in_parentheses_only = true;
  EXPECT_EQ(RuleByAccess("-:staff:ALL\n", options, alice, kUntold).kind, Kind::kAllows);
  options.field_separator = '|';
  EXPECT_EQ(RuleByAccess("-|(staff)|ALL\n", options, alice, kUntold).kind, Kind::kDenies);
}

TEST(Lists, HostsAllowComesBeforeHostsDeny) {
  using Kind = Ruling::Kind;
  struct Row {
    const char* allow;
    const char* deny;
    Client client;
    Kind kind;
  };
  for (const Row& row : std::vector<Row>{
           {"", "", kUntold, Kind::kAllows},
           {"", "sshd: ALL\n", kUntold, Kind::kDenies},
           {"", "ALL: ALL\n", kUntold, Kind::kDenies},
           {"", "vsftpd: ALL\n", kUntold, Kind::kAllows},
           {"", "in.telnetd, sshd : ALL\n", kUntold, Kind::kDenies},
           {"sshd: 10.0.0.0/255.0.0.0\n", "ALL: ALL\n", kUntold, Kind::kDepends},
           {"sshd: 10.0.0.0/255.0.0.0\n", "ALL: ALL\n", kTold, Kind::kAllows},
           {"sshd: 10.1.\n", "ALL: ALL\n", kTold, Kind::kAllows},
           {"sshd: 192.0.2.\n", "ALL: ALL\n", kTold, Kind::kDenies},
           {"sshd: [2001:db8::]/32\n", "ALL: ALL\n", kTold, Kind::kDenies},
           {"sshd: .example.com\n", "ALL: ALL\n", kTold, Kind::kDepends},
           {"", "ALL: ALL EXCEPT 10.1.2.3\n", kTold, Kind::kAllows},
           {"sshd: ALL: deny\n", "", kUntold, Kind::kDenies},
           {"", "sshd: \\\n ALL\n", kUntold, Kind::kDenies},
           {"", "# sshd: ALL\n", kUntold, Kind::kAllows},
       }) {
    EXPECT_EQ(RuleByHosts(row.allow, row.deny, row.client).kind, row.kind)
        << row.allow << " / " << row.deny;
  }
  EXPECT_EQ(RuleByHosts("", "sshd: ALL", kUntold).kind, Kind::kDenies)
      << "a last row without a line feed";
}

TEST(Lists, AccountModulesOfPamAreThoseOfTheServiceAndItsIncludes) {
  const fakes::TempFolder folder;
  Layout layout;
  layout.root = folder.path().string();
  folder.Write("etc/pam.d/sshd",
               "auth required pam_deny.so\n"
               "account required pam_nologin.so # why\n"
               "-account [default=bad success=ok] /lib/security/pam_access.so \\\n"
               "  accessfile=/etc/x nodefgroup\n"
               "account optional pam_echo.so\n"
               "@include common-account\n"
               "account substack more\n");
  folder.Write("etc/pam.d/common-account", "account required pam_unix.so\n");
  folder.Write("etc/pam.d/more", "account include last\nsession required pam_limits.so\n");
  folder.Write("usr/lib/pam.d/last", "account required pam_sss.so\n");
  const auto modules = AccountModules(Tree(layout), "sshd");
  ASSERT_TRUE(modules);
  std::vector<std::string> names;
  for (const PamModule& module : *modules) names.push_back(module.name);
  EXPECT_EQ(names, (std::vector<std::string>{"pam_nologin.so", "pam_access.so", "pam_unix.so",
                                             "pam_sss.so"}));
  EXPECT_EQ((*modules)[1].arguments, (std::vector<std::string>{"accessfile=/etc/x", "nodefgroup"}));

  for (const PamModule& module : *modules) EXPECT_TRUE(module.is_certain) << module.name;

  EXPECT_FALSE(AccountModules(Tree(layout), "absent")) << "not even `other` is there";
  folder.Write("etc/pam.d/other", "account required pam_deny.so\n");
  EXPECT_EQ(AccountModules(Tree(layout), "absent")->front().name, "pam_deny.so");
  folder.Write("etc/pam.d/round", "@include round\n");
  EXPECT_FALSE(AccountModules(Tree(layout), "round")) << "it includes itself";
}

TEST(Lists, ControlsOfPamSayWhoIsAskedForCertain) {
  struct Row {
    const char* text;
    const char* asked;  // `?` in front: perhaps
  };
  for (const Row& row : std::vector<Row>{
           {"account required pam_a.so\naccount requisite pam_b.so\n", "pam_a.so pam_b.so "},
           {"account sufficient pam_a.so\naccount required pam_b.so\n", "?pam_b.so "},
           {"account [default=ignore] pam_a.so\n", ""},
           {"account [success=1 default=ignore] pam_a.so\naccount required pam_b.so\n"
            "account required pam_c.so\n",
            "?pam_b.so pam_c.so "},
           {"account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so\n"
            "account requisite pam_deny.so\naccount required pam_permit.so\n",
            "pam_unix.so ?pam_deny.so pam_permit.so "},
           {"account [success=done default=die] pam_a.so\naccount required pam_b.so\n",
            "pam_a.so ?pam_b.so "},
           {"account substack sub\naccount required pam_b.so\n", "?pam_s.so pam_b.so "},
           {"account include sub\naccount required pam_b.so\n", "?pam_s.so ?pam_b.so "},
       }) {
    const fakes::TempFolder folder;
    Layout layout;
    layout.root = folder.path().string();
    folder.Write("etc/pam.d/sshd", row.text);
    folder.Write("etc/pam.d/sub", "account sufficient pam_x.so\naccount required pam_s.so\n");
    std::string asked;
    const auto modules = AccountModules(Tree(layout), "sshd");
    ASSERT_TRUE(modules);
    for (const PamModule& module : *modules) {
      asked += (module.is_certain ? "" : "?") + module.name + " ";
    }
    EXPECT_EQ(asked, row.asked) << row.text;
  }
}

// A policy as the kernel tells it: what each context becomes, and what is denied.
class WrittenPolicy : public SelinuxPolicy {
 public:
  std::optional<bool> Allows(const std::string& source, const std::string& target,
                             const std::string& object_class,
                             const std::string& permission) override {
    asked.push_back(source + " " + permission + " " + object_class + " " + target);
    if (asked.back() == unknown) return std::nullopt;
    return asked.back() != denied;
  }
  std::optional<std::string> ContextAfter(const std::string& source,
                                          const std::string& file) override {
    const auto found = becomes.find(source + " " + file);
    return found == becomes.end() ? source : found->second;
  }

  std::map<std::string, std::string> becomes = {{"u:r:init_t:s0 sshd_exec", "u:r:sshd_t:s0"},
                                                {"u:r:sshd_t:s0 eic_exec", "u:r:eic_t:s0"}};
  std::string denied, unknown;
  std::vector<std::string> asked;
};

TEST(Lists, WhatSelinuxWouldDenyOnTheWayToMetadata) {
  const std::vector<std::string> way = {
      "u:r:init_t:s0 execute file sshd_exec",
      "u:r:init_t:s0 transition process u:r:sshd_t:s0",
      "u:r:sshd_t:s0 execute file session_exec",
      "u:r:sshd_t:s0 execute_no_trans file session_exec",
      "u:r:sshd_t:s0 execute file eic_exec",
      "u:r:sshd_t:s0 transition process u:r:eic_t:s0",
      "u:r:eic_t:s0 name_connect tcp_socket system_u:object_r:http_port_t:s0"};
  const std::vector<std::string> labels = {"sshd_exec", "session_exec", "eic_exec"};
  WrittenPolicy allows;
  const Prediction nothing = PredictDenial(allows, "u:r:init_t:s0", labels);
  EXPECT_EQ(nothing.denial, "");
  EXPECT_EQ(nothing.why_not, "");
  EXPECT_EQ(allows.asked, way);
  for (const std::string& step : way) {
    WrittenPolicy denies;
    denies.denied = step;
    EXPECT_NE(PredictDenial(denies, "u:r:init_t:s0", labels).denial, "") << step;
    EXPECT_EQ(denies.asked.back(), step) << "nothing is asked behind a denial";
    WrittenPolicy is_silent;
    is_silent.unknown = step;
    const Prediction unknown = PredictDenial(is_silent, "u:r:init_t:s0", labels);
    EXPECT_EQ(unknown.denial, "") << step;
    EXPECT_NE(unknown.why_not, "") << step;
  }
}

TEST(Lists, ADenialOfTheAgentsDomainOfTodayCounts) {
  const std::string of_sshd =
      "avc:  denied  { name_connect } for  comm=\"eic-authorized-\" "
      "scontext=system_u:system_r:sshd_t:s0-s0:c0.c1023 tcontext=a:b:http_port_t:s0 permissive=0\n";
  const auto last = [](const std::string& text, const std::string& context) {
    std::istringstream log(text);
    return LastDenial(log, context);
  };
  EXPECT_NE(last(of_sshd, "u:r:sshd_t:s0"), "");
  EXPECT_NE(last(of_sshd, ""), "") << "the agent's domain is not known";
  EXPECT_EQ(last(of_sshd, "u:r:eic_t:s0"), "") << "before the module was loaded";
  EXPECT_EQ(last("avc:  denied  { name_connect } comm=\"sshd\"\n", ""), "");
  EXPECT_EQ(last("avc:  denied  { open } comm=\"eic-authorized-\" permissive=1\n", ""), "");
  EXPECT_EQ(last("avc:  denied  { a } comm=\"eic-authorized-\"\n"
                 "avc:  denied  { b } comm=\"eic-authorized-\"\nanother\n",
                 ""),
            "avc:  denied  { b } comm=\"eic-authorized-\"");
}

TEST(Lists, WithoutRangesThePortHasNone) {
  WrittenPolicy policy;
  (void)PredictDenial(policy, "u:r:sshd_t", {"bin"});
  EXPECT_EQ(policy.asked.back(),
            "u:r:sshd_t name_connect tcp_socket system_u:object_r:http_port_t");
}

TEST(Lists, AKernelWithoutSelinuxSaysNothing) {
  const fakes::TempFolder folder;
  KernelPolicy policy(folder.path());
  EXPECT_EQ(policy.Allows("a", "b", "file", "execute"), std::nullopt);
  EXPECT_EQ(policy.ContextAfter("a", "b"), std::nullopt);
}

}  // namespace
}  // namespace eic::admin
