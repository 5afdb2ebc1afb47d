// The proxy in this process, which plays the ssh that it serves; AWS is a double.
#include "client/proxy/proxy.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>

#include "client/system/linux_process.h"
#include "tests/client/fake_aws.h"
#include "tests/fakes/temp_folder.h"

namespace eic::client {
namespace {

constexpr const char* kId = "i-0123456789abcdef0";

// Listens on loopback, and takes what comes by itself.
class Listener {
 public:
  explicit Listener(const char* address = "127.0.0.1") : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(std::string(address) == "127.0.0.1" ? 0x7f000001 : 0x7f000002);
    socklen_t size = sizeof(at);
    EXPECT_EQ(bind(socket_.get(), reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(listen(socket_.get(), 8), 0);
    EXPECT_EQ(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
    port_ = ntohs(at.sin_port);
  }
  std::uint16_t port() const { return port_; }
  Descriptor Accept() const { return Descriptor(accept(socket_.get(), nullptr, nullptr)); }

 private:
  Descriptor socket_;
  std::uint16_t port_ = 0;
};

class ProxyTest : public testing::Test {
 public:  // the rows of its tests spoil it
  ProxyTest() : folder_{temp_.path().string()} {
    aws_.instance = fakes::RunningInstance(kId, "127.0.0.1");
    aws_.keys_file = temp_.Of("keys");
    aws_.log_file = temp_.Of("calls");
    options_.host = kId;
    options_.port = listener_.port();
    options_.os_user = "ubuntu";
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    ssh_ = Descriptor(ends[0]);
    output_ = Descriptor(ends[1]);
    doors_ = fakes::DoorsTo(aws_, getpid(), temp_.Of("memory"));
    doors_.output = output_.get();
  }
  ~ProxyTest() override { DropKey(folder_, getpid()); }

  aws::Outcome<Nothing> Run() { return RunProxy(folder_, options_, doors_); }

  // The socket that ssh would have got.
  Descriptor Received() const {
    char byte = 'x';
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    if (recvmsg(ssh_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1) return {};
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return {};
    int socket = -1;
    std::memcpy(&socket, CMSG_DATA(header), sizeof(socket));
    return Descriptor(socket);
  }

  std::string Contents(const char* name) const {
    std::ifstream file(temp_.Of(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fakes::TempFolder temp_;
  Folder folder_;
  fakes::FakeAws aws_;
  Listener listener_;
  ProxyOptions options_;
  ProxyDoors doors_;
  Descriptor ssh_;
  Descriptor output_;
};

TEST_F(ProxyTest, PushesConnectsAndHandsOver) {
  const auto done = Run();
  ASSERT_TRUE(done) << done.error().message;
  const Descriptor connected = Received();
  ASSERT_TRUE(connected);
  const Descriptor host = listener_.Accept();
  EXPECT_EQ(write(connected.get(), "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(read(host.get(), &byte, 1), 1);
  const auto key = FindKey(folder_, getpid());
  ASSERT_TRUE(key && *key);
  EXPECT_TRUE((*key)->is_pushed);
  EXPECT_EQ(Contents("keys"), (*key)->public_key + '\n');
  EXPECT_EQ(Contents("calls"), "DescribeInstances\nSendSSHPublicKey ubuntu\n");
  EXPECT_EQ(Contents("memory"), "ubuntu 127.0.0.1 us-east-1a\n");
}

TEST_F(ProxyTest, AsksNothingWhereTheWrapperHasPushed) {
  KeyRequest request;
  request.ssh_pid = getpid();
  ASSERT_TRUE(MakeKey(folder_, request));
  ASSERT_TRUE(MarkPushed(folder_, getpid()));
  temp_.Write("memory", "ubuntu 127.0.0.1 us-east-1a");
  ASSERT_TRUE(Run());
  EXPECT_TRUE(Received());
  EXPECT_EQ(Contents("calls"), "");
}

TEST_F(ProxyTest, AsksForAnAddressWhereTheWrapperHasPushedAndNoneIsKnown) {
  KeyRequest request;
  request.ssh_pid = getpid();
  ASSERT_TRUE(MakeKey(folder_, request));
  ASSERT_TRUE(MarkPushed(folder_, getpid()));
  ASSERT_TRUE(Run());
  EXPECT_EQ(Contents("calls"), "DescribeInstances\n");
  // The same where the remembered one is nobody's any more.
  temp_.Write("memory", "ubuntu 127.0.0.9 us-east-1a");
  ASSERT_TRUE(Run());
  EXPECT_EQ(Contents("memory"), "ubuntu 127.0.0.1 us-east-1a\n");
}

TEST_F(ProxyTest, TriesTheNextAddress) {
  doors_.addresses_of = [](const aws::Instance&, AddressKind) {
    return std::vector<std::string>{"127.0.0.9", "not an address", "::ffff:127.0.0.9", "127.0.0.1"};
  };
  const auto done = Run();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(Contents("memory"), "ubuntu 127.0.0.1 us-east-1a\n");
}

TEST_F(ProxyTest, AFailureLeavesNoKey) {
  const struct {
    const char* defect;
    std::function<void(ProxyTest&)> spoil;
    const char* code;
  } kRows[] = {
      {"stopped", [](ProxyTest& t) { t.aws_.instance.state = "stopped"; }, "NotRunning"},
      {"another instance", [](ProxyTest& t) { t.aws_.instance.instance_id = "i-1"; },
       "NoSuchInstance"},
      {"no address", [](ProxyTest& t) { t.aws_.instance.public_ip.clear(); }, "NoAddress"},
      {"nobody listens", [](ProxyTest& t) { t.aws_.instance.public_ip = "127.0.0.9"; },
       "ConnectionFailed"},
      {"no right to push", [](ProxyTest& t) { t.aws_.refuses = "SendSSHPublicKey"; },
       "UnauthorizedOperation"},
      {"stopped, and no right to push",
       [](ProxyTest& t) {
         t.aws_.refuses = "SendSSHPublicKey";
         t.aws_.instance.state = "stopped";
       },
       "NotRunning"},
      {"no region",
       [](ProxyTest& t) {
         t.doors_.open_api = [](const aws::Settings&) -> aws::Outcome<std::unique_ptr<aws::Api>> {
           return aws::Failure{"NoRegion", "no region"};
         };
       },
       "NoRegion"},
  };
  const fakes::FakeAws good = aws_;
  for (const auto& row : kRows) {
    aws_ = good;
    row.spoil(*this);
    const auto done = Run();
    ASSERT_FALSE(done) << row.defect;
    EXPECT_EQ(done.error().code, row.code) << row.defect << ": " << done.error().message;
    EXPECT_FALSE(*FindKey(folder_, getpid())) << row.defect;
    EXPECT_FALSE(Received()) << row.defect;
  }
}

}  // namespace
}  // namespace eic::client
