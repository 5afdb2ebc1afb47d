#include "admin/doctor/checks/metadata.h"

#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "admin/doctor/world.h"
#include "core/printable.h"
#include "host/clock.h"
#include "host/limits.h"

namespace eic::admin {
namespace {

using Seen = std::optional<std::string>;

bool IsAsked(const World& world) { return world.as_user.why_not.empty(); }

bool MeansSilence(const Verdict& verdict) {
  return verdict.reason == "imds-timeout" || verdict.reason == "time-budget-spent";
}

std::string AsUser(const World& world) {
  return "as " + world.slot.user + ": " + world.metadata.verdict.Text();
}

Seen LookAtTag(const World& world) {
  if (!IsAsked(world) || !world.metadata.tag_is_hidden) return std::nullopt;
  return world.slot.user + " may not read /sys/devices/virtual/dmi/id/board_asset_tag";
}

Seen LookForInstance(const World& world) {
  if (!IsAsked(world) || world.metadata.is_instance || LookAtTag(world)) return std::nullopt;
  return "neither board_asset_tag nor hypervisor/uuid below /sys belongs to an EC2 instance";
}

Seen LookForFirewall(const World& world) {
  const auto& root = world.metadata.verdict_of_root;
  if (!MeansNoWay(world.metadata.verdict) || !root || !root->IsFine()) return std::nullopt;
  return AsUser(world) + "; root gets an answer";
}

Seen LookForSilence(const World& world) {
  if (!MeansSilence(world.metadata.verdict) || LookForFirewall(world)) return std::nullopt;
  return AsUser(world);
}

Seen LookForWay(const World& world) {
  if (!MeansNoWay(world.metadata.verdict) || LookForFirewall(world) || LookForSilence(world)) {
    return std::nullopt;
  }
  return AsUser(world);
}

Seen LookFor(const World& world, std::string_view reason) {
  if (world.metadata.verdict.reason != reason) return std::nullopt;
  return AsUser(world);
}

Seen LookForSwitch(const World& world) { return LookFor(world, "imds-forbidden"); }

Seen LookForThrottle(const World& world) { return LookFor(world, "imds-throttled"); }

// Whoever knows no version 2 answers the PUT with a status of its own.
Seen LookForVersion2(const World& world) {
  const Seen seen = LookFor(world, "imds-status");
  return seen && seen->find("PUT ") != std::string::npos ? seen : std::nullopt;
}

Seen LookForStranger(const World& world) {
  const bool is_told = world.metadata.verdict.IsFine() || MeansNoWay(world.metadata.verdict) ||
                       LookForSwitch(world) || LookForThrottle(world) || LookForVersion2(world);
  if (is_told) return std::nullopt;
  return AsUser(world);
}

Seen LookAtInstance(const World& world) {
  const MetadataFacts& facts = world.metadata;
  if (facts.instance_id.empty() || facts.served_instance_id.empty()) return std::nullopt;
  if (facts.instance_id == facts.served_instance_id) return std::nullopt;
  return "DMI says " + facts.instance_id + ", metadata says " + facts.served_instance_id;
}

void TellUnlooked(const World& world, Sentences* sentences) {
  if (!IsAsked(world)) {
    sentences->push_back("metadata, trust and log: " + PrintableLine(world.as_user.why_not));
  } else if (!world.metadata.is_instance) {
    sentences->emplace_back(
        "metadata and trust: this is not an EC2 instance, as far as the host can tell");
  } else if (!world.metadata.verdict.IsFine()) {
    sentences->emplace_back("signer, staples and keys: metadata does not serve them");
  }
}

}  // namespace

void to_json(nlohmann::json& json, const MetadataFacts& facts) {
  json = {{"is_instance", facts.is_instance},
          {"tag_is_hidden", facts.tag_is_hidden},
          {"instance_id", facts.instance_id},
          {"verdict", facts.verdict},
          {"served_instance_id", facts.served_instance_id}};
}

void from_json(const nlohmann::json& json, MetadataFacts& facts) {
  json.at("is_instance").get_to(facts.is_instance);
  json.at("tag_is_hidden").get_to(facts.tag_is_hidden);
  json.at("instance_id").get_to(facts.instance_id);
  json.at("verdict").get_to(facts.verdict);
  json.at("served_instance_id").get_to(facts.served_instance_id);
}

Result<Instance> AskForInstance(const eic::Options& agent, MetadataFacts* facts) {
  const std::string tag = agent.sysfs_root + "/devices/virtual/dmi/id/board_asset_tag";
  facts->tag_is_hidden = access(tag.c_str(), R_OK) != 0 && errno == EACCES;
  Result<Instance> instance = IdentifyInstance(agent.sysfs_root);
  facts->is_instance = instance.ok();
  if (instance) facts->instance_id = instance->id.value_or("");
  return instance;
}

void AskForId(Imds& imds, const Confined& confined, MetadataFacts* facts) {
  const Result<std::string> id = imds.FetchInstanceId(confined);
  facts->verdict = VerdictOf(id);
  if (id) facts->served_instance_id = *id;
}

Imds ImdsOf(const eic::Options& agent, HttpTransport& http) {
  return {http, agent.imds_endpoints, Deadline::After(agent.timeout - kVerifyTime)};
}

bool MeansNoWay(const Verdict& verdict) {
  return verdict.reason == "imds-unreachable" || MeansSilence(verdict);
}

const Family& MetadataFamily() {
  static const Family kFamily = {
      {
          {"dmi-unreadable", Level::kBroken, "the command's user may not read the instance's tag",
           "board_asset_tag below /sys, as the command's user",
           "restore the file's mode 444, and find out what changed /sys (hardening, a container)",
           &LookAtTag},
          {"not-an-instance", Level::kBroken,
           "this is not an EC2 instance, as far as the host can tell",
           "board_asset_tag and hypervisor/uuid below /sys", "no key can be pushed to such a host",
           &LookForInstance},
          {"imds-firewalled", Level::kBroken,
           "a rule on this host blocks metadata for the command's user, but not for root",
           "a token request as the command's user and as root",
           "allow the user's uid to connect to 169.254.169.254 (nft: meta skuid, iptables: "
           "--uid-owner)",
           &LookForFirewall},
          {"imds-silent", Level::kBroken, "metadata does not answer",
           "a token request as the command's user",
           "check firewalls and routes. If sshd runs in a container, set the hop limit to 2: aws "
           "ec2 modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2",
           &LookForSilence},
          {"imds-unreachable", Level::kBroken, "metadata cannot be reached",
           "a token request as the command's user",
           "check the route to 169.254.169.254, and find out what refuses the connection there",
           &LookForWay},
          {"imds-off", Level::kBroken, "metadata is switched off, or refuses this host",
           "a token request as the command's user",
           "aws ec2 modify-instance-metadata-options --instance-id ID --http-endpoint enabled; and "
           "check whether a proxy adds X-Forwarded-For",
           &LookForSwitch},
          {"imds-throttled", Level::kBroken, "metadata is throttled",
           "a token request as the command's user",
           "find out what else on this instance queries metadata so often", &LookForThrottle},
          {"imds-v2-off", Level::kBroken,
           "the service that answers at the metadata address does not support IMDSv2",
           "a token request as the command's user",
           "the service that answers there (a proxy, a stand-in) must support PUT "
           "/latest/api/token",
           &LookForVersion2},
          {"imds-odd", Level::kBroken,
           "the service that answers at the metadata address gives wrong answers",
           "a token request and a request for the instance id, as the command's user",
           "find out what is between this host and 169.254.169.254", &LookForStranger},
          {"imds-other-instance", Level::kBroken, "metadata describes another instance",
           "the instance id in DMI and in metadata",
           "find out what is between this host and 169.254.169.254; until then the agent refuses "
           "every record",
           &LookAtInstance},
      },
      &TellUnlooked};
  return kFamily;
}

}  // namespace eic::admin
