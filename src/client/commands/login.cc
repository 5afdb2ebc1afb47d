#include "client/commands/login.h"

#include "client/commands/place.h"
#include "client/limits.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

using aws::Instance;
using aws::Outcome;

std::string NameOf(const Instance& instance) {
  const auto name = instance.tags.find("Name");
  return name == instance.tags.end() ? "" : name->second;
}

bool IsSamePlace(const aws::Settings& one, const aws::Settings& other) {
  return one.profile == other.profile && one.region == other.region;
}

// The id of an alias (`Host web` with `HostName i-...`), else the word.
Target TargetOf(const std::string& word, const std::string& host_name) {
  Target target = ParseTarget(word);
  if (target.kind == Target::Kind::kInstanceId || host_name.empty()) return target;
  Target alias = ParseTarget(host_name);
  return alias.kind == Target::Kind::kInstanceId ? alias : target;
}

}  // namespace

Outcome<aws::Api*> Logins::ApiFor(const aws::Settings& place) {
  if (api_ == nullptr || !IsSamePlace(place, api_place_)) {
    Outcome<std::unique_ptr<aws::Api>> api = outside_.OpenApi(place);
    if (!api) return api.error();
    api_ = *std::move(api);
    api_place_ = place;
  }
  return api_.get();
}

void Logins::TakeSettings(LoginHost* host, const std::string& name) const {
  host->settings = settings_.For({host->word, host->instance_id, name});
}

Outcome<Nothing> Logins::GuessBy(const Instance& instance, LoginHost* host) {
  std::vector<aws::Image> images;
  if (TaggedUser(instance).empty() && !instance.image_id.empty()) {
    const Outcome<aws::Api*> api = ApiFor(host->place);
    if (!api) return api.error();
    // Who may not ask for images has a guess that is worse, and no failure.
    Outcome<std::vector<aws::Image>> described = (*api)->DescribeImages({instance.image_id});
    if (described) images = *std::move(described);
  }
  host->guess = GuessUser(instance, images);
  return Nothing{};
}

// The command line, the tag, the settings, what was known or guessed; in this order.
Outcome<Nothing> Logins::ChooseUser(LoginHost* host) {
  if (host->is_user_chosen) return Nothing{};
  if (host->instance) {
    const std::string tagged = TaggedUser(*host->instance);
    if (!tagged.empty()) {
      host->user = tagged;
      host->guess.os_user = tagged;
      return Nothing{};
    }
  }
  if (!host->settings.user.empty()) {
    host->user = host->settings.user;
    return Nothing{};
  }
  if (host->guess.os_user.empty() && host->instance) {
    if (const auto done = GuessBy(*host->instance, host); !done) return done.error();
  }
  host->user = host->guess.os_user.empty() ? kDefaultUser : host->guess.os_user;
  return Nothing{};
}

Outcome<LoginHost> Logins::Resolve(const std::string& word, const std::string& user,
                                   const std::string& host_name) {
  LoginHost host;
  host.word = word;
  host.user = user;
  host.is_user_chosen = !user.empty();
  Target target = TargetOf(word, host_name);
  if (!own_.instance_id.empty()) {
    host.fixed_address = host_name.empty() ? word : host_name;
    target = ParseTarget(own_.instance_id);
  }
  host.settings = settings_.For({word, target.name});
  host.place = PlaceOf(own_, target, host.settings);
  if (target.kind == Target::Kind::kInstanceId) {
    host.instance_id = target.name;
  } else {
    const Outcome<aws::Api*> api = ApiFor(host.place);
    if (!api) return api.error();
    Outcome<Instance> found = FindInstance(**api, target);
    if (!found) return found.error();
    host.instance_id = found->instance_id;
    host.instance = *std::move(found);
  }
  host.ssh_word = IsPlainHost(word) ? word : host.instance_id;
  const std::optional<Remembered> known = Recall(folder_.Remembered(), host.instance_id);
  const bool is_tagged = known && known->is_user_from_tag;
  if (known && !is_tagged) host.guess = {known->os_user, known->image_looks_like};
  TakeSettings(&host, host.instance ? NameOf(*host.instance) : known ? known->name : "");
  if (is_tagged && !host.is_user_chosen && !host.instance) {
    host.user = known->os_user;
    return host;
  }
  const bool is_user_known = host.is_user_chosen || !host.guess.os_user.empty() ||
                             !host.settings.user.empty() || AsksNothing();
  if (!is_user_known) {
    if (const auto done = Describe(&host); !done) return done.error();
  }
  if (const auto done = ChooseUser(&host); !done) return done.error();
  return host;
}

Outcome<Nothing> Logins::Describe(LoginHost* host) {
  if (host->instance) return Nothing{};
  const Outcome<aws::Api*> api = ApiFor(host->place);
  if (!api) return api.error();
  Outcome<Instance> found = FindInstance(**api, ParseTarget(host->instance_id));
  if (!found) return found.error();
  host->instance = *std::move(found);
  TakeSettings(host, NameOf(*host->instance));
  return ChooseUser(host);
}

Outcome<Nothing> Logins::PushAlone(aws::PushRequest push, const LoginHost& host) {
  const Outcome<aws::Api*> api = ApiFor(host.place);
  if (!api) return api.error();
  if (host.instance && push.availability_zone.empty()) {
    push.availability_zone = host.instance->availability_zone;
  }
  const Outcome<std::string> pushed = (*api)->SendSshPublicKey(push);
  if (!pushed) return pushed.error();
  return Nothing{};
}

Outcome<Nothing> Logins::PushAndDescribe(const aws::PushRequest& push, LoginHost* host) {
  const Outcome<aws::Api*> api = ApiFor(host->place);
  if (!api) return api.error();
  const Target target = ParseTarget(host->instance_id);
  aws::Api::DescribedAndPushed both = (*api)->DescribeAndPush(QueryFor(target), push);
  if (!both.instances) {
    if (!both.request_id) return both.request_id.error();
    // Who may push and not describe can log in where the address is known.
    const auto known = Recall(folder_.Remembered(), host->instance_id);
    const bool has_address = !host->fixed_address.empty() || (known && !known->address.empty());
    if (has_address) return Nothing{};
    return both.instances.error();
  }
  // Before the push's own failure: that an instance is stopped says more.
  Outcome<Instance> found = ChooseInstance(target, (*api)->region(), *std::move(both.instances));
  if (!found) return found.error();
  if (!both.request_id) return both.request_id.error();
  host->instance = *std::move(found);
  TakeSettings(host, NameOf(*host->instance));
  return ChooseUser(host);
}

Outcome<Nothing> Logins::Push(const std::string& public_key, LoginHost* host) {
  const aws::PushRequest push{host->instance_id, host->user, public_key, own_.zone};
  const bool is_alone = host->instance || AsksNothing();
  const Outcome<Nothing> pushed = is_alone ? PushAlone(push, *host) : PushAndDescribe(push, host);
  if (!pushed) return pushed.error();
  // Once for each instance: whom its image expects is remembered.
  if (host->instance && host->guess.os_user.empty()) return GuessBy(*host->instance, host);
  return Nothing{};
}

void Logins::Keep(const LoginHost& host) const {
  Remembered what;
  what.os_user = host.guess.os_user;
  what.image_looks_like = host.guess.image_looks_like;
  what.last_user = host.user;
  if (host.instance) {
    what.is_user_from_tag = !TaggedUser(*host.instance).empty();
    what.name = NameOf(*host.instance);
    what.availability_zone = host.instance->availability_zone;
    const Outcome<std::string> address = AddressFor(host, /*is_behind_jump=*/false);
    if (address && host.fixed_address.empty()) what.address = *address;
  } else {
    what.os_user.clear();  // nothing new is known of it
  }
  if (api_ != nullptr) what.region = api_->region();
  Remember(folder_.Remembered(), host.instance_id, what);
}

Outcome<std::string> Logins::AddressFor(const LoginHost& host, bool is_behind_jump) const {
  if (!host.fixed_address.empty()) return host.fixed_address;
  if (!host.instance) return host.instance_id;
  const AddressKind otherwise = is_behind_jump ? AddressKind::kPrivate : AddressKind::kAuto;
  const AddressKind kind = own_.address            ? *own_.address
                           : host.settings.address ? *host.settings.address
                                                   : otherwise;
  Outcome<std::vector<std::string>> addresses = AddressesOf(*host.instance, kind);
  if (!addresses) return addresses.error();
  return addresses->front();
}

Outcome<HostSection> Logins::SectionFor(const LoginHost& host, const std::string& host_name) const {
  HostSection section;
  section.word = host.ssh_word;
  section.instance_id = host.instance_id;
  section.host_name = host_name;
  // A user of the command line counts before this, and may be one that cannot be written.
  if (!host.is_user_chosen || IsPlainUser(host.user)) section.user = host.user;
  section.host_keys = host.settings.host_keys.value_or(HostKeys::kAcceptNew);
  return section;
}

std::string UserWarning(const LoginHost& host) {
  const bool is_expected = host.guess.image_looks_like.empty() || host.guess.os_user.empty() ||
                           host.user == host.guess.os_user;
  const bool is_configured = !host.is_user_chosen;
  if (is_expected || is_configured) return "";
  const auto shown = [](const std::string& text) {
    return TerminalLine(text, kShownValueBytesMax);
  };
  return shown(host.instance_id) + " looks like " + shown(host.guess.image_looks_like) +
         ", whose default user is " + shown(host.guess.os_user) + "; logging in as " +
         shown(host.user);
}

}  // namespace eic::client
