// The program itself, as a child process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "issuer/files.h"
#include "tests/emulator/loopback_client.h"
#include "tests/emulator/raw_connection.h"
#include "tests/emulator/support.h"

extern char** environ;

namespace eic::emulator {
namespace {

// One run of eic-emulator; what it says is read from pipes.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments) {
    if (::pipe(out_.data()) != 0 || ::pipe(err_.data()) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, out_[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err_[1], STDERR_FILENO);
    for (const int fd : {out_[0], out_[1], err_[0], err_[1]}) {
      ::posix_spawn_file_actions_addclose(&actions, fd);
    }
    arguments.insert(arguments.begin(), EIC_EMULATOR);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    if (::posix_spawn(&pid_, EIC_EMULATOR, &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(out_[1]);
    ::close(err_[1]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      Wait();
    }
    ::close(out_[0]);
    ::close(err_[0]);
  }

  std::string ReadLine() {
    std::string line;
    char c = 0;
    while (::read(out_[0], &c, 1) == 1 && c != '\n') line.push_back(c);
    return line;
  }

  static std::string ReadAll(int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

  std::string Out() { return ReadAll(out_[0]); }
  std::string Err() { return ReadAll(err_[0]); }

  void Signal(int number) const { ::kill(pid_, number); }

  // The exit status, or -1.
  int Wait() {
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  std::array<int, 2> out_{-1, -1};
  std::array<int, 2> err_{-1, -1};
};

class Commands : public testing::Test {
 protected:
  Commands() {
    std::string pattern = testing::TempDir() + "/emulator.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    authority_ = (folder_ / "authority").string();
    key_file_ = (folder_ / "key.pub").string();
    issuer::WriteNewFile(key_file_, key_line_ + "\n", issuer::Secrecy::kPublic);
  }
  ~Commands() override { std::filesystem::remove_all(folder_); }

  // Quicker than `init`, whose keys are all RSA.
  void MakeAuthority() {
    std::filesystem::create_directories(authority_);
    issuer::SaveAuthority(TestAuthority(), authority_);
  }

  std::filesystem::path folder_;
  std::string authority_;
  std::string key_file_;
  const std::string key_line_ = Ed25519KeyLine();
};

std::string Between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from) + from.size();
  return text.substr(at, text.find(to, at) - at);
}

TEST_F(Commands, InitMakesAnAuthorityOnce) {
  Child first({"init", "--dir", authority_, "--region", "cn-north-1"});
  EXPECT_EQ(first.Wait(), 0);
  EXPECT_EQ(issuer::LoadAuthority(authority_).region, "cn-north-1");
  const std::string anchors = issuer::ReadFile(authority_ + "/anchors.pem");
  Child second({"init", "--dir", authority_});
  EXPECT_THAT(second.Err(), testing::HasSubstr("already holds an authority"));
  EXPECT_EQ(second.Wait(), 1);
  EXPECT_EQ(issuer::ReadFile(authority_ + "/anchors.pem"), anchors);
}

TEST_F(Commands, ServeIsReadyTakesAPushAndEndsCleanly) {
  MakeAuthority();
  Child serve({"serve", "--dir", authority_, "--metadata", "127.0.0.1:0", "--metadata",
               "127.0.0.2:0", "--api", "127.0.0.1:0"});
  const std::string ready = serve.ReadLine();
  ASSERT_THAT(ready, testing::MatchesRegex("ready metadata=http://127.0.0.1:[0-9]+ "
                                           "metadata=http://127.0.0.2:[0-9]+ "
                                           "api=http://127.0.0.1:[0-9]+"));
  const std::string api = ready.substr(ready.find("api=") + 4);
  Child push({"push", "--api", api, "--instance-id", "i-0123456789abcdef0", "--os-user", "alice",
              "--public-key", key_file_});
  EXPECT_THAT(push.Out(), testing::HasSubstr("\"Success\":true"));
  EXPECT_EQ(push.Wait(), 0);

  Child wrong({"push", "--api", api, "--instance-id", "i-0123456789abcdef1", "--os-user", "alice",
               "--public-key", key_file_});
  EXPECT_THAT(wrong.Err(), testing::StartsWith("EC2InstanceNotFoundException: "));
  EXPECT_EQ(wrong.Wait(), 1);

  serve.Signal(SIGTERM);
  EXPECT_THAT(serve.Err(), testing::HasSubstr("FOR DEVELOPMENT ONLY"));
  EXPECT_EQ(serve.Wait(), 0);
}

TEST_F(Commands, ServeMakesAnAuthorityWhereThereIsNoneAndEndsBySigint) {
  Child serve({"serve", "--dir", authority_, "--metadata", "127.0.0.1:0", "--api", "127.0.0.1:0",
               "--region", "eu-west-1"});
  EXPECT_THAT(serve.ReadLine(), testing::StartsWith("ready "));
  EXPECT_EQ(issuer::LoadAuthority(authority_).region, "eu-west-1");
  serve.Signal(SIGINT);
  EXPECT_EQ(serve.Wait(), 0);
}

TEST_F(Commands, ServeReissuesTheSignerForAnotherRegion) {
  MakeAuthority();
  Child serve({"serve", "--dir", authority_, "--metadata", "127.0.0.1:0", "--api", "127.0.0.1:0",
               "--region", "eu-west-1"});
  const std::string metadata = Between(serve.ReadLine(), "metadata=", " ");
  const std::string token =
      Ask("PUT", metadata + "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds: 60"}).body;
  const auto get = [&](const std::string& name) {
    return Ask("GET", metadata + "/latest/meta-data/" + name,
               {"X-aws-ec2-metadata-token: " + token})
        .body;
  };
  EXPECT_EQ(get("placement/availability-zone"), "eu-west-1a");
  const X509Ptr signer = issuer::ParseCertificatePem(get("managed-ssh-keys/signer-cert"));
  EXPECT_EQ(
      X509_check_host(signer.get(), "managed-ssh-signer.eu-west-1.amazonaws.com", 0, 0, nullptr),
      1);
}

TEST_F(Commands, ServeKeepsToLoopback) {
  MakeAuthority();
  for (const char* address : {"0.0.0.0:0", "169.254.169.254:80", "[fd00:ec2::254]:80"}) {
    Child serve({"serve", "--dir", authority_, "--api", "127.0.0.1:0", "--metadata", address});
    EXPECT_THAT(serve.Err(), testing::HasSubstr("--allow-non-loopback")) << address;
    EXPECT_EQ(serve.Wait(), 1);
  }
  Child allowed({"serve", "--dir", authority_, "--api", "127.0.0.1:0", "--metadata", "0.0.0.0:0",
                 "--allow-non-loopback"});
  EXPECT_THAT(allowed.ReadLine(), testing::StartsWith("ready "));
}

TEST_F(Commands, APortInUseIsOneLine) {
  MakeAuthority();
  Child first({"serve", "--dir", authority_, "--metadata", "127.0.0.1:0", "--api", "127.0.0.1:0"});
  const std::string ready = first.ReadLine();
  const std::string taken = Between(ready, "metadata=http://", " ");
  Child second({"serve", "--dir", authority_, "--metadata", taken, "--api", "127.0.0.1:0"});
  const std::string said = second.Err();
  EXPECT_EQ(said, "eic-emulator: cannot listen on http://" + taken + ": Address already in use\n");
  EXPECT_EQ(second.Wait(), 1);
}

TEST_F(Commands, AConfigurationThatIsWrongIsNamedWithFileAndField) {
  MakeAuthority();
  const std::string file = (folder_ / "c.json").string();
  issuer::WriteNewFile(file, R"({"instances": [{"instance_id": 1}]})", issuer::Secrecy::kPublic);
  Child serve({"serve", "--dir", authority_, "--config", file});
  EXPECT_EQ(serve.Err(), "eic-emulator: " + file + ": instances[0].instance_id: is not a string\n");
  EXPECT_EQ(serve.Wait(), 1);
}

TEST_F(Commands, ServeAloneIsAWorldWithNamesAndAnImage) {
  MakeAuthority();
  Child serve({"serve", "--dir", authority_, "--metadata", "127.0.0.1:0", "--api", "127.0.0.1:0",
               "--no-signature-check", "--tag", "Name=web-1", "--image-name", "ubuntu/x"});
  const std::string ready = serve.ReadLine();
  const std::string api = ready.substr(ready.find("api=") + 4);
  const auto ask = [&](const std::string& query) {
    return Ask("POST", api + "/", {"Content-Type: application/x-www-form-urlencoded"}, &query).body;
  };
  EXPECT_THAT(ask("Action=DescribeInstances&Filter.1.Name=tag:Name&Filter.1.Value.1=web-1"),
              testing::AllOf(testing::HasSubstr("<imageId>ami-0123456789abcdef0<"),
                             testing::HasSubstr("ip-127-0-0-1.us-west-2.compute.internal"),
                             testing::ContainsRegex("<launchTime>20[0-9T:-]+Z<")));
  EXPECT_THAT(ask("Action=DescribeImages&ImageId.1=ami-0123456789abcdef0"),
              testing::HasSubstr("<name>ubuntu/x<"));
  Child wrong({"serve", "--dir", authority_, "--tag", "Name"});
  EXPECT_THAT(wrong.Err(), testing::HasSubstr("--tag wants KEY=VALUE, not Name"));
  EXPECT_EQ(wrong.Wait(), 1);
}

TEST_F(Commands, ServeOverTlsHasACaAndItsOwnClock) {
  MakeAuthority();
  Child serve({"serve", "--dir", authority_, "--metadata", "127.0.0.1:0", "--api", "127.0.0.1:0",
               "--tls", "--api-clock-offset", "86400"});
  const std::string ready = serve.ReadLine();
  const std::string api = ready.substr(ready.find("api=") + 4);
  ASSERT_THAT(api, testing::StartsWith("https://127.0.0.1:"));
  LoopbackClient client(authority_ + "/api-ca.pem");
  const LoopbackAnswer answer = client.Ask("GET", api + "/emulator/events");
  EXPECT_EQ(answer.status, 200);
  const std::string date = Between(answer.headers, "Date: ", "\r\n");
  EXPECT_NEAR(static_cast<double>(curl_getdate(date.c_str(), nullptr) - ::time(nullptr)), 86400,
              60);
}

TEST_F(Commands, SigtermEndsAtOnceWhateverClientsDo) {
  MakeAuthority();
  Child serve({"serve", "--dir", authority_, "--metadata", "127.0.0.1:0", "--api", "127.0.0.1:0",
               "--fault", "hang"});
  const std::string metadata = Between(serve.ReadLine(), "metadata=", " ");
  std::thread client([&] { Ask("PUT", metadata + "/latest/api/token"); });
  RawConnection silent(PortOf(metadata));
  RawConnection slow(PortOf(metadata));
  slow.Send("GET / HT");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // so that all are being served
  const auto before = std::chrono::steady_clock::now();
  serve.Signal(SIGTERM);
  EXPECT_EQ(serve.Wait(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(1));
  client.join();
}

TEST_F(Commands, SignPrintsOneRecord) {
  MakeAuthority();
  Child sign({"sign", "--dir", authority_, "--timestamp", "5", "--instance-id", "i-1", "--caller",
              "c", "--request", "r", "--public-key", key_file_});
  EXPECT_THAT(sign.Out(),
              testing::StartsWith("#Timestamp=5\n#Instance=i-1\n#Caller=c\n#Request=r\n" +
                                  key_line_ + "\n"));
  EXPECT_EQ(sign.Wait(), 0);
}

TEST_F(Commands, WrongUsageIsStatus2AndNothingThereIsStatus1) {
  EXPECT_EQ(Child({"push"}).Wait(), 64);
  EXPECT_EQ(Child({"sign", "--dir", authority_, "--timestamp", "5", "--instance-id", "i",
                   "--public-key", key_file_})
                .Wait(),
            1);
}

}  // namespace
}  // namespace eic::emulator
