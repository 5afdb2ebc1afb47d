// What the command's user meets. The questions are asked in a process of that user, which answers
// in JSON.
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <nlohmann/json.hpp>

#include "admin/doctor/gather.h"
#include "admin/explain/trace.h"
#include "admin/limits.h"
#include "admin/process/program_runner.h"
#include "agent/doors.h"
#include "core/authorize.h"
#include "core/limits.h"
#include "core/printable.h"
#include "host/audit.h"
#include "host/clock.h"
#include "host/curl_http.h"
#include "host/imds.h"
#include "host/instance.h"
#include "host/limits.h"
#include "host/syslog_socket.h"
#include "host/trust_anchors.h"
#include "host/users.h"

namespace eic::admin {

void to_json(nlohmann::json& json, const Verdict& verdict) {
  json = {{"reason", verdict.reason}, {"detail", verdict.detail}};
}

void from_json(const nlohmann::json& json, Verdict& verdict) {
  verdict = {json.at("reason").get<std::string>(), json.at("detail").get<std::string>()};
}

namespace {

using Json = nlohmann::json;

Verdict VerdictOf(const Error& error) {
  return {std::string(Slug(error.reason)), Printable(error.detail, kLoggedValueBytesMax)};
}

template <typename T>
Verdict VerdictOf(const Result<T>& result) {
  return result ? Verdict{} : VerdictOf(result.error());
}

void AskTrust(const eic::Outside& doors, const Confined& confined, Imds& imds, Json* facts) {
  const Result<Evidence> evidence = imds.FetchEvidence(confined);
  const Result<X509StorePtr> anchors = doors.open_trust_anchors();
  (*facts)["evidence"] = VerdictOf(evidence);
  if (evidence && anchors) {
    const Deadline search = Deadline::After(kOtherPathsTimeMax);
    (*facts)["signer"] = VerdictOf(VerifySigner(*evidence, anchors->get(), doors.wall_clock(),
                                                [&] { return !search.HasPassed(); }));
  }
}

// The agent's own decision, for whatever key of the login's user.
void AskForLogin(const eic::Options& agent, HttpTransport& http, const OpenDoors& doors,
                 const LookUp& look_up, Json* facts) {
  const Trace trace = RunTraced(agent, http, doors, look_up);
  if (!trace.decision) return;
  const Result<Decision>& decision = *trace.decision;
  if (!decision) {
    (*facts)["has_key"] = decision.error().reason != Reason::kNoKey;
    return;
  }
  if (decision->keys.empty() && !decision->rejections.empty()) {
    (*facts)["key"] = VerdictOf(decision->rejections.front().error);
  }
}

Imds ImdsOf(const eic::Options& agent, HttpTransport& http) {
  return {http, agent.imds_endpoints, Deadline::After(agent.timeout - kVerifyTime)};
}

// From the first byte of the network on, the process is confined as the agent is. So what is needed
// of files is looked up before.
void AskMetadata(const eic::Options& agent, const Instance& instance, Json* facts) {
  CurlHttp http;
  const std::unique_ptr<AuditLog> no_log = OpenStderrAudit();
  const eic::Outside doors = DoorsOf(agent, http, *no_log);
  const Result<std::string> user = LookUpUser(agent.user);
  const Confined confined = doors.confine_for_network();

  Imds imds = ImdsOf(agent, http);
  const Result<std::string> id = imds.FetchInstanceId(confined);
  (*facts)["metadata"] = VerdictOf(id);
  if (!id) return;
  (*facts)["served_instance_id"] = *id;
  AskTrust(doors, confined, imds, facts);
  if (agent.user.empty()) return;
  const OpenDoors known = [&](const eic::Options&, HttpTransport& recording, AuditLog& log) {
    return eic::Outside{recording,
                        log,
                        doors.wall_clock,
                        [&] { return Result<Instance>(instance); },
                        doors.open_trust_anchors,
                        [&] { return confined; }};
  };
  AskForLogin(
      agent, http, known, [&](const std::string&) { return Result<std::string>(user); }, facts);
}

void AskProgram(const std::string& program, Json* facts) {
  if (program.empty()) return;
  const ProgramResult result = MakeProgramRunner()->Run({program, "--version"}, kCheckTimeMax);
  (*facts)["program_runs"] = result.Succeeded();
  (*facts)["program_says"] = Printable(result.errors, kLoggedValueBytesMax);
}

std::string Ask(const std::string& program, const eic::Options& agent) {
  Json facts = Json::object();
  AskProgram(program, &facts);
  facts["has_log"] = SyslogSocket("/dev/log").descriptor() >= 0;
  const std::string tag = agent.sysfs_root + "/devices/virtual/dmi/id/board_asset_tag";
  facts["tag_is_hidden"] = access(tag.c_str(), R_OK) != 0 && errno == EACCES;
  facts["anchors"] = VerdictOf(OpenTrustAnchors(agent.ca_store));
  const Result<Instance> instance = IdentifyInstance(agent.sysfs_root);
  facts["is_instance"] = instance.ok();
  if (instance) {
    facts["instance_id"] = instance->id.value_or("");
    AskMetadata(agent, *instance, &facts);
  }
  return facts.dump(-1, ' ', true, Json::error_handler_t::replace);
}

// The same first question as root: is it the user who is kept away?
std::string AskAsRoot(const eic::Options& agent) {
  CurlHttp http;
  const std::unique_ptr<AuditLog> no_log = OpenStderrAudit();
  const Confined confined = DoorsOf(agent, http, *no_log).confine_for_network();
  return Json(VerdictOf(ImdsOf(agent, http).FetchInstanceId(confined))).dump(-1, ' ', true);
}

AsUserFacts Read(const Json& json) {
  AsUserFacts facts;
  facts.program_runs = json.value("program_runs", true);
  facts.program_says = json.value("program_says", "");
  facts.has_log = json.value("has_log", true);
  facts.is_instance = json.value("is_instance", true);
  facts.tag_is_hidden = json.value("tag_is_hidden", false);
  facts.instance_id = json.value("instance_id", "");
  facts.metadata = json.value("metadata", Verdict{});
  facts.served_instance_id = json.value("served_instance_id", "");
  facts.anchors = json.value("anchors", Verdict{});
  facts.evidence = json.value("evidence", Verdict{});
  facts.signer = json.value("signer", Verdict{});
  facts.has_key = json.value("has_key", true);
  facts.key = json.value("key", Verdict{});
  return facts;
}

AsUserFacts Unasked(const std::string& why) {
  AsUserFacts facts;
  facts.why_not = why;
  facts.has_failed = true;
  return facts;
}

}  // namespace

AsUserFacts AskAsUser(const Account& account, const std::string& program,
                      const eic::Options& agent) {
  const Outcome<std::string> text = RunAsUser(
      account, [&] { return Ask(program, agent); }, kAsUserTimeMax);
  if (!text) return Unasked(text.error().text);
  try {
    AsUserFacts facts = Read(Json::parse(*text));
    if (!MeansNoWay(facts.metadata)) return facts;
    const Outcome<std::string> answer = RunAsUser(
        {"root", 0, 0}, [&] { return AskAsRoot(agent); }, kAsUserTimeMax);
    if (answer) facts.metadata_of_root = Json::parse(*answer).get<Verdict>();
    return facts;
  } catch (const Json::exception& exception) {
    // It read hostile bytes, so it may say anything.
    return Unasked(std::string("its answer cannot be read: ") + exception.what());
  }
}

}  // namespace eic::admin
