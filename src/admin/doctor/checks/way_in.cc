#include "admin/doctor/checks/way_in.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>

#include "admin/doctor/world.h"
#include "admin/limits.h"
#include "admin/sshd/sshd_config.h"
#include "core/printable.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

constexpr const char* kHostsAllow = "/etc/hosts.allow";
constexpr const char* kHostsDeny = "/etc/hosts.deny";

// From OpenSSH 9.8 on, a program of its own serves each connection.
constexpr const char* kSessionPrograms[] = {
    "/usr/lib/openssh/sshd-session", "/usr/libexec/openssh/sshd-session",
    "/usr/libexec/sshd-session", "/usr/lib/ssh/sshd-session"};

// Whether a program needs the library, by the name that stands in its file.
bool NeedsLibwrap(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return bytes.find("libwrap.so") != std::string::npos;
}

bool AsksHosts(const Layout& layout) {
  if (NeedsLibwrap(layout.sshd)) return true;
  for (const char* program : kSessionPrograms) {
    if (NeedsLibwrap(layout.Real(program))) return true;
  }
  return false;
}

void ReadJournal(const Outside& outside, const Settings& settings, const Client& client,
                 WayIn* way) {
  const std::string penalties = ValueOf(settings, "persourcepenalties");
  if (penalties.empty() || penalties == "no" || !outside.layout.is_live) return;
  if (!client.IsKnown()) {
    way->why_unheard = "no --from ADDRESS was given";
    return;
  }
  std::string program = "/usr/bin/journalctl";
  if (access(program.c_str(), X_OK) != 0) program = "/bin/journalctl";
  const ProgramResult result =
      outside.runner.Run({program, "--quiet", "--no-pager", "--output=cat", "--since=-10min",
                          "--lines=2000", "_UID=0", "_COMM=sshd"},
                         kCheckTimeMax);
  if (!result.Succeeded()) {
    way->why_unheard = "the journal could not be read: " + PrintableLine(result.errors);
    return;
  }
  way->drops = DropsOf(result.output, client);
}

Seen LookAtHosts(const World& world) {
  const WayIn& way = world.way_in;
  if (!way.has_libwrap || way.hosts.kind != Ruling::Kind::kDenies) return std::nullopt;
  return "`" + way.hosts.row + "` of hosts.allow or hosts.deny matches " +
         (world.client.IsKnown() ? world.client.address : "every client") +
         ", and this sshd reads them";
}

Seen LookForPenalty(const World& world) {
  if (world.way_in.drops.empty()) return std::nullopt;
  return std::to_string(world.way_in.drops.size()) +
         " in the last 10 minutes, the last: " + world.way_in.drops.back();
}

void TellUnlooked(const World& world, Sentences* sentences) {
  sentences->emplace_back(
      "the network path to sshd's port: doctor does not test security groups, routes and "
      "firewalls");
  if (!world.client.IsKnown()) {
    sentences->emplace_back(
        "the client's address (Match Address, USER@HOST, hosts.deny, access.conf): no --from "
        "ADDRESS was given");
  }
  const WayIn& way = world.way_in;
  if (way.has_libwrap && way.hosts.kind == Ruling::Kind::kDepends) {
    sentences->push_back("hosts.allow and hosts.deny: `" + PrintableLine(way.hosts.row) +
                         "` depends on the client's address or name");
  }
  if (!way.why_unheard.empty()) {
    sentences->push_back("connections that sshd drops (PerSourcePenalties): " + way.why_unheard);
  }
}

}  // namespace

std::vector<std::string> DropsOf(std::string_view journal, const Client& client) {
  std::vector<std::string> drops;
  const std::string from = " from [" + client.address + "]:";
  for (const std::string_view line : SplitLines(journal)) {
    const bool is_drop = line.find("drop connection #") != std::string_view::npos &&
                         line.find(" penalty: ") != std::string_view::npos;
    if (is_drop && line.find(from) != std::string_view::npos) {
      drops.push_back(PrintableLine(std::string(line)));
    }
  }
  return drops;
}

WayIn LookAtWayIn(const Outside& outside, const Settings& settings, const Client& client) {
  WayIn way;
  const Tree tree(outside.layout);
  way.has_libwrap = AsksHosts(outside.layout);
  way.hosts =
      RuleByHosts(tree.Read(kHostsAllow).value_or(""), tree.Read(kHostsDeny).value_or(""), client);
  ReadJournal(outside, settings, client, &way);
  return way;
}

const Family& WayInFamily() {
  static const Family kFamily = {
      {
          {"hosts-denied", Level::kBroken,
           "hosts.allow and hosts.deny make sshd refuse the client before it sends its greeting",
           "`/etc/hosts.allow`, `/etc/hosts.deny`, if this sshd is linked to libwrap",
           "add `sshd: ADDRESS` to /etc/hosts.allow", &LookAtHosts},
          {"source-penalised", Level::kBroken,
           "sshd dropped connections from this address as a penalty for failed attempts",
           "with `--from`, the lines that root's sshd wrote to the journal in the last 10 minutes",
           "push the key before you log in. Wait until the penalty ends (at most the `max` of "
           "PerSourcePenalties), or exempt the address with PerSourcePenaltyExemptList",
           &LookForPenalty},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
