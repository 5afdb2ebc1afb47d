#include "admin/sessions/sessions.h"

#include "admin/sessions/ask_host.h"
#include "admin/sessions/render.h"

namespace eic::admin {
namespace {

Report Refuse(const Failure& failure) {
  return {failure.status, "", "ec2-instance-connect: " + failure.text + "\n"};
}

}  // namespace

Report Sessions(const Outside& outside, const SessionsOptions& options) {
  const Outcome<AgentIdentity> agent = FindAgentIdentity(outside);
  if (!agent) return Refuse(agent.error());
  const Outcome<Records> records = AskHost(*agent, options.since, RealLineRunner());
  if (!records) return Refuse(records.error());
  const std::vector<Session> sessions = Join(*records);
  Report report;
  report.output =
      options.json ? RenderSessionsJson(sessions, *records) : RenderSessions(sessions, *records);
  for (const std::string& note : records->notes) {
    report.errors += "ec2-instance-connect: " + note + "\n";
  }
  return report;
}

}  // namespace eic::admin
