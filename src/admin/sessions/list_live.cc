#include "admin/sessions/list_live.h"

#include <map>
#include <sstream>

#include "admin/sessions/limits.h"

namespace eic::admin {
namespace {

LiveSession LiveOf(std::map<std::string, std::string>& properties) {
  LiveSession live;
  live.id = properties["Id"];
  live.leader = ParsePid(properties["Leader"]);
  live.user = properties["Name"];
  live.address = properties["RemoteHost"];
  live.monotonic_us = ParseMicroseconds(properties["TimestampMonotonic"]);
  return live;
}

// False, and none, where one of `ids` is no session any more.
bool Show(const std::vector<std::string>& ids, const LineRunner& run,
          std::vector<LiveSession>* live) {
  std::map<std::string, std::string> properties;
  const auto finish = [&] {
    if (properties["Service"] == "sshd") live->push_back(LiveOf(properties));
    properties.clear();
  };
  std::vector<std::string> argv = {ProgramAt("loginctl"),
                                   "show-session",
                                   "--property=Id",
                                   "--property=Leader",
                                   "--property=Name",
                                   "--property=RemoteHost",
                                   "--property=Service",
                                   "--property=TimestampMonotonic",
                                   "--"};
  argv.insert(argv.end(), ids.begin(), ids.end());
  const ProgramResult result = run(argv, [&](std::string_view line) {
    const std::size_t at = line.find('=');
    if (at == std::string_view::npos) return true;
    const std::string name(line.substr(0, at));
    if (properties.count(name) != 0) finish();
    properties[name] = line.substr(at + 1);
    return true;
  });
  finish();
  if (!result.Succeeded()) live->clear();
  return result.Succeeded();
}

}  // namespace

std::optional<std::vector<LiveSession>> ListLive(const LineRunner& run) {
  std::vector<std::string> ids;
  for (int attempt = 0; attempt < kListAttemptsMax; ++attempt) {
    ids.clear();
    const ProgramResult listed =
        run({ProgramAt("loginctl"), "list-sessions", "--no-legend", "--no-pager"},
            [&ids](std::string_view line) {
              std::istringstream words{std::string(line)};
              std::string id;
              if (words >> id) ids.push_back(id);
              return true;
            });
    if (!listed.Succeeded()) return std::nullopt;
    std::vector<LiveSession> live;
    if (ids.empty() || Show(ids, run, &live)) return live;
  }
  std::vector<LiveSession> live;
  for (const std::string& id : ids) {
    std::vector<LiveSession> one;
    if (Show({id}, run, &one)) live.insert(live.end(), one.begin(), one.end());
  }
  return live;
}

}  // namespace eic::admin
