#include "admin/sessions/sessions.h"

#include "admin/sessions/ask_host.h"
#include "admin/sessions/render.h"
#include "host/journal_entry.h"

namespace eic::admin {
namespace {

Report Refuse(const Failure& failure) {
  return {failure.status, "", "ec2-instance-connect: " + failure.text + "\n"};
}

}  // namespace

Report Sessions(const Outside& outside, const SessionsOptions& options) {
  const Outcome<AgentIdentity> agent = FindAgentIdentity(outside);
  if (!agent) return Refuse(agent.error());
  Outcome<Records> records = AskHost(*agent, options.since, RealLineRunner());
  if (!records) return Refuse(records.error());
  if (!IsLinkTo("/dev/log", kJournalSyslogSocket)) {
    records->notes.emplace_back(
        "/dev/log is not journald's, so that what sshd and the agent log goes to another syslog "
        "daemon, and may not be in the journal");
  }
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
