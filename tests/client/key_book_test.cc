#include "client/keeper/key_book.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/keeper/control_desk.h"
#include "client/keeper/limits.h"

namespace eic::client {
namespace {

using std::chrono::seconds;

// A process that waits to be ended.
class Sleeper {
 public:
  Sleeper() : pid_(fork()) {
    while (pid_ == 0) pause();
  }
  ~Sleeper() { End(); }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  pid_t pid() const { return pid_; }
  void End() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_;
};

class KeyBookTest : public testing::Test {
 protected:
  Login* Make(pid_t pid, const std::string& agent = {}) {
    KeyRequest request;
    request.ssh_pid = pid;
    request.os_user = "ubuntu";
    request.user_agent_socket = agent;
    const auto made = book_.Make(request, std::move(*ProcessWatch::Open(pid)), start_);
    EXPECT_TRUE(made);
    return book_.Find(pid);
  }

  KeyBook book_;
  const TimePoint start_ = TimePoint() + seconds(1000);
  Sleeper ssh_;
};

TEST_F(KeyBookTest, OffersAPushedKeyOnly) {
  Login* login = Make(ssh_.pid());
  EXPECT_EQ(KeyBook::TermsOf(*login).key, nullptr);
  EXPECT_TRUE(KeyBook::MarkPushed(*login, start_));
  EXPECT_EQ(KeyBook::TermsOf(*login).key, &*login->key);
}

TEST_F(KeyBookTest, APushedKeyEndsAfter65Seconds) {
  KeyBook::MarkPushed(*Make(ssh_.pid()), start_ + seconds(10));
  EXPECT_EQ(book_.NextEnd(), start_ + seconds(75));
  book_.Sweep(start_ + seconds(75) - std::chrono::milliseconds(1));
  EXPECT_FALSE(book_.IsEmpty());
  book_.Sweep(start_ + seconds(75));
  EXPECT_TRUE(book_.IsEmpty());
}

TEST_F(KeyBookTest, AKeyThatNobodyPushesEndsAsWell) {
  Make(ssh_.pid());
  book_.Sweep(start_ + kUnpushedKeyTimeMax - seconds(1));
  EXPECT_FALSE(book_.IsEmpty());
  book_.Sweep(start_ + kUnpushedKeyTimeMax);
  EXPECT_TRUE(book_.IsEmpty());
}

TEST_F(KeyBookTest, AKeyEndsWithItsSsh) {
  Make(ssh_.pid());
  ssh_.End();
  book_.Sweep(start_);
  EXPECT_TRUE(book_.IsEmpty());
}

TEST_F(KeyBookTest, AForwardingLoginStaysWithoutAKey) {
  Login* login = Make(ssh_.pid(), "/agent");
  book_.DropKey(*login);
  ASSERT_FALSE(book_.IsEmpty());
  EXPECT_FALSE(login->key);
  EXPECT_FALSE(KeyBook::MarkPushed(*login, start_));
  EXPECT_FALSE(book_.NextEnd());
  ssh_.End();
  book_.Sweep(start_);
  EXPECT_TRUE(book_.IsEmpty());
}

TEST_F(KeyBookTest, AnotherKeyOfTheSameSshTakesThePlace) {
  const std::uint64_t first = Make(ssh_.pid())->number;
  Sleeper other;
  Make(other.pid());
  const std::uint64_t second = Make(ssh_.pid())->number;
  EXPECT_NE(first, second);
  EXPECT_EQ(book_.FindNumber(first), nullptr);
  EXPECT_EQ(book_.logins().size(), 2U);
  EXPECT_NE(book_.Find(other.pid()), nullptr);
}

TEST_F(KeyBookTest, HasALimit) {
  Sleeper other;
  for (std::size_t i = 0; i < kLoginsMax; ++i) {
    KeyRequest request;
    request.ssh_pid = static_cast<pid_t>(100000 + i);  // none that Find would find
    ASSERT_TRUE(book_.Make(request, std::move(*ProcessWatch::Open(other.pid())), start_));
  }
  const auto made = book_.Make({}, std::move(*ProcessWatch::Open(other.pid())), start_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "NoRoom");
}

// What a process may ask, by the messages themselves.
class ControlDeskTest : public KeyBookTest {
 protected:
  ControlAnswer Ask(ControlVerb verb, pid_t ssh_pid, pid_t peer) {
    ControlRequest request{verb, {}};
    request.about.ssh_pid = ssh_pid;
    const Peer asks{peer, geteuid()};
    const std::string answer =
        AnswerControl(PrintControlRequest(request), asks, "note", start_, book_);
    return *ParseControlAnswer(answer);
  }
  using Kind = ControlAnswer::Kind;
};

TEST_F(ControlDeskTest, AProcessAsksForItselfAndForItsParent) {
  // The sleeper's parent is this process.
  for (const pid_t ssh : {ssh_.pid(), getpid()}) {
    const ControlAnswer made = Ask(ControlVerb::kMake, ssh, ssh_.pid());
    ASSERT_EQ(made.kind, Kind::kKey) << made.failure.message;
    EXPECT_EQ(made.key.note, "note");
    EXPECT_FALSE(made.key.is_pushed);
    EXPECT_EQ(Ask(ControlVerb::kPushed, ssh, ssh_.pid()).kind, Kind::kDone);
    EXPECT_TRUE(Ask(ControlVerb::kFind, ssh, ssh_.pid()).key.is_pushed);
  }
}

TEST_F(ControlDeskTest, AProcessAsksForNobodyElse) {
  Make(ssh_.pid());
  const Sleeper stranger;
  for (const ControlVerb verb : {ControlVerb::kMake, ControlVerb::kFind, ControlVerb::kPushed,
                                 ControlVerb::kRelay, ControlVerb::kDrop}) {
    EXPECT_EQ(Ask(verb, ssh_.pid(), stranger.pid()).kind, Kind::kFailed);
  }
  // Nor a parent for its child.
  EXPECT_EQ(Ask(ControlVerb::kFind, ssh_.pid(), getpid()).kind, Kind::kFailed);
  EXPECT_NE(book_.Find(ssh_.pid()), nullptr);
}

TEST_F(ControlDeskTest, SaysWhatIsGone) {
  const pid_t ssh = ssh_.pid();
  EXPECT_EQ(Ask(ControlVerb::kFind, ssh, ssh).kind, Kind::kNone);
  EXPECT_EQ(Ask(ControlVerb::kPushed, ssh, ssh).failure.code, "KeyGone");
  EXPECT_EQ(Ask(ControlVerb::kRelay, ssh, ssh).failure.code, "KeyGone");
  EXPECT_EQ(Ask(ControlVerb::kDrop, ssh, ssh).kind, Kind::kDone);
  ssh_.End();
  EXPECT_EQ(Ask(ControlVerb::kMake, ssh, ssh).kind, Kind::kFailed);
}

TEST_F(ControlDeskTest, AnswersWhatItDoesNotKnow) {
  const Peer asks{ssh_.pid(), geteuid()};
  const auto answer = ParseControlAnswer(AnswerControl("\x02??", asks, "", start_, book_));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->failure.code, "KeeperFailed");
}

}  // namespace
}  // namespace eic::client
