// From what a person types to one instance, its addresses and the user to log in as.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/api.h"
#include "aws/failure.h"

namespace eic::client {

// `i-...[.REGION[.PROFILE]]`, an address, a DNS name, or else a Name tag.
struct Target {
  enum class Kind { kInstanceId, kAddress, kPrivateDnsName, kPublicDnsName, kNameTag };
  Kind kind = Kind::kNameTag;
  std::string word;    // as typed, without `user@`
  std::string name;    // id, address, DNS name or tag: the word without region and profile
  std::string region;  // empty: not named
  std::string profile;
};

// Never fails: what is nothing else is a Name tag.
Target ParseTarget(const std::string& word);

enum class AddressKind { kAuto, kPublic, kPrivate, kIpv6 };

// Addresses to try, in their order: of `kAuto` public IPv4, IPv6, private IPv4. Fails with
// `NoAddress`, which says what the instance has instead.
aws::Outcome<std::vector<std::string>> AddressesOf(const aws::Instance& instance, AddressKind kind);

// The one instance that `target` means. Fails with `NoSuchInstance`, `SeveralInstances` (the message
// lists them), `NotRunning`, or what the call fails with.
aws::Outcome<aws::Instance> FindInstance(aws::Api& api, const Target& target);

// What is known of an instance from an earlier login.
struct Remembered {
  std::string os_user;
  std::string image_looks_like;  // "Ubuntu", for words to people; empty: unknown
  std::string address;
  std::string region;
  std::string availability_zone;
};

std::optional<Remembered> Recall(const std::string& remembered_file, const std::string& instance_id);

// Several processes may do this at once; none loses what another wrote. Best effort: a file that
// cannot be written costs the next login some time, and is no failure.
void Remember(const std::string& remembered_file, const std::string& instance_id,
              const Remembered& what);

struct UserGuess {
  std::string os_user;
  std::string image_looks_like;  // empty: the image says nothing, and os_user is `ec2-user`
};

// By the tag `eic:user`, else by the image's name and owner, else `ec2-user`.
UserGuess GuessUser(const aws::Instance& instance, const std::vector<aws::Image>& images);

}  // namespace eic::client
