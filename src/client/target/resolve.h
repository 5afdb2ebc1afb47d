// From what a person types to one instance, its addresses and the user to log in as.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/api.h"
#include "aws/failure.h"

namespace eic::client {

// `i-` and 8 or 17 hexadecimal digits, in either case, `[.REGION[.PROFILE]]` behind it; an address;
// a DNS name that EC2 gives; or else a Name tag. A DNS name by resource (`i-....compute.internal`)
// is the id that it begins with.
struct Target {
  enum class Kind { kInstanceId, kAddress, kPrivateDnsName, kPublicDnsName, kNameTag };
  Kind kind = Kind::kNameTag;
  std::string word;    // as typed, without `user@`
  std::string name;    // id, address, DNS name or tag: the word without region and profile; but
                       // for tags in lower case
  std::string region;  // empty: not named
  std::string profile;
};

// Never fails: what is nothing else is a Name tag.
Target ParseTarget(const std::string& word);

enum class AddressKind { kAuto, kPublic, kPrivate, kIpv6 };

// Addresses to try, in their order: of `kAuto` public IPv4, IPv6, private IPv4. Fails with
// `NoAddress`, which says what the instance has instead.
aws::Outcome<std::vector<std::string>> AddressesOf(const aws::Instance& instance, AddressKind kind);

// The one instance that `target` means. Fails with `NoSuchInstance`, `SeveralInstances` (the
// message lists them, and none is chosen), `NotRunning`, or what the call fails with.
aws::Outcome<aws::Instance> FindInstance(aws::Api& api, const Target& target);

// The two halves of it, for who asks DescribeInstances beside something else: what to ask first,
// and the one that is meant of what was answered by `region`.
aws::InstanceQuery QueryFor(const Target& target);
aws::Outcome<aws::Instance> ChooseInstance(const Target& target, const std::string& region,
                                           std::vector<aws::Instance> found);

// What is known of an instance from an earlier login.
struct Remembered {
  // Whom a login without a user means: by the tag `eic:user`, else by the image. Never what a
  // person typed for one login.
  std::string os_user;
  bool is_user_from_tag = false;
  std::string image_looks_like;  // "Ubuntu", for words to people; empty: unknown
  std::string name;              // its tag Name
  std::string address;
  std::string region;
  std::string availability_zone;
  std::string last_user;  // of the latest login, whoever chose it
};

// A file that is missing or corrupt knows nothing, and is no failure.
std::optional<Remembered> Recall(const std::string& remembered_file,
                                 const std::string& instance_id);

struct LatestLogin {
  std::string instance_id;
  Remembered known;
  std::int64_t at = 0;  // seconds since 1970
};

std::optional<LatestLogin> RecallLatest(const std::string& remembered_file);

// Adds to what is known: an empty field of `what` leaves what is there. Where users changed,
// `users.conf` beside the file is rewritten (ssh_config's lines for Match). Several processes
// may do this at once; none loses what another wrote. Best effort: a file that cannot be written
// costs the next login some time, and is no failure.
void Remember(const std::string& remembered_file, const std::string& instance_id,
              const Remembered& what);

// True where something was known.
bool Forget(const std::string& remembered_file, const std::string& instance_id);

// Whom most images have.
inline constexpr const char* kDefaultUser = "ec2-user";

struct UserGuess {
  std::string os_user;
  std::string image_looks_like;  // empty: the image says nothing
};

// Letters, digits and `_-.`, as user names are: safe in ssh_config, in a message and in a command.
bool IsPlainUser(const std::string& user);

// The tag `eic:user`; empty where there is none, or none that is a plain user name.
std::string TaggedUser(const aws::Instance& instance);

// By the tag `eic:user`, else by the image's name and owner, else `ec2-user`.
UserGuess GuessUser(const aws::Instance& instance, const std::vector<aws::Image>& images);

}  // namespace eic::client
