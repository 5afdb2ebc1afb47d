// A session from its login to its end, against a worker and a page that the test plays.
#include "console/front/session.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "client/signing/wire.h"
#include "console/front/api_json.h"
#include "console/front/host_keys.h"
#include "console/front/sessions.h"
#include "console/limits.h"
#include "console/link/channel.h"
#include "core/base64.h"
#include "tests/client/fake_api.h"
#include "tests/console/fakes.h"
#include "tests/console/session_fixture.h"

namespace eic::console {
namespace {

using std::chrono::seconds;

TEST_F(SessionTest, ALoginGoesByItsStepsToAShell) {
  Begin();
  LogInAsWorker();
  EXPECT_EQ(begin_.user, "ubuntu");
  EXPECT_EQ(begin_.columns, 100U);
  EXPECT_EQ(session_->state(), Session::State::kLive);
  EXPECT_NE(socket_.LastWith("ready").find("first-use"), std::string::npos);
  for (const char* step : {"address", "connect", "host-key", "push", "login"}) {
    EXPECT_NE(socket_.LastWith("\"done\",\"step\":\"" + std::string(step)), "") << step;
  }
  ASSERT_EQ(audit_.size(), 1U);
  for (const char* part :
       {"Session began:", "user=\"ubuntu\"", "address=\"127.0.0.1\"", "key=\"SHA256:"}) {
    EXPECT_NE(audit_[0].find(part), std::string::npos) << part;
  }
  EXPECT_EQ(*JudgeHostKey(folder_.KnownHosts(), kInstance, HostKeyBlob('h')),
            HostKeyVerdict::kKnown);
}

TEST_F(SessionTest, TheKeyIsPushedAfterTheHostKeyIsAccepted) {
  ASSERT_TRUE(KeepHostKey(folder_.KnownHosts(), kInstance, HostKeyBlob('x')).ok());
  Begin();
  LogInAsWorker('h');
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  EXPECT_NE(socket_.LastWith("\"end\"").find("host-key-changed"), std::string::npos);
  EXPECT_EQ(begin_.host_key_types, "ssh-ed25519");
  for (const std::string& call : cloud_.calls) EXPECT_EQ(call.find("Push"), std::string::npos);
}

TEST_F(SessionTest, AHostKeyThatIsNoneIsTakenForNothing) {
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  Say(PublicKey{kKeyLine});
  (void)Hear();
  std::string blob;
  client::AppendString(blob, "x\ni-0fedcba9876543210 ssh-ed25519 AAAA");
  Say(HostKeyShown{blob});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  EXPECT_NE(socket_.LastWith("\"end\"").find("worker-failed"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_.KnownHosts()));
  for (const std::string& call : cloud_.calls) EXPECT_EQ(call.find("Push"), std::string::npos);
}

TEST_F(SessionTest, OutputWaitsForAcknowledgements) {
  Begin();
  LogInAsWorker();
  EXPECT_EQ(Allowed(HearAll()), kOutputHighBytes);
  const std::string part(kPacketBytesMax, 'o');
  for (std::size_t sent = 0; sent < kOutputHighBytes; sent += part.size()) {
    Say(Output{part});
    loop_.Turn(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(Allowed(HearAll()), 0U);
  page_->OnDrained();
  Hears(R"({"type":"ack","bytes":100000})");
  EXPECT_EQ(Allowed(HearAll()), 0U);
  // Of what was not sent to it, a page can have written nothing.
  Hears(R"({"type":"ack","bytes":99999999})");
  EXPECT_EQ(Allowed(HearAll()), 0U);
  Hears(R"({"type":"ack","bytes":140000})");
  EXPECT_EQ(Allowed(HearAll()), 140000U);
}

TEST_F(SessionTest, AWorkerThatSendsMoreThanItMayIsLeft) {
  Begin();
  LogInAsWorker();
  (void)HearAll();
  const std::string part(kPacketBytesMax, 'o');
  for (std::size_t sent = 0; sent <= kOutputHighBytes; sent += part.size()) {
    if (SendPacket(worker_.get(), Print(ToFront{Output{part}})) == Sent::kGone) break;
    loop_.Turn(std::chrono::milliseconds(2));
  }
  ASSERT_TRUE(loop_.TurnUntil([this] { return session_->state() == Session::State::kEnded; }));
  EXPECT_NE(audit_.back().find("reason=worker-failed"), std::string::npos);
}

TEST_F(SessionTest, AWorkerThatBreaksTheProtocolIsLeft) {
  const std::string packets[] = {"?",
                                 "D",
                                 std::string(kPacketBytesMax + 2, 'D'),
                                 Print(ToFront{Shell{}}),
                                 Print(ToFront{PublicKey{"again"}}),
                                 Print(ToFront{MoreInput{kInputWindowBytes}})};
  for (const std::string& packet : packets) {
    socket_ = {};
    worker_.Close();
    Begin();
    LogInAsWorker();
    ASSERT_EQ(SendPacket(worker_.get(), packet), Sent::kDone);
    ASSERT_TRUE(loop_.TurnUntil([this] { return session_->state() == Session::State::kEnded; }))
        << packet.substr(0, 10);
    EXPECT_NE(audit_.back().find("reason=worker-failed"), std::string::npos);
    loop_.Turn();
  }
}

TEST_F(SessionTest, InputWaitsForTheInstance) {
  Begin();
  LogInAsWorker();
  (void)HearAll();
  const std::string paste(kInputWindowBytes + 1000, 'p');
  for (std::size_t at = 0; at < paste.size(); at += 16384) {
    page_->OnMessage(std::string_view(paste).substr(at, 16384), false);
  }
  const auto count = [this] {
    std::size_t bytes = 0;
    for (const std::string& packet : HearAll()) bytes += packet.size() - 1;
    return bytes;
  };
  EXPECT_EQ(count(), kInputWindowBytes);
  // Output and acknowledgements go on meanwhile.
  Say(Output{"echo"});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.binary == "echo"; }));
  Say(MoreInput{5000});
  loop_.Turn();
  EXPECT_EQ(count(), 1000U);
  // More than anybody pastes.
  for (std::size_t sent = 0; sent <= kInputBytesMax + kInputWindowBytes; sent += 16384) {
    page_->OnMessage(std::string(16384, 'x'), false);
  }
  EXPECT_EQ(socket_.close_code, 1009);
  EXPECT_EQ(session_->state(), Session::State::kLive);
}

TEST_F(SessionTest, APageThatWasCutGoesOnAtTheLastByte) {
  Begin();
  LogInAsWorker();
  Say(Output{"0123456789"});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.binary == "0123456789"; }));
  page_->OnClosed();
  Say(Output{"abc"});
  loop_.Turn();
  fakes::FakeSocket again;
  page_ = Attach(again, 4);
  EXPECT_NE(again.LastWith("ready").find("\"from\":4"), std::string::npos);
  page_->OnDrained();
  EXPECT_EQ(again.binary, "456789abc");
  // One that claims more than there is gets nothing twice.
  fakes::FakeSocket liar;
  auto lying = Attach(liar, 999);
  EXPECT_NE(liar.LastWith("ready").find("\"from\":13"), std::string::npos);
  EXPECT_EQ(again.close_code, 4001);
  EXPECT_NE(again.LastWith("moved"), "");
  // What the page says that has lost the session does not count any more.
  page_->OnMessage("rm -rf\r", false);
  for (const std::string& packet : HearAll()) EXPECT_NE(packet[0], 'I');
  lying->OnClosed();
}

TEST_F(SessionTest, EverythingIsDeliveredBeforeTheEnd) {
  Begin();
  LogInAsWorker();
  socket_.is_slow = true;
  const std::string part(kPacketBytesMax, 'e');
  for (int count = 0; count < 5; ++count) Say(Output{part});
  Say(Exit{Exit::How::kExited, 3, ""});
  ASSERT_TRUE(loop_.TurnUntil([this] { return session_->state() == Session::State::kEnded; }));
  while (socket_.close_code == 0) {
    EXPECT_EQ(socket_.LastWith("\"end\""), "");
    ASSERT_GT(socket_.waiting, 0U);
    socket_.waiting = 0;
    page_->OnDrained();
  }
  EXPECT_EQ(socket_.binary.size(), 5 * part.size());
  EXPECT_NE(socket_.LastWith("\"end\"").find("\"status\":3"), std::string::npos);
  EXPECT_EQ(socket_.close_code, 1000);
  EXPECT_NE(audit_.back().find("bytes-out=163840"), std::string::npos);
  EXPECT_NE(audit_.back().find("reason=exited"), std::string::npos);
}

TEST_F(SessionTest, AFirstFrameThatIsNotStartIsRefused) {
  Begin();
  LogInAsWorker();
  fakes::FakeSocket socket;
  auto page = session_->Attach();
  page->OnOpen(socket);
  page->OnMessage("ls\r", false);
  EXPECT_EQ(socket.close_code, 1008);
  page->OnClosed();
}

TEST_F(SessionTest, AWebsocketThatNeverStartsIsClosed) {
  Begin();
  LogInAsWorker();
  fakes::FakeSocket silent;
  auto page = session_->Attach();
  page->OnOpen(silent);
  loop_.Tick();
  EXPECT_EQ(silent.close_code, 1008);
  page->OnClosed();
  // One that has started stays, and its session does.
  EXPECT_EQ(socket_.close_code, 0);
  EXPECT_EQ(session_->state(), Session::State::kLive);
  // One that is closed before that leaves nothing behind that would touch it.
  fakes::FakeSocket gone;
  page = session_->Attach();
  page->OnOpen(gone);
  page->OnClosed();
  loop_.Tick();
  EXPECT_EQ(gone.close_code, 0);
}

TEST_F(SessionTest, AMachineThatGivesNoProcessIsNamed) {
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  // As the forker says it.
  Say(Exit{Exit::How::kNoProcess, 0, "Resource temporarily unavailable"});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  const std::string end = socket_.LastWith("\"end\"");
  for (const char* part :
       {"\"slug\":\"no-process\"", "Resource temporarily unavailable", "ulimit -u"}) {
    EXPECT_NE(end.find(part), std::string::npos) << part;
  }
}

TEST_F(SessionTest, AnInstanceThatWantsMoreThanAKeyHasNotRefusedIt) {
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  Say(PublicKey{kKeyLine});
  (void)Hear();
  Say(HostKeyShown{HostKeyBlob('h')});
  ASSERT_EQ(Hear(), "L");
  Say(Exit{Exit::How::kPartial, 0, "the instance requires a second authentication method"});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  const std::string end = socket_.LastWith("\"end\"");
  for (const char* part : {"\"slug\":\"key-refused\"", "\"step\":\"login\"",
                           "a second authentication method", "mssh", "AuthenticationMethods"}) {
    EXPECT_NE(end.find(part), std::string::npos) << part;
  }
  // What explains a refusal by our agent has nothing to say here.
  EXPECT_EQ(end.find("ec2-instance-connect explain"), std::string::npos) << end;
}

TEST_F(SessionTest, ARevokedHostKeyIsNotCalledAnotherOne) {
  std::ofstream(folder_.KnownHosts())
      << "@revoked " << kInstance << " ssh-ed25519 " << EncodeBase64(HostKeyBlob('r')) << '\n';
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  Say(PublicKey{kKeyLine});
  (void)Hear();
  Say(HostKeyShown{HostKeyBlob('r')});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  const std::string end = socket_.LastWith("\"end\"");
  for (const char* part : {"\"slug\":\"host-key-changed\"", "is revoked", "@revoked"}) {
    EXPECT_NE(end.find(part), std::string::npos) << part;
  }
  for (const char* part : {"from before", "eic forget"}) {
    EXPECT_EQ(end.find(part), std::string::npos) << part;
  }
}

TEST_F(SessionTest, AWorkerThatCannotWorkHereSaysMoreThanToTryAgain) {
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  Say(Exit{Exit::How::kFailed, 0, "libssh could not generate a key"});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  const std::string end = socket_.LastWith("\"end\"");
  for (const char* part : {"\"slug\":\"worker-failed\"", "libssh could not generate a key",
                           "this system does not support eic-console"}) {
    EXPECT_NE(end.find(part), std::string::npos) << part;
  }
}

TEST_F(SessionTest, SessionsAreAsManyAsThereAreDescriptorsFor) {
  EXPECT_EQ(SessionsFor(0), 0U);
  EXPECT_EQ(SessionsFor(kDescriptorsOfOthers), 0U);
  EXPECT_EQ(SessionsFor(kDescriptorsOfOthers + 5), 2U);
  EXPECT_EQ(SessionsFor(RLIM_INFINITY), kSessionsMax);
  Sessions sessions(doors_, 1);
  const auto first = sessions.Begin(request_);
  ASSERT_TRUE(first);
  EXPECT_FALSE(sessions.Begin(request_));
  first->Abandon({"ended", "session", "", ""});
  sessions.Forget(first->id());
  EXPECT_TRUE(sessions.Begin(request_));
  sessions.AbandonAll({"ended", "session", "", ""});
}

TEST_F(SessionTest, FailuresOfAwsNameStepAndSlug) {
  struct Row {
    const char* code;
    bool at_push;
    const char* slug;
    const char* step;
  };
  const Row rows[] = {{"UnauthorizedOperation", false, "no-permission", "address"},
                      {"ExpiredToken", false, "expired-credentials", "address"},
                      {"SomethingNew", false, "aws-failed", "address"},
                      {"AccessDeniedException", true, "no-permission", "push"},
                      {"ThrottlingException", true, "throttled", "push"}};
  for (const Row& row : rows) {
    socket_ = {};
    worker_.Close();
    cloud_.describe_fails.reset();
    cloud_.push_fails.reset();
    (row.at_push ? cloud_.push_fails : cloud_.describe_fails) = {row.code, "words", "advice"};
    Begin();
    if (row.at_push) LogInAsWorker();
    ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; })) << row.code;
    const std::string end = socket_.LastWith("\"end\"");
    EXPECT_NE(end.find("\"slug\":\"" + std::string(row.slug) + "\""), std::string::npos) << end;
    EXPECT_NE(end.find("\"step\":\"" + std::string(row.step) + "\""), std::string::npos) << end;
  }
}

TEST_F(SessionTest, AnUnknownHostKeyIsAskedAboutWhereTheSettingsSaySo) {
  settings_text_ = "[*]\nhost_keys = ask\n";
  Begin();
  std::thread worker;
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  Say(PublicKey{kKeyLine});
  (void)Hear();
  Say(HostKeyShown{HostKeyBlob('n')});
  ASSERT_TRUE(loop_.TurnUntil([this] { return !socket_.LastWith("question").empty(); }));
  const std::string frame = socket_.LastWith("question");
  EXPECT_NE(frame.find(FingerprintOfBlob(HostKeyBlob('n'))), std::string::npos);
  const std::string id = frame.substr(frame.find("\"question\":\"") + 12, 32);
  Hears(R"({"type":"answer","question":")" + id + R"(","value":"no"})");
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  EXPECT_NE(socket_.LastWith("\"end\"").find("host-key-unknown"), std::string::npos);
}

TEST_F(SessionTest, AnIdleSessionIsWarnedAndThenEnds) {
  doors_.idle_max = kIdleWarning;
  Begin();
  LogInAsWorker();
  (void)HearAll();
  loop_.Tick();
  EXPECT_NE(socket_.LastWith("idle"), "");
  socket_.texts.clear();
  loop_.Tick();
  EXPECT_EQ(socket_.LastWith("idle"), "");
  Hears(R"({"type":"stay"})");
  loop_.Tick();
  EXPECT_NE(socket_.LastWith("idle"), "");
  doors_.idle_max = seconds(0);
  loop_.Tick();
  EXPECT_EQ(HearAll(), std::vector<std::string>{"E"});
  // What the shell says at its end is delivered.
  Say(Output{"logout"});
  Say(Exit{Exit::How::kExited, 0, ""});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.binary == "logout"; }));
  page_->OnDrained();
  EXPECT_NE(socket_.LastWith("\"end\"").find("\"slug\":\"idle\""), std::string::npos);
}

TEST_F(SessionTest, ALoginThatIsEndedMeanwhileEndsAtOnce) {
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  Hears(R"({"type":"end"})");
  EXPECT_EQ(session_->state(), Session::State::kEnded);
  EXPECT_NE(socket_.LastWith("\"end\""), "");
  // The login goes no further, and the audit is told when it has ended.
  Say(PublicKey{kKeyLine});
  (void)Hear();
  Say(HostKeyShown{HostKeyBlob('h')});
  ASSERT_TRUE(loop_.TurnUntil([this] { return !audit_.empty(); }));
  EXPECT_NE(audit_.back().find("user=\"ubuntu\""), std::string::npos);
  EXPECT_NE(audit_.back().find("reason=exited"), std::string::npos);
  for (const std::string& call : cloud_.calls) EXPECT_EQ(call.find("Push"), std::string::npos);
}

TEST_F(SessionTest, TheEndOfALoginThatIsLeftIsAuditedOnce) {
  for (const bool is_ended_before : {true, false}) {
    audit_.clear();
    worker_.Close();
    Begin();
    ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
    if (is_ended_before) Hears(R"({"type":"end"})");
    EXPECT_EQ(audit_.size(), 0U);
    // The console ends while the login waits for the worker.
    session_->Abandon({"ended", "session", "", ""});
    EXPECT_EQ(audit_.size(), 1U);
    worker_.Close();
    threads_.back().join();
    threads_.pop_back();
    loop_.Turn();
    EXPECT_EQ(audit_.size(), 1U);
    session_->Abandon({"ended", "session", "", ""});
    EXPECT_EQ(audit_.size(), 1U);
  }
}

TEST_F(SessionTest, AnExceptionInALoginIsItsEnd) {
  doors_.login.read_settings = []() -> aws::Outcome<client::SettingsFile> {
    throw std::runtime_error("no memory\x1b");
  };
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  const std::string end = socket_.LastWith("\"end\"");
  for (const char* part : {"\"slug\":\"internal-error\"", "\"step\":\"address\"", "no memory"}) {
    EXPECT_NE(end.find(part), std::string::npos) << part;
  }
  EXPECT_NE(audit_.back().find("reason=internal-error"), std::string::npos);
}

TEST_F(SessionTest, AHostKeyOfTooFewBitsIsNamed) {
  Begin();
  ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
  Say(PublicKey{kKeyLine});
  (void)Hear();
  std::string blob;
  client::AppendString(blob, "ssh-rsa");
  client::AppendString(blob, std::string("\x01\x00\x01", 3));
  client::AppendString(blob, std::string(128, '\x7f'));
  Say(HostKeyShown{blob});
  ASSERT_TRUE(loop_.TurnUntil([this] { return socket_.close_code != 0; }));
  EXPECT_NE(socket_.LastWith("\"end\"").find("host-key-too-small"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_.KnownHosts()));
}

TEST_F(SessionTest, SizesThatWaitBecomeOneAndInputIsNeverDropped) {
  Begin();
  LogInAsWorker();
  (void)HearAll();
  page_->OnMessage("first", false);
  for (int count = 0; count < 5000; ++count) {
    Hears(R"({"type":"size","columns":)" + std::to_string(10 + count % 1000) + R"(,"rows":24})");
  }
  page_->OnMessage("last", false);
  const std::vector<std::string> packets = HearAll();
  ASSERT_FALSE(packets.empty());
  EXPECT_EQ(packets.front(), "Ifirst");
  EXPECT_EQ(packets.back(), "Ilast");
  EXPECT_EQ(packets[packets.size() - 2], Print(ToWorker{Size{1009, 24}}));
  EXPECT_EQ(session_->state(), Session::State::kLive);
}

}  // namespace
}  // namespace eic::console
