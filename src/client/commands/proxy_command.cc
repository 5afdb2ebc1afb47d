#include "client/commands/proxy_command.h"

#include <charconv>
#include <memory>
#include <optional>
#include <ostream>

#include "client/commands/login.h"
#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/commands/wrapper.h"
#include "client/proxy/connect.h"
#include "client/proxy/proxy.h"

namespace eic::client {
namespace {

using aws::Outcome;

constexpr int kPortMax = 65535;

std::optional<std::uint16_t> ParsePort(const std::string& text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stop != end || port < 1 || port > kPortMax) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

struct Line {
  Folder folder;
  ProxyOptions proxy;
};

// What the line says, and behind it the settings.
Outcome<Line> Read(Outside& outside, const ProxyCommandOptions& options) {
  if (!options.folder.empty() && setenv("EIC_HOME", options.folder.c_str(), 1) != 0) {
    return Usage("--folder cannot be used");
  }
  const std::optional<std::uint16_t> port = ParsePort(options.port);
  if (!port) return Usage("PORT is a number from 1 to 65535");
  const Outcome<Folder> folder = outside.OpenFolder();
  if (!folder) return folder.error();
  const Outcome<SettingsFile> file = ReadSettings(outside);
  if (!file) return file.error();
  const Target target = ParseTarget(options.host);
  const auto known = Recall(folder->Remembered(), target.name);
  const Settings settings = file->For({options.host, target.name, known ? known->name : ""});
  Line line{*folder, {}};
  line.proxy.host = options.host;
  line.proxy.port = *port;
  line.proxy.os_user = options.user;
  line.proxy.settings = PlaceOf(options.own, target, settings);
  line.proxy.address = options.own.address.value_or(settings.address.value_or(AddressKind::kAuto));
  line.proxy.key_type =
      options.own.key_type.value_or(settings.key_type.value_or(KeyType::kEd25519));
  if (!options.ssh_says.empty()) {
    line.proxy.ssh_answers = ParsePrintedSshAnswers(options.ssh_says);
  }
  return line;
}

// The doors of the proxy, and what a first login by ssh's configuration is to learn on its way:
// whom the image expects. There the user is ssh's, and nobody has asked for the image yet.
class FirstContact {
 public:
  FirstContact(Outside& outside, const Line& line) : outside_(outside), line_(line) {}

  // `fixed`: the host of -t ID HOST; empty: where AWS says that the instance is.
  ProxyDoors Doors(const std::string& fixed) {
    ProxyDoors doors = RealDoors(line_.folder);
    const bool is_fixed = !fixed.empty();
    const std::vector<std::string> at = is_fixed ? ResolveHost(fixed) : std::vector<std::string>();
    const auto addresses_of = doors.addresses_of;
    doors.addresses_of = [this, addresses_of, fixed, at](
                             const aws::Instance& instance,
                             AddressKind kind) -> Outcome<std::vector<std::string>> {
      instance_ = instance;
      if (!at.empty()) return at;
      if (!fixed.empty()) return NoSuchHost(fixed);
      return addresses_of(instance, kind);
    };
    if (is_fixed) {
      const auto recall = doors.recall;
      doors.recall = [recall, at](const std::string& id) {
        std::optional<Remembered> known = recall(id);
        if (known) known->address = at.empty() ? "" : at.front();
        return known;
      };
    }
    doors.remember = [this, is_fixed](const std::string& id, const Remembered& what) {
      Keep(id, what, !is_fixed);
    };
    return doors;
  }

 private:
  static aws::Failure NoSuchHost(const std::string& host) {
    return {"NoAddress", "the host " + host + " is not known here",
            "Give its address, or a name that this machine resolves."};
  }

  void Keep(const std::string& id, Remembered what, bool keeps_address) {
    what.last_user = line_.proxy.os_user;
    // %r is whom this one login is as, and not whom the next one means.
    what.os_user.clear();
    if (!keeps_address) what.address.clear();
    const auto known = Recall(line_.folder.Remembered(), id);
    if (instance_) TakeUser(known, &what);
    Remember(line_.folder.Remembered(), id, what);
  }

  void TakeUser(const std::optional<Remembered>& known, Remembered* what) {
    const auto name = instance_->tags.find("Name");
    if (name != instance_->tags.end()) what->name = name->second;
    const std::string tagged = TaggedUser(*instance_);
    if (!tagged.empty()) {
      what->os_user = tagged;
      what->is_user_from_tag = true;
      return;
    }
    if (known && !known->os_user.empty() && !known->is_user_from_tag) return;
    const UserGuess guess = GuessUser(*instance_, Images());
    what->os_user = guess.os_user;
    what->image_looks_like = guess.image_looks_like;
    LoginHost host;
    host.instance_id = instance_->instance_id;
    host.user = line_.proxy.os_user;
    host.is_user_chosen = true;
    host.guess = guess;
    Warn(outside_, /*is_verbose=*/false, UserWarning(host));
  }

  std::vector<aws::Image> Images() const {
    const Outcome<std::unique_ptr<aws::Api>> api = outside_.OpenApi(line_.proxy.settings);
    if (!api || instance_->image_id.empty()) return {};
    const Outcome<std::vector<aws::Image>> images = (*api)->DescribeImages({instance_->image_id});
    return images ? *images : std::vector<aws::Image>{};
  }

  Outside& outside_;
  const Line& line_;
  std::optional<aws::Instance> instance_;
};

}  // namespace

int RunProxyCommand(Outside& outside, const ProxyCommandOptions& options) {
  const Outcome<Line> line = Read(outside, options);
  if (!line) return Report(outside.Errors(), line.error());
  FirstContact contact(outside, *line);
  const ProxyDoors doors = contact.Doors(options.fixed_address);
  BeProxy(line->folder, line->proxy, doors);
}

int RunJump(Outside& outside, const JumpCommandOptions& options) {
  const Outcome<Line> line = Read(outside, options.proxy);
  if (!line) return Report(outside.Errors(), line.error());
  const Target target = ParseTarget(options.proxy.host);
  return RunJumpCommand(outside, {options.route, target.name, options.proxy.port,
                                  options.proxy.user, line->proxy.key_type, line->proxy.settings});
}

}  // namespace eic::client
