#include "admin/doctor/world.h"

#include "admin/explain/trace.h"
#include "admin/limits.h"
#include "admin/slot/agent_command.h"
#include "host/imds.h"

namespace eic::admin {
namespace {

// A fingerprint as sshd gives one, for reading the command's words.
constexpr const char* kSomeFingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
constexpr const char* kSomebody = "somebody";

void AskIt(const Outside& outside, const DoctorOptions& options, World* world) {
  eic::Options agent;
  agent.imds_endpoints = DefaultImdsEndpoints();
  std::string program;
  if (world->slot.runs_agent) {
    const auto parsed = ParseAgentCommand(world->slot.command, kSomebody, kSomeFingerprint);
    if (parsed) {
      agent = *parsed;
    } else {
      world->program.usage_error = parsed.error().text;
    }
    // It would run as the command's user, who may be root.
    if (world->program.WhyRefused().empty()) program = ProgramOf(world->slot.command);
  }
  agent.user = options.user;
  agent.fingerprint.reset();
  agent.key_type.reset();
  if (!outside.layout.is_live) {
    world->as_user.why_not = "the system below --root is not running";
    return;
  }
  if (!world->command_user) {
    world->as_user.why_not = "there is no user " + world->slot.user;
    return;
  }
  AskAsUser(*world->command_user, program, agent, world);
}

// From the socket to the shell, but for the key.
void LookAlongTheWay(const Outside& outside, World* world) {
  world->client.may_have_name = ValueOf(world->settings, "usedns") == "yes";
  world->way_in = LookAtWayIn(outside, world->settings, world->client);
  world->revoked_keys_fault = FaultOfRevokedKeys(outside.layout, world->settings);
  if (!world->login) return;
  world->account = LookAtAccount(outside.layout, world->settings, *world->login, world->client);
}

PamAccount AskForAccount(const Outside& outside, const World& world) {
  PamAccount account;
  if (!outside.layout.is_live || !outside.layout.root.empty()) {
    account.why_not = "the system below --root is not running";
  } else if (world.settings.empty()) {
    account.why_not = "sshd -T did not say whether sshd asks PAM";
  } else if (world.account.service.empty()) {
    account.why_not = "sshd does not ask it (UsePAM no)";
  }
  if (!account.why_not.empty()) return account;
  const std::string& from = world.client.address;
  return AskPam(world.account.service, world.login->name, from.empty() ? kNobodysAddress : from,
                kPamTimeMax);
}

}  // namespace

World TakeWorld(const Outside& outside, const DoctorOptions& options) {
  World world;
  Sshd sshd(outside.layout, outside.runner, outside.files);
  SlotFacts facts = LookAtSlot(outside, sshd, options.user);
  world.slot = std::move(facts.slot);
  // Where the place is somebody else's, the rest is told as if it were ours.
  if (!world.slot.runs_agent) world.slot.user = kWantedUser;
  if (world.slot.runs_agent) {
    world.program = LookAtProgram(outside.layout, world.slot.command);
  }
  world.command_user = FindAccount(world.slot.user);
  if (!options.user.empty()) world.login = LookAtLogin(options.user);
  world.client.address = CanonicalAddress(options.from);
  const Connection connection = ConnectionOf(options.user, world.client.address);
  Outcome<Settings> settings = sshd.AskForAll(facts.options, connection);
  if (settings) world.settings = *std::move(settings);
  LookAlongTheWay(outside, &world);
  if (options.asks_pam && world.login && world.login->IsKnown()) {
    world.pam_account = AskForAccount(outside, world);
  }
  if (options.logs_in && world.login && world.login->IsKnown() && !world.slot.failure) {
    world.real_login =
        TryLogin(outside, facts.options, world.settings, world.login->name, world.client.address);
  }
  AskIt(outside, options, &world);
  world.chain = LookAtChain(outside, world.slot, options.user);
  world.sshd_version = SshdVersion(outside);
  world.platform = LookAtPlatform(outside);
  return world;
}

}  // namespace eic::admin
