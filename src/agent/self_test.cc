#include "agent/self_test.h"

#include <openssl/pem.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "agent/doors.h"
#include "agent/loopback_metadata.h"
#include "agent/run.h"
#include "agent/self_test_evidence.h"
#include "core/bytes.h"
#include "core/printable.h"
#include "core/ssh_public_key.h"
#include "host/curl_http.h"
#include "host/privileges.h"
#include "host/watchdog.h"

namespace eic {
namespace {

// Of the child that was right. Not 0, with which the watchdog ends.
constexpr int kDecidedRight = 10;

// Keeps what would be logged: what became of each record, and apart from that the details.
class KeptAudit : public AuditLog {
 public:
  void RecordAccepted(const Acceptance& acceptance) override {
    outcome_ += "accepted " + acceptance.record.fingerprint + '\n';
  }
  void RecordRefused(const Refusal& refusal) override {
    outcome_ += "refused " + std::string(Slug(refusal.reason)) + '\n';
    details_ += refusal.detail + '\n';
  }
  void RecordFault(const std::string& text) override { details_ += text + '\n'; }
  int Descriptor() const override { return -1; }
  std::string FaultBytes(const std::string& text) const override { return text; }

  const std::string& outcome() const { return outcome_; }
  const std::string& details() const { return details_; }

 private:
  std::string outcome_;
  std::string details_;
};

// A certificate of the built-in evidence as the only anchor.
Result<X509StorePtr> OpenBuiltInAnchors() {
  const BioPtr text(
      BIO_new_mem_buf(kSelfTestAnchors.data(), static_cast<int>(kSelfTestAnchors.size())));
  const X509Ptr anchor(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  X509StorePtr store(X509_STORE_new());
  if (!anchor || !store || X509_STORE_add_cert(store.get(), anchor.get()) != 1) {
    return Error{Reason::kCaStoreUnusable, "the built-in anchor"};
  }
  return store;
}

// The doors of a login, but for what the evidence stands for.
Outside SelfTestDoors(const Options& options, HttpTransport& http, AuditLog& audit) {
  Outside outside = DoorsOf(options, http, audit);
  outside.wall_clock = [] { return kSelfTestNow; };
  outside.identify_instance = [] {
    return Result<Instance>(Instance{std::string(kSelfTestInstance)});
  };
  outside.open_trust_anchors = &OpenBuiltInAnchors;
  return outside;
}

void PrintConfinement(const Confinement& done) {
  const auto word = [](bool holds) { return holds ? "yes" : "no"; };
  std::cout << "confinement: seccomp " << word(done.system_calls) << ", Landlock "
            << (done.landlock_abi == 0 ? "no" : "ABI " + std::to_string(done.landlock_abi))
            << ", no new privileges " << word(done.no_new_privileges) << ", limits "
            << word(done.resource_limits) << '\n';
}

// Whether what is for sshd is one line, of the one genuine key.
bool IsTheGenuineKey(std::string_view keys) {
  const Result<SshPublicKey> key = ParseSshPublicKey(WithoutLineEnd(keys));
  if (!key || keys != AuthorizedKeysLine(*key) + '\n') return false;
  const Result<std::string> fingerprint = FingerprintOf(*key, FingerprintHash::kSha256);
  return fingerprint && *fingerprint == kSelfTestFingerprint;
}

// In the child: one run, and whether it was right.
bool DecidesRight(const Options& options) {
  KeptAudit audit;
  const Watchdog watchdog(options.timeout, STDERR_FILENO,
                          "eic-authorized-keys: self-test: a library did not return\n");
  CurlHttp http;
  Outside outside = SelfTestDoors(options, http, audit);
  Confinement confinement;
  outside.confine_for_network = [&confinement, confine = outside.confine_for_network] {
    const Confined confined = confine();
    confinement = confined.how();
    return confined;
  };
  const Result<UserName> user = ParseUserName(kSelfTestUser);
  if (!user) return false;
  const std::string keys =
      Run(options, {*user, std::nullopt}, outside, Deadline::After(options.timeout - kVerifyTime));
  PrintConfinement(confinement);
  std::cout << audit.outcome();
  const std::string expected =
      "refused signature-invalid\naccepted " + std::string(kSelfTestFingerprint) + '\n';
  if (audit.outcome() == expected && IsTheGenuineKey(keys)) return true;
  std::cout << PrintableLines(audit.details());
  return false;
}

// Never returns: nothing of the parent's is to be run twice.
[[noreturn]] void RunChild(const Options& options) {
  int status = EX_SOFTWARE;
  try {
    if (DecidesRight(options)) status = kDecidedRight;
  } catch (const std::exception& exception) {
    std::cout << PrintableLine(exception.what()) << '\n';
  }
  std::cout.flush();
  _exit(status);
}

int Fail(const std::string& why) {
  std::cout << "self-test: FAILED: " << PrintableLine(why) << std::endl;
  return EX_SOFTWARE;
}

}  // namespace

int SelfTest(const Options& options) {
  const Result<std::string> kept = GiveUpPrivileges();
  if (!kept) return Fail(kept.error().detail);
  const Result<LoopbackMetadata> metadata = LoopbackMetadata::Open();
  if (!metadata) return Fail(metadata.error().detail);

  Options local = options;
  local.imds_endpoints = {"http://127.0.0.1:" + std::to_string(metadata->port())};
  (void)std::signal(SIGCHLD, SIG_DFL);  // ignored, it would keep the child's status from us
  const pid_t child = fork();
  if (child < 0) return Fail("no child process");
  if (child == 0) RunChild(local);
  const int status = metadata->ServeUntilEndOf(child, SelfTestAnswers(),
                                               options.timeout + std::chrono::seconds(1));
  if (!WIFEXITED(status)) return Fail("a run ended by signal " + std::to_string(WTERMSIG(status)));
  if (WEXITSTATUS(status) != kDecidedRight) return Fail("a run over built-in evidence was wrong");
  std::cout << "self-test: passed" << std::endl;
  return EX_OK;
}

}  // namespace eic
