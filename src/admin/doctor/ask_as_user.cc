#include "admin/doctor/ask_as_user.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "admin/doctor/world.h"
#include "admin/limits.h"
#include "agent/doors.h"
#include "host/audit.h"
#include "host/curl_http.h"
#include "host/trust_anchors.h"
#include "host/users.h"

namespace eic::admin {
namespace {

using Json = nlohmann::json;

// What a process of the command's user answers.
struct Answers {
  ProgramRun program_run;
  bool has_log = true;
  MetadataFacts metadata;
  TrustFacts trust;
};

// From the first byte of the network on, the process is confined as the agent is. So what is needed
// of files is looked up before.
void AskNetwork(const eic::Options& agent, const Instance& instance, Answers* answers) {
  CurlHttp http;
  const std::unique_ptr<AuditLog> no_log = OpenStderrAudit();
  const eic::Outside doors = DoorsOf(agent, http, *no_log);
  const Result<std::string> user = LookUpUser(agent.user);
  const Confined confined = doors.confine_for_network();

  Imds imds = ImdsOf(agent, http);
  AskForId(imds, confined, &answers->metadata);
  if (!answers->metadata.verdict.IsFine()) return;
  AskForSigner(doors, confined, imds, &answers->trust);
  if (agent.user.empty()) return;
  const OpenDoors known = [&](const eic::Options&, HttpTransport& recording, AuditLog& log) {
    return eic::Outside{recording,
                        log,
                        doors.wall_clock,
                        [&] { return Result<Instance>(instance); },
                        doors.open_trust_anchors,
                        [&] { return confined; }};
  };
  const LookUp look_up = [&](const std::string&) { return Result<std::string>(user); };
  AskForKey(agent, http, known, look_up, &answers->trust);
}

std::string Ask(const std::string& program, const eic::Options& agent) {
  Answers answers;
  answers.program_run = TryProgram(program);
  answers.has_log = HasLog();
  answers.trust.anchors = VerdictOf(OpenTrustAnchors(agent.ca_store));
  const Result<Instance> instance = AskForInstance(agent, &answers.metadata);
  if (instance) AskNetwork(agent, *instance, &answers);
  const Json json = {{"program_run", answers.program_run},
                     {"has_log", answers.has_log},
                     {"metadata", answers.metadata},
                     {"trust", answers.trust}};
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

// The same first question as root: is it the user who is kept away?
std::string AskAsRoot(const eic::Options& agent) {
  CurlHttp http;
  const std::unique_ptr<AuditLog> no_log = OpenStderrAudit();
  const Confined confined = DoorsOf(agent, http, *no_log).confine_for_network();
  return Json(VerdictOf(ImdsOf(agent, http).FetchInstanceId(confined))).dump(-1, ' ', true);
}

}  // namespace

void AskAsUser(const Account& account, const std::string& program, const eic::Options& agent,
               World* world) {
  const Outcome<std::string> text = RunAsUser(
      account, [&] { return Ask(program, agent); }, kAsUserTimeMax);
  if (!text) {
    world->as_user = {text.error().text, true};
    return;
  }
  try {
    const Json json = Json::parse(*text);
    json.at("program_run").get_to(world->program_run);
    json.at("has_log").get_to(world->has_log);
    json.at("metadata").get_to(world->metadata);
    json.at("trust").get_to(world->trust);
    if (!MeansNoWay(world->metadata.verdict)) return;
    const Outcome<std::string> answer = RunAsUser(
        {"root", 0, 0}, [&] { return AskAsRoot(agent); }, kAsUserTimeMax);
    if (answer) world->metadata.verdict_of_root = Json::parse(*answer).get<Verdict>();
  } catch (const Json::exception& exception) {
    // It read hostile bytes, so it may say anything.
    world->as_user = {std::string("its answer cannot be read: ") + exception.what(), true};
  }
}

}  // namespace eic::admin
