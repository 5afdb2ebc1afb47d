// Whose command may be displaced by what: the document's table is the code's.
#include "admin/slot/displacement.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/temp_folder.h"

namespace eic::admin {
namespace {

const std::vector<std::pair<Where, const char*>> kWheres = {
    {Where::kFiles, "files, for all logins"},
    {Where::kWideMatch, "a wide `Match`"},
    {Where::kOtherMatch, "any other `Match`"},
    {Where::kCommandLine, "sshd's command line"},
};
const std::vector<std::pair<Holder, const char*>> kHolders = {
    {Holder::kNobody, "nobody"},
    {Holder::kNone, "`none`"},
    {Holder::kOurs, "ours"},
    {Holder::kShellAgent, "the shell agent"},
    {Holder::kShellAgentName, "a name of the shell agent"},
    {Holder::kSomebodyElse, "somebody else"},
};
const std::map<Fate, const char*> kFates = {
    {Fate::kStays, "stays"},
    {Fate::kGivesWay, "gives way"},
    {Fate::kJoins, "joins the chain"},
    {Fate::kRefused, "refused"},
};

// The table as doc/enable.md has it.
std::string Table() {
  std::string text =
      "| where | held by | `enable` | `--replace` | `--chain` | `disable` |\n"
      "|---|---|---|---|---|---|\n";
  for (const auto& [where, place] : kWheres) {
    const bool is_match = where == Where::kWideMatch || where == Where::kOtherMatch;
    for (const auto& [holder, who] : kHolders) {
      if (is_match && holder == Holder::kNobody) continue;  // a block without a command
      text += std::string("| ") + place + " | " + who;
      for (const Intent intent :
           {Intent::kEnable, Intent::kReplace, Intent::kChain, Intent::kDisable}) {
        const Fate fate = FateOf(holder, where, intent);
        const bool is_free = holder == Holder::kNobody && fate == Fate::kGivesWay;
        text += std::string(" | ") + (is_free ? "our block is written" : kFates.at(fate));
      }
      text += " |\n";
    }
  }
  return text;
}

TEST(Displacement, TheDocumentHasTheTable) {
  std::ostringstream text;
  text << std::ifstream(EIC_SOURCE_DIR "/doc/enable.md").rdbuf();
  EXPECT_NE(text.str().find(Table()), std::string::npos) << "put this into doc/enable.md:\n"
                                                         << Table();
}

TEST(Displacement, OursNeverGivesWayToOursAndDisableTakesNobodyElses) {
  for (const auto& [where, place] : kWheres) {
    for (const Intent intent : {Intent::kEnable, Intent::kReplace, Intent::kChain}) {
      EXPECT_EQ(FateOf(Holder::kOurs, where, intent), Fate::kStays) << place;
    }
    for (const Holder holder :
         {Holder::kNobody, Holder::kNone, Holder::kShellAgent, Holder::kSomebodyElse}) {
      EXPECT_EQ(FateOf(holder, where, Intent::kDisable), Fate::kStays) << place;
    }
  }
}

TEST(Displacement, TheShellAgentIsHeldApartFromItsNames) {
  const fakes::TempFolder folder;
  Layout layout;
  layout.root = folder.path().string();
  const std::string command = "/opt/aws/bin/eic_run_authorized_keys %u %f";
  EXPECT_EQ(HolderOf(layout, command), Holder::kShellAgentName) << "its program is gone";
  folder.Write("opt/aws/bin/eic_run_authorized_keys", "#!/bin/sh\n");
  EXPECT_EQ(HolderOf(layout, command), Holder::kShellAgent);
  EXPECT_EQ(HolderOf(layout, std::nullopt), Holder::kNobody);
  EXPECT_EQ(HolderOf(layout, "none"), Holder::kNone);
  EXPECT_EQ(HolderOf(layout, std::string(kWantedCommand)), Holder::kOurs);
  EXPECT_EQ(HolderOf(layout, std::string(kChainPath) + " -- %u %f %t"), Holder::kOurs);
  EXPECT_EQ(HolderOf(layout, "/usr/bin/sss_ssh_authorizedkeys %u"), Holder::kSomebodyElse);
}

}  // namespace
}  // namespace eic::admin
