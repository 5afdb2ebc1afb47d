// The keeper as a process, by its own sockets: this process is the ssh of its logins.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>

#include "client/keeper/keeper_client.h"
#include "client/keeper/start_keeper.h"
#include "client/signing/agent_protocol.h"
#include "client/system/linux_process.h"
#include "client/system/linux_socket.h"
#include "tests/client/wire_samples.h"
#include "tests/fakes/child_process.h"
#include "tests/fakes/needs.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

constexpr std::chrono::milliseconds kTimeMax{20000};

// A blocking client of the agent's socket; every wait has an end.
class AgentClient {
 public:
  explicit AgentClient(const std::string& path) : socket_(ConnectTo(path)) {}

  bool IsConnected() const { return static_cast<bool>(socket_); }
  bool Send(std::string_view bytes) const {
    return send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // The next message; empty where the keeper has closed.
  std::string Read() {
    std::array<char, 4096> part{};
    while (true) {
      const Frame frame = PeekFrame(in_, 100000);
      if (frame.state == Frame::State::kWhole) {
        std::string message(frame.message);
        in_.erase(0, frame.bytes);
        return message;
      }
      pollfd readable{socket_.get(), POLLIN, 0};
      if (poll(&readable, 1, static_cast<int>(kTimeMax.count())) != 1) return "late";
      const ssize_t got = recv(socket_.get(), part.data(), part.size(), 0);
      if (got <= 0) return {};
      in_.append(part.data(), static_cast<std::size_t>(got));
    }
  }
  std::string Ask(std::string_view message) { return Send(Framed(message)) ? Read() : ""; }

 private:
  Descriptor socket_;
  std::string in_;
};

bool IsTrueSoon(const std::function<bool()>& condition) {
  const auto ends = std::chrono::steady_clock::now() + kTimeMax;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > ends) return false;
    usleep(2000);
  }
  return true;
}

class KeeperTest : public testing::Test {
 protected:
  KeeperTest() : folder_{temp_.path().string()} {}
  ~KeeperTest() override {
    DropKey(folder_, getpid());
    EXPECT_TRUE(IsTrueSoon([this] { return IsOver(); })) << "the keeper stays";
  }

  // Its sockets are gone, and so is the lock.
  bool IsOver() const {
    namespace fs = std::filesystem;
    return !fs::exists(folder_.AgentSocket()) && !fs::exists(folder_.ControlSocket());
  }

  KeptKey MakePushed(const std::string& agent = {}) {
    KeyRequest request;
    request.ssh_pid = getpid();
    request.instance_id = "i-0123456789abcdef0";
    request.os_user = "ubuntu";
    request.user_agent_socket = agent;
    const auto key = MakeKey(folder_, request);
    EXPECT_TRUE(key) << key.error().message;
    EXPECT_TRUE(MarkPushed(folder_, getpid()));
    return *key;
  }

  fakes::TempFolder temp_;
  Folder folder_;
};

TEST_F(KeeperTest, ServesOneLoginAndEnds) {
  const KeptKey key = MakePushed();
  EXPECT_TRUE((*FindKey(folder_, getpid()))->is_pushed);
  EXPECT_EQ((*FindKey(folder_, getpid()))->public_key, key.public_key);
  {
    AgentClient agent(folder_.AgentSocket());
    ASSERT_TRUE(agent.IsConnected());
    const std::string identities = agent.Ask("\x0b");
    WireReader reader(identities);
    EXPECT_EQ(reader.NextByte(), 12);
    EXPECT_EQ(reader.NextUint32(), 1U);
    const std::string blob(*reader.NextString());
    fakes::Userauth userauth;
    userauth.key_blob = blob;
    EXPECT_EQ(agent.Ask(fakes::SignMessage(blob, userauth.Data()))[0], 14);
    userauth.user = "root";
    EXPECT_EQ(agent.Ask(fakes::SignMessage(blob, userauth.Data()))[0], 5);
    // A second connection beside it gets nothing.
    AgentClient second(folder_.AgentSocket());
    EXPECT_EQ(second.Ask("\x0b"), "");
    EXPECT_EQ(agent.Ask("\x0b")[0], 12);
  }
  EXPECT_TRUE(IsTrueSoon([this] { return IsOver(); }));
  EXPECT_FALSE(*FindKey(folder_, getpid()));
  EXPECT_EQ(MarkPushed(folder_, getpid()).error().code, "KeyGone");
  const std::string record = [&] {
    std::ifstream file(folder_.LastFailure());
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  EXPECT_NE(record.find("the key was pushed for ubuntu, and ssh logs in as root"),
            std::string::npos)
      << record;
}

TEST_F(KeeperTest, RefusesAnotherProcessOfThisUser) {
  MakePushed();
  const fakes::Ended child = fakes::RunForked(
      [this] {
        AgentClient agent(folder_.AgentSocket());
        _exit(agent.Ask("\x0b").empty() ? 0 : 3);
      },
      kTimeMax);
  EXPECT_EQ(child.status, 0);
  AgentClient agent(folder_.AgentSocket());
  EXPECT_EQ(agent.Ask("\x0b")[0], 12);
}

TEST_F(KeeperTest, RefusesAnotherUser) {
  EIC_NEEDS(geteuid() == 0, "root, to be another user");
  MakePushed();
  // As if the folder's mode did not keep them out.
  chmod(folder_.AgentSocket().c_str(), 0777);
  chmod(folder_.ControlSocket().c_str(), 0777);
  const fakes::Ended child = fakes::RunForked(
      [this] {
        if (setgid(65534) != 0 || setuid(65534) != 0) _exit(2);
        AgentClient agent(folder_.AgentSocket());
        AgentClient control(folder_.ControlSocket());
        if (!agent.IsConnected() || !control.IsConnected()) _exit(4);
        _exit(agent.Ask("\x0b").empty() && control.Ask("\x01\x02").empty() ? 0 : 3);
      },
      kTimeMax);
  EXPECT_EQ(child.status, 0);
}

TEST_F(KeeperTest, ASilentOrSlowPeerKeepsNobodyWaiting) {
  MakePushed();
  AgentClient silent(folder_.ControlSocket());
  AgentClient half(folder_.ControlSocket());
  ASSERT_TRUE(silent.IsConnected() && half.IsConnected());
  ASSERT_TRUE(half.Send(std::string("\x00\x00\x00\x06\x01", 5)));
  AgentClient agent(folder_.AgentSocket());
  ASSERT_TRUE(agent.Send(std::string("\x00\x00", 2)));
  EXPECT_TRUE(*FindKey(folder_, getpid()));
  ASSERT_TRUE(agent.Send(std::string("\x00\x01\x0b", 3)));
  EXPECT_EQ(agent.Read()[0], 12);
}

TEST_F(KeeperTest, EndsAPeerThatSendsTooMuch) {
  MakePushed();
  AgentClient agent(folder_.AgentSocket());
  ASSERT_TRUE(agent.Send("\x7f\xff\xff\xff"));
  EXPECT_EQ(agent.Read(), "");
}

TEST_F(KeeperTest, RelaysLaterConnectionsToTheUsersAgent) {
  const std::string own = temp_.Of("own.sock");
  const Descriptor listener = ListenAt(own);
  MakePushed(own);
  {
    AgentClient login(folder_.AgentSocket());
    EXPECT_EQ(login.Ask("\x0b")[0], 12);
  }
  AgentClient forwarded(folder_.AgentSocket());
  ASSERT_TRUE(forwarded.Send("any bytes"));
  pollfd arrives{listener.get(), POLLIN, 0};
  ASSERT_EQ(poll(&arrives, 1, static_cast<int>(kTimeMax.count())), 1);
  const Descriptor agent = AcceptFrom(listener.get());
  ASSERT_TRUE(agent);
  std::array<char, 64> bytes{};
  pollfd readable{agent.get(), POLLIN, 0};
  ASSERT_EQ(poll(&readable, 1, static_cast<int>(kTimeMax.count())), 1);
  EXPECT_EQ(std::string(bytes.data(),
                        static_cast<std::size_t>(recv(agent.get(), bytes.data(), bytes.size(), 0))),
            "any bytes");
  const std::string answer = Framed("answer");
  ASSERT_EQ(send(agent.get(), answer.data(), answer.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(answer.size()));
  EXPECT_EQ(forwarded.Read(), "answer");
  // There is no key any more, and still the login.
  EXPECT_FALSE(*FindKey(folder_, getpid()));
  EXPECT_TRUE(RelayForwarded(folder_, getpid(), ""));
}

TEST_F(KeeperTest, TakesOverFromOneThatWasKilled) {
  temp_.Write("agent.sock.new", "");
  temp_.Write("control.sock", "");
  MakePushed();
  EXPECT_TRUE(*FindKey(folder_, getpid()));
  struct stat status {};
  ASSERT_EQ(stat(folder_.AgentSocket().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(KeeperTest, ThereIsOne) {
  MakePushed();
  const auto second = StartKeeper(folder_);
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, Start::kRuns);
}

TEST_F(KeeperTest, SaysWhyItDoesNotStart) {
  const Folder none{temp_.Of("none")};
  const auto started = StartKeeper(none);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "KeeperFailed");
  std::filesystem::create_directories(temp_.Of("taken/agent.sock/full"));
  const auto taken = StartKeeper(Folder{temp_.Of("taken")});
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().message.find("Is a directory"), std::string::npos)
      << taken.error().message;
}

}  // namespace
}  // namespace eic::client
