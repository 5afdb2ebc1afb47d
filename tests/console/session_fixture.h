// A session, and the worker and the page of it, which the test plays.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "client/signing/wire.h"
#include "console/front/session.h"
#include "console/limits.h"
#include "console/link/channel.h"
#include "tests/client/fake_api.h"
#include "tests/console/fakes.h"

namespace eic::console {

inline constexpr const char* kInstance = "i-0123456789abcdef0";
inline constexpr const char* kKeyLine =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

inline std::string HostKeyBlob(char fill) {
  std::string blob;
  client::AppendString(blob, "ssh-ed25519");
  client::AppendString(blob, std::string(32, fill));
  return blob;
}

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    folder_.path = testing::TempDir() + "eic-session-" + std::to_string(getpid());
    std::filesystem::create_directories(folder_.path);
    doors_.login.folder = folder_;
    std::filesystem::remove(folder_.KnownHosts());
    listener_ = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    (void)inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_.get(), 8), 0);
    EXPECT_EQ(getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    request_.instance_id = kInstance;
    request_.port = ntohs(address.sin_port);
    aws::Instance instance;
    instance.instance_id = kInstance;
    instance.state = "running";
    instance.public_ip = "127.0.0.1";
    instance.image_id = "ami-1";
    instance.tags["Name"] = "web";
    cloud_.instances = {instance};
    cloud_.images = {{"ami-1", "ubuntu/images/hvm-ssd/ubuntu-noble-24.04", "099720109477"}};
  }
  ~SessionTest() override {
    if (session_) session_->Abandon({"ended", "session", "", ""});
    loop_.Turn();
    for (std::thread& thread : threads_) thread.join();
    loop_.Turn();
  }

  // Begins a session, and attaches a page that has `from` bytes.
  void Begin() {
    session_ = std::make_shared<Session>("s1", request_, doors_);
    session_->Start();
    page_ = Attach(socket_, 0);
  }

  std::shared_ptr<WebSocketEvents> Attach(fakes::FakeSocket& socket, std::uint64_t from) {
    auto page = session_->Attach();
    page->OnOpen(socket);
    page->OnMessage(
        R"({"type":"start","columns":100,"rows":30,"from":)" + std::to_string(from) + "}", true);
    return page;
  }

  // The worker's part of a login.
  void LogInAsWorker(char host_key = 'h') {
    ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
    Say(PublicKey{kKeyLine});
    const std::string begin = Hear();
    const auto parsed = ParseToWorker(begin);
    ASSERT_TRUE(parsed && std::holds_alternative<console::Begin>(*parsed));
    begin_ = std::get<console::Begin>(*parsed);
    Say(HostKeyShown{HostKeyBlob(host_key)});
    const std::string log_in = Hear();
    if (log_in != "L") return;
    Say(Shell{});
    Say(MoreInput{kInputWindowBytes});
    ASSERT_TRUE(loop_.TurnUntil([this] { return !socket_.LastWith("ready").empty(); }));
  }

  void Say(const ToFront& message) {
    ASSERT_TRUE(SendWithin(worker_.get(), Print(message), std::chrono::seconds(5)));
  }

  // The front's next packet; empty where it has gone.
  std::string Hear() {
    std::string packet;
    (void)loop_.TurnUntil([&] {
      Received received = ReceivePacket(worker_.get());
      if (received.state == Received::State::kAgain) return false;
      packet = received.packet;
      return true;
    });
    return packet;
  }

  // Everything that the front has said by now, printed one behind the other.
  std::vector<std::string> HearAll() {
    loop_.Turn();
    std::vector<std::string> packets;
    while (true) {
      Received received = ReceivePacket(worker_.get());
      if (received.state != Received::State::kPacket) return packets;
      packets.push_back(std::move(received.packet));
      loop_.Turn(std::chrono::milliseconds(2));
    }
  }

  std::uint32_t Allowed(const std::vector<std::string>& packets) {
    std::uint32_t bytes = 0;
    for (const std::string& packet : packets) {
      const auto message = ParseToWorker(packet);
      if (const auto* more = std::get_if<MoreOutput>(&*message)) bytes += more->bytes;
    }
    return bytes;
  }

  void Hears(const std::string& text) { page_->OnMessage(text, true); }

  fakes::FakeLoop loop_;
  fakes::FakeCloud cloud_;
  Questions questions_;
  AwsDesk desk_{
      questions_, [this](const Place&, aws::Prompter&) {
        return aws::Outcome<std::unique_ptr<aws::Api>>(std::make_unique<fakes::FakeApi>(cloud_));
      }};
  client::Folder folder_;
  std::string settings_text_;
  std::vector<std::string> audit_;
  std::vector<std::string> forgotten_;
  std::vector<std::thread> threads_;
  Descriptor listener_;
  Descriptor worker_;
  LoginRequest request_;
  SessionDoors doors_{loop_,
                      {desk_, questions_, folder_, "C.UTF-8",
                       [this] { return client::SettingsFile::Parse(settings_text_, "config"); },
                       [this](Descriptor) -> aws::Outcome<Descriptor> {
                         auto [ours, theirs] = MakeChannel();
                         loop_.Post([this, end = std::make_shared<Descriptor>(std::move(theirs))] {
                           worker_ = std::move(*end);
                         });
                         return std::move(ours);
                       }},
                      [this](const std::string& line) { audit_.push_back(line); },
                      [this](std::function<void()> job) {
                        threads_.emplace_back(std::move(job));
                        return true;
                      },
                      [this](const std::string& id) { forgotten_.push_back(id); },
                      std::chrono::seconds(3600)};
  std::shared_ptr<Session> session_;
  fakes::FakeSocket socket_;
  std::shared_ptr<WebSocketEvents> page_;
  console::Begin begin_;
};

}  // namespace eic::console
