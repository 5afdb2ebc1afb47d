#include "admin/explain/trace.h"

#include <utility>

#include "chain/words.h"
#include "host/clock.h"
#include "host/limits.h"

namespace eic::admin {
namespace {

class RecordingHttp : public HttpTransport {
 public:
  RecordingHttp(HttpTransport& http, std::vector<Exchange>& exchanges)
      : http_(http), exchanges_(exchanges) {}

  std::shared_ptr<PendingConnection> Dial(const std::string& endpoint) override {
    return http_.Dial(endpoint);
  }

  std::vector<HttpOutcome> PerformAll(const Confined& confined,
                                      const std::vector<HttpRequest>& requests) override {
    std::vector<HttpOutcome> outcomes = http_.PerformAll(confined, requests);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      // `http://ADDRESS/latest/...`: the third slash begins the path.
      const std::size_t at = requests[i].url.find('/', requests[i].url.find("//") + 2);
      exchanges_.push_back({requests[i].url.substr(at), outcomes[i]});
    }
    return outcomes;
  }

 private:
  HttpTransport& http_;
  std::vector<Exchange>& exchanges_;
};

class RecordingAudit : public AuditLog {
 public:
  explicit RecordingAudit(std::vector<std::string>& lines) : lines_(lines) {}

  void RecordAccepted(const Acceptance& acceptance) override {
    lines_.push_back(AcceptedLine(acceptance));
  }
  void RecordRefused(const Refusal& refusal) override { lines_.push_back(RefusedLine(refusal)); }
  void RecordFault(const std::string& text) override { lines_.push_back(text); }
  int Descriptor() const override { return -1; }
  std::string FaultBytes(const std::string&) const override { return ""; }

 private:
  std::vector<std::string>& lines_;
};

bool ReplaceToken(std::string* word, std::string_view token, const std::string& value) {
  const std::size_t at = word->find(token);
  if (at == std::string::npos) return true;
  if (value.empty()) return false;
  word->replace(at, token.size(), value);
  return true;
}

}  // namespace

Trace RunTraced(const eic::Options& options, HttpTransport& http, const OpenDoors& open_doors,
                const LookUp& look_up) {
  Trace trace{ParseRequest(options), {}, {}, {}, {}, {}, {}};
  RecordingAudit audit(trace.log_lines);
  if (!trace.request) {
    RecordError(options.user, trace.request.error(), audit);
    return trace;
  }
  // sshd runs the command only for users that exist, so the agent does not ask again.
  trace.user.emplace(look_up(trace.request->user.text()));
  if (!*trace.user) {
    trace.decision.emplace(trace.user->error());
    RecordError(trace.request->user.text(), trace.user->error(), audit);
    return trace;
  }
  RecordingHttp recording_http(http, trace.exchanges);
  const eic::Outside doors = open_doors(options, recording_http, audit);
  eic::Outside outside = doors;
  outside.wall_clock = [&] { return *(trace.now = doors.wall_clock()); };
  outside.identify_instance = [&] {
    Result<Instance> instance = doors.identify_instance();
    trace.instance.emplace(instance);
    return instance;
  };
  const Deadline deadline = Deadline::After(options.timeout - kVerifyTime);
  trace.decision.emplace(Decide(options, *trace.request, outside, deadline));
  if (*trace.decision) {
    (void)RecordDecision(*trace.request, **trace.decision, {}, audit);
  } else {
    RecordError(trace.request->user.text(), trace.decision->error(), audit);
  }
  return trace;
}

const HttpOutcome* AnswerFor(const Trace& trace, std::string_view path) {
  const HttpOutcome* answer = nullptr;
  for (const Exchange& exchange : trace.exchanges) {
    if (exchange.path == path) answer = &exchange.outcome;
  }
  return answer;
}

Result<eic::Options, UsageError> ParseAgentCommand(std::string_view command,
                                                   const std::string& user,
                                                   const std::string& fingerprint) {
  std::vector<std::string> words;
  for (std::string word : chain::SplitCommand(command).value_or(std::vector<std::string>())) {
    if (word == "%t" || !ReplaceToken(&word, "%f", fingerprint)) continue;
    (void)ReplaceToken(&word, "%u", user);
    words.push_back(std::move(word));
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  Result<eic::Options, UsageError> options =
      ParseOptions(static_cast<int>(words.size()), argv.data());
  if (options && options->information) {
    return UsageError{"it only prints information about the agent", options->log_to};
  }
  return options;
}

}  // namespace eic::admin
