// From a host of a command line to a login: which instance, as whom, and the push of a key.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/outside.h"
#include "client/own_options.h"
#include "client/ssh/config_writer.h"
#include "client/target/resolve.h"
#include "client/target/settings.h"

namespace eic::client {

// What a host of the command line turned out to be.
struct LoginHost {
  std::string word;  // as typed
  std::string
      ssh_word;  // what ssh is given in its place: the word, or the id where it is not plain
  std::string instance_id;
  std::string user;             // whom to log in as
  bool is_user_chosen = false;  // by the command line, or the person's ssh_config for this host
  std::string fixed_address;    // the HOST of -t ID HOST
  Settings settings;
  aws::Settings place;
  std::optional<aws::Instance> instance;  // where AWS was asked
  UserGuess guess;                        // by the image, of now or of an earlier login
};

// Logins of one command line.
class Logins {
 public:
  // All are borrowed for its life.
  Logins(Outside& outside, const Folder& folder, const OwnOptions& own,
         const SettingsFile& settings)
      : outside_(outside), folder_(folder), own_(own), settings_(settings) {}

  // `user` is that of the command line, or empty. `host_name` is what the person's own ssh_config
  // makes of the word (`Host web` with `HostName i-...`), or empty. AWS is asked where the word is
  // no id, or where whom to log in as is not known from an earlier login.
  aws::Outcome<LoginHost> Resolve(const std::string& word, const std::string& user,
                                  const std::string& host_name);

  // DescribeInstances, where it was not asked yet.
  aws::Outcome<Nothing> Describe(LoginHost* host);

  // Pushes `public_key` for `host->user`. Where something that is known only now names another user
  // (a tag), `host->user` is that one afterwards, and a key is to be made and pushed for it.
  aws::Outcome<Nothing> Push(const std::string& public_key, LoginHost* host);

  // Keeps what the next login wants to know.
  void Keep(const LoginHost& host) const;

  // Where ssh connects by itself, or by way of a jump host, which reaches private addresses.
  aws::Outcome<std::string> AddressFor(const LoginHost& host, bool is_behind_jump) const;

  // The section of the -F file.
  aws::Outcome<HostSection> SectionFor(const LoginHost& host, const std::string& host_name) const;

 private:
  aws::Outcome<aws::Api*> ApiFor(const aws::Settings& place);
  aws::Outcome<Nothing> GuessBy(const aws::Instance& instance, LoginHost* host);
  void TakeSettings(LoginHost* host, const std::string& name) const;
  aws::Outcome<Nothing> ChooseUser(LoginHost* host);
  aws::Outcome<Nothing> PushAlone(aws::PushRequest push, const LoginHost& host);
  aws::Outcome<Nothing> PushAndDescribe(const aws::PushRequest& push, LoginHost* host);
  bool AsksNothing() const { return !own_.instance_id.empty() && !own_.zone.empty(); }

  Outside& outside_;
  const Folder& folder_;
  const OwnOptions& own_;
  const SettingsFile& settings_;
  std::unique_ptr<aws::Api> api_;
  aws::Settings api_place_;
};

// What a person should know before a login that the image does not expect; empty: nothing. After a
// refusal by the instance, nobody of ours is there to say it.
std::string UserWarning(const LoginHost& host);

}  // namespace eic::client
