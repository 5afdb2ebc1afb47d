// Finds the instance that a person means by an id, a name or an address.
#include <arpa/inet.h>

#include <algorithm>
#include <iterator>

#include "client/limits.h"
#include "client/target/resolve.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

using Kind = Target::Kind;
using aws::Failure;
using aws::Instance;
using aws::InstanceQuery;
using aws::Outcome;
using Instances = std::vector<Instance>;

std::string Shown(const std::string& text) { return TerminalLine(text, kShownValueBytesMax); }

std::string NameOf(const Instance& instance) {
  const auto name = instance.tags.find("Name");
  return name == instance.tags.end() ? "" : name->second;
}

// `web-1 (i-0123456789abcdef0)`, or the id alone.
std::string Called(const Instance& instance) {
  const std::string name = NameOf(instance);
  if (name.empty()) return Shown(instance.instance_id);
  return Shown(name) + " (" + Shown(instance.instance_id) + ")";
}

// `*`, `?` and `\` of a filter's value are wildcards and their escape (EC2 API, DescribeInstances).
std::string WithoutWildcards(const std::string& value) {
  std::string plain;
  for (const char c : value) {
    if (c == '*' || c == '?' || c == '\\') plain += '\\';
    plain += c;
  }
  return plain;
}

// 10/8, 172.16/12, 192.168/16, 100.64/10, 169.254/16.
bool IsPrivate(const std::string& address) {
  in_addr parsed{};
  if (inet_pton(AF_INET, address.c_str(), &parsed) != 1) return false;
  const std::uint32_t bits = ntohl(parsed.s_addr);
  return bits >> 24U == 10 || bits >> 20U == 0xac1 || bits >> 16U == 0xc0a8 ||
         bits >> 22U == 0x191 || bits >> 16U == 0xa9fe;
}

// `203.0.113.25` of `ec2-203-0-113-25.compute-1.amazonaws.com`; empty where it is not of that form.
std::string AddressInName(const std::string& name) {
  std::string address = name.substr(0, name.find('.')).substr(sizeof("ec2-") - 1);
  std::replace(address.begin(), address.end(), '-', '.');
  in_addr parsed{};
  return inet_pton(AF_INET, address.c_str(), &parsed) == 1 ? address : "";
}

InstanceQuery Filter(const std::string& name, const std::string& value) {
  return {{}, {{name, {WithoutWildcards(value)}}}};
}

// What to ask, one after the other until something is found.
std::vector<InstanceQuery> QueriesFor(const Target& target) {
  switch (target.kind) {
    case Kind::kInstanceId:
      return {{{target.name}, {}}};
    case Kind::kAddress:
      if (target.name.find(':') != std::string::npos) {
        return {Filter("network-interface.ipv6-addresses.ipv6-address", target.name)};
      }
      if (IsPrivate(target.name)) {
        return {Filter("private-ip-address", target.name), Filter("ip-address", target.name)};
      }
      return {Filter("ip-address", target.name), Filter("private-ip-address", target.name)};
    case Kind::kPrivateDnsName:
      return {Filter("private-dns-name", target.name)};
    case Kind::kPublicDnsName: {
      const std::string address = AddressInName(target.name);
      if (address.empty()) return {Filter("dns-name", target.name)};
      return {Filter("ip-address", address)};
    }
    case Kind::kNameTag:
      break;
  }
  return {Filter("tag:Name", target.name)};
}

bool IsRunning(const Instance& instance) { return instance.state == "running"; }

// Mistyped, most likely: `i-` and hexadecimal digits, too few or too many of them.
bool IsNearlyAnId(const std::string& name) {
  return name.size() > 4 && name.compare(0, 2, "i-") == 0 &&
         name.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string::npos;
}

Failure NoSuch(const Target& target, const std::string& region) {
  const std::string word = Shown(target.name);
  std::string message = "no instance in " + Shown(region);
  switch (target.kind) {
    case Kind::kInstanceId:
      message += " has the id " + word;
      break;
    case Kind::kAddress:
      message += " has the address " + word;
      break;
    case Kind::kPrivateDnsName:
    case Kind::kPublicDnsName:
      message += " has the DNS name " + word;
      break;
    case Kind::kNameTag:
      message += " is named " + word + " (its tag Name)";
      break;
  }
  if (target.kind == Kind::kNameTag && IsNearlyAnId(target.name)) {
    return {"NoSuchInstance", message,
            "an instance id has 8 or 17 digits after i-; this has " +
                std::to_string(target.name.size() - 2)};
  }
  return {"NoSuchInstance", message,
          "`eic list` shows the instances; --region and --profile look elsewhere"};
}

Failure NotRunning(const Instance& instance) {
  const std::string id = Shown(instance.instance_id);
  const std::string state = instance.state.empty() ? "in no known state" : Shown(instance.state);
  std::string advice;
  if (instance.state == "stopped") {
    advice = "start it: aws ec2 start-instances --instance-ids " + id;
  } else if (instance.state == "pending") {
    advice = "it is just starting: try again in a minute";
  } else if (instance.state == "stopping") {
    advice =
        "wait until it has stopped, then start it: aws ec2 start-instances --instance-ids " + id;
  } else {
    advice = "it is gone for good: `eic list` shows the instances that exist";
  }
  return {"NotRunning", Called(instance) + " is not running: it is " + state, advice};
}

std::string AddressShown(const Instance& instance) {
  for (const std::string* address : {&instance.public_ip, &instance.private_ip, &instance.ipv6}) {
    if (!address->empty()) return Shown(*address);
  }
  return "no address";
}

Failure Several(const Target& target, const Instances& found) {
  std::string message =
      std::to_string(found.size()) + " instances are called " + Shown(target.name) + ":";
  for (std::size_t at = 0; at < found.size() && at < kListedInstancesMax; ++at) {
    const Instance& instance = found[at];
    message += "\n  " + Shown(instance.instance_id) + "  " + Shown(instance.availability_zone) +
               "  " + AddressShown(instance) + "  launched " + Shown(instance.launch_time);
  }
  if (found.size() > kListedInstancesMax) {
    message += "\n  and " + std::to_string(found.size() - kListedInstancesMax) + " more";
  }
  return {"SeveralInstances", message, "name one of them by its id"};
}

// The service's filter may have been wider than the word: a name is compared once more here.
Instances Meant(const Target& target, Instances found) {
  // Another instance than the one asked for must not get its name among the known hosts.
  const auto is_another = [&](const Instance& one) {
    if (target.kind == Kind::kNameTag) return NameOf(one) != target.name;
    return target.kind == Kind::kInstanceId && one.instance_id != target.name;
  };
  found.erase(std::remove_if(found.begin(), found.end(), is_another), found.end());
  // A terminated instance keeps its name for an hour or so, and is nobody's target.
  if (target.kind != Kind::kInstanceId && found.size() > 1) {
    Instances running;
    std::copy_if(found.begin(), found.end(), std::back_inserter(running), IsRunning);
    if (!running.empty()) return running;
  }
  return found;
}

// AWS names the instance that it does not know; what it cannot know is where else to look.
Failure WithAdvice(Failure failure, const Target& target, const std::string& region) {
  if (failure.advice.empty() && failure.code.rfind("InvalidInstanceID", 0) == 0) {
    failure.advice = "looked in " + Shown(region) + "; another region: `" + Shown(target.name) +
                     ".REGION` or --region";
  }
  return failure;
}

}  // namespace

Outcome<Instance> ChooseInstance(const Target& target, const std::string& region,
                                 std::vector<Instance> found) {
  found = Meant(target, std::move(found));
  if (found.empty()) return NoSuch(target, region);
  if (found.size() > 1) {
    if (std::none_of(found.begin(), found.end(), IsRunning)) return NotRunning(found.front());
    return Several(target, found);
  }
  if (!IsRunning(found.front())) return NotRunning(found.front());
  return found.front();
}

InstanceQuery QueryFor(const Target& target) { return QueriesFor(target).front(); }

Outcome<Instance> FindInstance(aws::Api& api, const Target& target) {
  Instances found;
  for (const InstanceQuery& query : QueriesFor(target)) {
    Outcome<Instances> answer = api.DescribeInstances(query);
    if (!answer) return WithAdvice(answer.error(), target, api.region());
    found = Meant(target, *std::move(answer));
    if (!found.empty()) break;
  }
  return ChooseInstance(target, api.region(), std::move(found));
}

Outcome<std::vector<std::string>> AddressesOf(const Instance& instance, AddressKind kind) {
  struct Candidate {
    AddressKind kind;
    const char* what;
    const std::string& address;
  };
  // Public first: who is inside the VPC and wants the private one says so.
  const Candidate candidates[] = {{AddressKind::kPublic, "public IPv4", instance.public_ip},
                                  {AddressKind::kIpv6, "IPv6", instance.ipv6},
                                  {AddressKind::kPrivate, "private IPv4", instance.private_ip}};
  std::vector<std::string> wanted;
  std::string others;
  std::string missing = "address";
  for (const Candidate& one : candidates) {
    const bool is_wanted = kind == AddressKind::kAuto || kind == one.kind;
    if (kind == one.kind) missing = std::string(one.what) + " address";
    if (one.address.empty()) continue;
    if (is_wanted) {
      wanted.push_back(one.address);
    } else {
      others += (others.empty() ? "" : ", ") + std::string(one.what) + " " + Shown(one.address);
    }
  }
  if (!wanted.empty()) return wanted;
  if (others.empty()) {
    return Failure{"NoAddress", Called(instance) + " has no " + missing,
                   "it may be starting or stopped: `eic list` shows its state"};
  }
  return Failure{"NoAddress", Called(instance) + " has no " + missing + "; it has " + others,
                 "choose another with --address auto, public, private or ipv6"};
}

}  // namespace eic::client
