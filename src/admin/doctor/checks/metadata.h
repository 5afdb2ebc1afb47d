// Of doctor: whether the command's user reaches the metadata service, and which instance it speaks
// for.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "admin/doctor/check.h"
#include "admin/doctor/checks/verdict.h"
#include "agent/options.h"
#include "core/result.h"
#include "host/http.h"
#include "host/imds.h"
#include "host/instance.h"

namespace eic::admin {

struct MetadataFacts {
  bool is_instance = true;
  bool tag_is_hidden = false;  // DMI has a tag, and this user may not read it
  std::string instance_id;     // of DMI; empty on Xen

  Verdict verdict;                         // a token, and the instance's id
  std::optional<Verdict> verdict_of_root;  // asked where the user did not reach it
  std::string served_instance_id;
};
void to_json(nlohmann::json& json, const MetadataFacts& facts);
void from_json(const nlohmann::json& json, MetadataFacts& facts);

// As the command's user: which instance this is by DMI and hypervisor.
Result<Instance> AskForInstance(const eic::Options& agent, MetadataFacts* facts);

// As the command's user, confined: which instance metadata says.
void AskForId(Imds& imds, const Confined& confined, MetadataFacts* facts);

// The door to metadata that a login's run would have.
Imds ImdsOf(const eic::Options& agent, HttpTransport& http);

// Whether metadata was not reached at all, which a firewall could be the cause of.
bool MeansNoWay(const Verdict& verdict);

const Family& MetadataFamily();

}  // namespace eic::admin
