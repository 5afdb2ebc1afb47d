// The lists that doctor reads itself: sshd's USER@HOST, access.conf, hosts.allow and hosts.deny,
// and the account modules of PAM. tests/doctor holds them against the programs that own them.
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "admin/doctor/lists/access_rules.h"
#include "admin/doctor/lists/client.h"
#include "admin/doctor/lists/pam_stack.h"
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
           {"- : ALL EXCEPT (staff) : ALL", kUntold, Kind::kAllows},
           {"+:staff:ALL\n-:ALL:ALL", kUntold, Kind::kAllows},
           {"-:ALL:ALL\n+:alice:ALL", kUntold, Kind::kDenies},
           {"+:alice:10.0.0.0/8\n-:ALL:ALL", kUntold, Kind::kDepends},
           {"+:alice:10.0.0.0/8\n-:ALL:ALL", kTold, Kind::kAllows},
           {"+:alice:10.1.2.\n-:ALL:ALL", kTold, Kind::kAllows},
           {"+:alice:192.0.2.0/24\n-:ALL:ALL", kTold, Kind::kDenies},
           {"-:ALL:tty1\n", kUntold, Kind::kAllows},
           {"-:alice:bastion.example.com\n", kTold, Kind::kDepends},
           {"-:@admins:ALL\n", kTold, Kind::kDepends},
           {"-:ALL EXCEPT root EXCEPT ALL:ALL\n", kUntold, Kind::kDenies},
           {"x:ALL:ALL\n-:ALL\n", kUntold, Kind::kAllows},
       }) {
    EXPECT_EQ(RuleByAccess(row.text, {}, alice, row.client).kind, row.kind) << row.text;
  }
  AccessOptions options;
  options.groups_in_parentheses_only = true;
  EXPECT_EQ(RuleByAccess("-:staff:ALL", options, alice, kUntold).kind, Kind::kAllows);
  options.field_separator = '|';
  EXPECT_EQ(RuleByAccess("-|(staff)|ALL", options, alice, kUntold).kind, Kind::kDenies);
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
           {"", "ALL: ALL", kUntold, Kind::kDenies},
           {"", "vsftpd: ALL", kUntold, Kind::kAllows},
           {"", "in.telnetd, sshd : ALL", kUntold, Kind::kDenies},
           {"sshd: 10.0.0.0/255.0.0.0", "ALL: ALL", kUntold, Kind::kDepends},
           {"sshd: 10.0.0.0/255.0.0.0", "ALL: ALL", kTold, Kind::kAllows},
           {"sshd: 10.1.", "ALL: ALL", kTold, Kind::kAllows},
           {"sshd: 192.0.2.", "ALL: ALL", kTold, Kind::kDenies},
           {"sshd: [2001:db8::]/32", "ALL: ALL", kTold, Kind::kDenies},
           {"sshd: .example.com", "ALL: ALL", kTold, Kind::kDepends},
           {"", "ALL: ALL EXCEPT 10.1.2.3", kTold, Kind::kAllows},
           {"sshd: ALL: deny", "", kUntold, Kind::kDenies},
           {"", "sshd: \\\n ALL", kUntold, Kind::kDenies},
           {"", "# sshd: ALL", kUntold, Kind::kAllows},
       }) {
    EXPECT_EQ(RuleByHosts(row.allow, row.deny, row.client).kind, row.kind)
        << row.allow << " / " << row.deny;
  }
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

  EXPECT_FALSE(AccountModules(Tree(layout), "absent")) << "not even `other` is there";
  folder.Write("etc/pam.d/other", "account required pam_deny.so\n");
  EXPECT_EQ(AccountModules(Tree(layout), "absent")->front().name, "pam_deny.so");
  folder.Write("etc/pam.d/round", "@include round\n");
  EXPECT_FALSE(AccountModules(Tree(layout), "round")) << "it includes itself";
}

}  // namespace
}  // namespace eic::admin
