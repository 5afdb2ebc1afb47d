// The small parts of the front: JSON of the API, host keys, questions, troubles, addresses, audit.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "client/signing/wire.h"
#include "console/front/api_json.h"
#include "console/front/audit.h"
#include "console/front/host_keys.h"
#include "console/front/jobs.h"
#include "console/front/not_connected.h"
#include "console/front/own_address.h"
#include "console/front/questions.h"
#include "console/front/secrets.h"
#include "console/limits.h"
#include "tests/client/fake_api.h"

namespace eic::console {
namespace {

using Json = nlohmann::json;

constexpr const char* kInstance = "i-0123456789abcdef0";

std::string Blob(char fill) {
  std::string blob;
  client::AppendString(blob, "ssh-ed25519");
  client::AppendString(blob, std::string(32, fill));
  return blob;
}

TEST(ApiJson, ASessionIsAskedForByValuesThatCanBe) {
  const auto request = ParseLoginRequest(
      R"({"instance":"i-0123456789abcdef0","profile":"p","region":"eu-west-1","user":"svc@corp",)"
      R"("address":"ipv6","port":2222})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->place.region, "eu-west-1");
  EXPECT_EQ(request->user, "svc@corp");
  EXPECT_EQ(request->address, client::AddressKind::kIpv6);
  EXPECT_EQ(request->port, 2222);
  EXPECT_EQ(ParseLoginRequest(R"({"instance":"i-01234567"})")->port, 22);
  for (const char* wrong :
       {"", "[]", "7", R"({"instance":""})", R"({"instance":"web-1"})",
        R"({"instance":"i-01234567","user":"a b"})", R"({"instance":"i-01234567","user":"\u0000"})",
        R"({"instance":"i-01234567","region":"x"})", R"({"instance":"i-01234567","port":0})",
        R"({"instance":"i-01234567","port":65536})", R"({"instance":"i-01234567","port":-1})",
        R"({"instance":"i-01234567","address":"here"})", R"({"instance":["i-01234567"]})"}) {
    EXPECT_FALSE(ParseLoginRequest(wrong)) << wrong;
  }
}

TEST(ApiJson, AnAnswerNamesItsQuestion) {
  EXPECT_TRUE(ParseAnswer(R"({"question":"q","value":""})"));
  for (const char* wrong : {"", "{}", R"({"question":""})", R"({"question":"q","value":1})"}) {
    EXPECT_FALSE(ParseAnswer(wrong)) << wrong;
  }
}

TEST(ApiJson, TheListSaysWhomAndWhere) {
  aws::Instance one;
  one.instance_id = kInstance;
  one.state = "running";
  one.image_id = "ami-1";
  one.public_ip = "192.0.2.1";
  one.tags["Name"] = "web \xff";
  aws::Instance stopped = one;
  stopped.state = "stopped";
  stopped.tags["eic:user"] = "deploy";
  const auto settings = client::SettingsFile::Parse("[web-2]\nuser = ops\n", "config");
  aws::Instance configured = one;
  configured.tags["Name"] = "web-2";
  configured.image_id = "ami-2";
  aws::Instance plain = one;
  plain.image_id = "";
  const Json json =
      Json::parse(InstancesJson({one, stopped, configured, plain},
                                {{"ami-1", "debian-12-amd64", "136693071363"}}, *settings));
  const Json& list = json.at("instances");
  EXPECT_EQ(list.at(0).at("user"), "admin");
  EXPECT_EQ(list.at(0).at("user_from"), "image");
  EXPECT_EQ(list.at(0).at("image_name"), "debian-12-amd64");
  EXPECT_EQ(list.at(0).at("addresses").at(0).at("usable"), true);
  EXPECT_EQ(list.at(0).at("addresses").at(1).at("why_not"), "the instance has no IPv6 address");
  EXPECT_EQ(list.at(1).at("user_from"), "tag");
  EXPECT_EQ(list.at(1).at("addresses").at(0).at("why_not"), "the instance is stopped");
  EXPECT_EQ(list.at(2).at("user"), "ops");
  EXPECT_EQ(list.at(2).at("user_from"), "config");
  EXPECT_EQ(list.at(3).at("user_from"), "default");
  EXPECT_TRUE(json.at("next").is_null());
}

TEST(ApiJson, StartHasNoPrincipalUntilItIsKnown) {
  EXPECT_TRUE(Json::parse(StartJson({{"a"}, "a", "us-west-2", ""})).at("principal").is_null());
  EXPECT_EQ(Json::parse(StartJson({{}, "", "", "arn:x"})).at("principal"), "arn:x");
}

class HostKeysTest : public testing::Test {
 protected:
  HostKeysTest() : path_(testing::TempDir() + "eic-known-hosts-" + std::to_string(getpid())) {
    std::filesystem::remove(path_);
  }
  ~HostKeysTest() override { std::filesystem::remove(path_); }

  std::string path_;
};

TEST_F(HostKeysTest, AKeyIsNewThenKnownThenChanged) {
  EXPECT_EQ(*JudgeHostKey(path_, kInstance, Blob('a')), HostKeyVerdict::kNew);
  EXPECT_EQ(KnownTypes(path_, kInstance), "");
  ASSERT_TRUE(KeepHostKey(path_, kInstance, Blob('a')).ok());
  EXPECT_EQ(*JudgeHostKey(path_, kInstance, Blob('a')), HostKeyVerdict::kKnown);
  EXPECT_EQ(*JudgeHostKey(path_, kInstance, Blob('b')), HostKeyVerdict::kChanged);
  EXPECT_EQ(*JudgeHostKey(path_, "i-0123456789abcdef1", Blob('a')), HostKeyVerdict::kNew);
  EXPECT_EQ(std::filesystem::status(path_).permissions(), std::filesystem::perms(0600));
}

TEST_F(HostKeysTest, ALineIsAddedBehindOneWithoutAnEnd) {
  { std::ofstream(path_) << "other ssh-ed25519 AAAA"; }
  ASSERT_TRUE(KeepHostKey(path_, kInstance, Blob('a')).ok());
  EXPECT_EQ(*JudgeHostKey(path_, kInstance, Blob('a')), HostKeyVerdict::kKnown);
}

TEST_F(HostKeysTest, ARevokedKeyIsNeverKnown) {
  ASSERT_TRUE(KeepHostKey(path_, kInstance, Blob('a')).ok());
  ASSERT_TRUE(KeepHostKey(path_, std::string("@revoked ") + kInstance, Blob('a')).ok());
  EXPECT_EQ(*JudgeHostKey(path_, kInstance, Blob('a')), HostKeyVerdict::kRevoked);
}

TEST_F(HostKeysTest, WhatIsNoHostKeyGoesIntoNoFile) {
  std::string other;
  client::AppendString(other, "x\ni-0fedcba9876543210 ssh-ed25519 AAAA");
  client::AppendString(other, std::string(32, 'k'));
  for (const std::string& blob : {std::string(), other, Blob('a') + "x", Blob('a').substr(1)}) {
    EXPECT_EQ(KeepHostKey(path_, kInstance, blob).error().code, "KnownHosts");
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(HostKeysTest, AFileThatCannotBeWrittenIsAFailure) {
  EXPECT_EQ(KeepHostKey(path_ + "/none/x", kInstance, Blob('a')).error().code, "KnownHosts");
  EXPECT_EQ(JudgeHostKey(testing::TempDir(), kInstance, Blob('a')).ok(), false);
}

TEST(HostKeys, FingerprintAndTypeAreSshs) {
  EXPECT_EQ(TypeOfKey(Blob('a')), "ssh-ed25519");
  EXPECT_EQ(TypeOfKey("x"), "");
  EXPECT_EQ(FingerprintOfBlob("").substr(0, 50),
            "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
}

TEST(Questions, AnAnswerReachesWhoWaits) {
  Questions questions;
  const Question question = questions.Open({"", "mfa", "words", ""});
  EXPECT_FALSE(questions.Answer("another", "1"));
  std::thread answering([&] { EXPECT_TRUE(questions.Answer(question.id, "123456")); });
  EXPECT_EQ(questions.Wait(question.id, [] { return false; }), "123456");
  answering.join();
  EXPECT_FALSE(questions.Answer(question.id, "again"));
  const Question other = questions.Open({"", "mfa", "words", ""});
  EXPECT_EQ(questions.Wait(other.id, [] { return true; }), std::nullopt);
  EXPECT_FALSE(questions.Answer(other.id, "late"));
}

TEST(Trouble, EveryFailureHasASlugAndAStatus) {
  struct Row {
    aws::Failure failure;
    const char* slug;
    int status;
  };
  const Row rows[] = {
      {{"UnauthorizedOperation", "m"}, "no-permission", 403},
      {{"NoSuchInstance", "m"}, "instance-not-found", 404},
      {{"NoCredentials", "m", "Run `aws configure`"}, "no-credentials", 401},
      {{"NoCredentials", "m", "run: aws sso login --profile p"}, "sso-expired", 401},
      {{"ExpiredToken", "m"}, "expired-credentials", 401},
      {{"NotRunning", "m"}, "stopped", 500},
      {{"WhoKnows", "m"}, "aws-failed", 500},
  };
  for (const Row& row : rows) {
    const Trouble trouble = TroubleOf(row.failure, "list");
    EXPECT_EQ(trouble.slug, row.slug);
    EXPECT_EQ(StatusOf(trouble), row.status) << row.slug;
  }
  EXPECT_EQ(TroubleOf({"X", "a\x1b[2Jb"}, "list").words, "a\\x1b[2Jb");
}

TEST(OwnAddress, SaysWhatASecurityGroupHasToAllow) {
  EXPECT_EQ(OwnAddressFor("127.0.0.1"), "127.0.0.1");
  EXPECT_NE(OwnAddressFor("no address").find("no route"), std::string::npos);
  for (const char* address : {"10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "127.0.0.1",
                              "169.254.1.1", "fd00::1", "fe80::1", "::1"}) {
    EXPECT_TRUE(IsPrivateAddress(address)) << address;
  }
  for (const char* address : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "x"}) {
    EXPECT_FALSE(IsPrivateAddress(address)) << address;
  }
}

TEST(NotConnected, NamesSlugPortAndWhomToAllow) {
  const struct {
    const char* message;
    const char* slug;
    const char* next;
  } rows[] = {
      {"cannot connect to 127.0.0.1: no answer", "connect-timeout",
       "allow TCP port 2222 from 127.0.0.1."},
      {"cannot connect to 127.0.0.1: Connection refused", "port-closed",
       "allow TCP port 2222 from 127.0.0.1."},
      {"cannot connect to 127.0.0.1: Network is unreachable", "no-route", "no route"},
  };
  for (const auto& row : rows) {
    const Trouble trouble =
        NotConnected({"ConnectFailed", row.message, ""}, "127.0.0.1", 2222, "connect");
    EXPECT_EQ(trouble.slug, row.slug);
    EXPECT_EQ(trouble.step, "connect");
    EXPECT_NE(trouble.next.find(row.next), std::string::npos) << trouble.next;
  }
}

TEST(Audit, LinesCannotBeForged) {
  LoginFacts facts;
  facts.user = "a\" reason=exited\n";
  const std::string line = EndLine("s", kInstance, facts, {"cut", "session", 1, 2, 3});
  EXPECT_EQ(line,
            "Session ended: session=s instance=\"i-0123456789abcdef0\" "
            "user=\"a\\x22 reason=exited\\x0a\" bytes-in=1 bytes-out=2 seconds=3 reason=cut "
            "step=session");
}

TEST(Secrets, AreLongAndDiffer) {
  EXPECT_EQ(RandomName().size(), 32U);
  EXPECT_EQ(RandomSecret().size(), 64U);
  EXPECT_NE(RandomSecret(), RandomSecret());
  EXPECT_TRUE(IsSameSecret("ab", "ab"));
  EXPECT_FALSE(IsSameSecret("ab", "ac"));
  EXPECT_FALSE(IsSameSecret("ab", "abc"));
}

// Asks for an MFA code with its first call, as an Api does that assumes a role.
class AskingApi : public fakes::FakeApi {
 public:
  AskingApi(fakes::FakeCloud& cloud, aws::Prompter& prompter)
      : FakeApi(cloud), prompter_(prompter) {}
  aws::Outcome<std::vector<aws::Instance>> DescribeInstances(
      const aws::InstanceQuery& query) override {
    if (!has_asked_) {
      const auto code = prompter_.AskMfaCode("arn:mfa");
      if (!code) return code.error();
      has_asked_ = true;
    }
    return FakeApi::DescribeInstances(query);
  }

 private:
  aws::Prompter& prompter_;
  bool has_asked_ = false;
};

TEST(AwsDesk, OneQuestionIsShownToAllWhoWaitForIt) {
  fakes::FakeCloud cloud;
  Questions questions;
  AwsDesk desk(questions, [&](const Place&, aws::Prompter& prompter) {
    return aws::Outcome<std::unique_ptr<aws::Api>>(std::make_unique<AskingApi>(cloud, prompter));
  });
  std::mutex mutex;
  std::vector<std::string> shown;
  const auto list = [&] {
    const auto done = desk.With(
        {"p", "r"},
        [&](const Question& question) {
          const std::lock_guard<std::mutex> lock(mutex);
          shown.push_back(question.id);
          if (shown.size() < 2) return;
          EXPECT_TRUE(questions.Answer(question.id, "123456"));
        },
        [] { return false; },
        [](aws::Api& api) -> aws::Outcome<Nothing> {
          const auto found = api.DescribeInstances({});
          if (!found) return found.error();
          return Nothing{};
        });
    EXPECT_TRUE(done.ok());
  };
  std::thread one(list);
  std::thread other(list);
  one.join();
  other.join();
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[0], shown[1]);
  EXPECT_NE(desk.Principal({"p", "r"}), "");
  EXPECT_EQ(desk.Principal({"q", "r"}), "");
}

TEST(AwsDesk, AListLeavesOnceItHasShownTheQuestionOfAnother) {
  fakes::FakeCloud cloud;
  Questions questions;
  AwsDesk desk(questions, [&](const Place&, aws::Prompter& prompter) {
    return aws::Outcome<std::unique_ptr<aws::Api>>(std::make_unique<AskingApi>(cloud, prompter));
  });
  const auto list = [](aws::Api& api) -> aws::Outcome<Nothing> {
    const auto found = api.DescribeInstances({});
    if (!found) return found.error();
    return Nothing{};
  };
  const auto never = [] { return false; };
  std::promise<std::string> asked;
  std::thread holder([&] {
    const auto show = [&](const Question& question) { asked.set_value(question.id); };
    EXPECT_TRUE(desk.With({"p", "r"}, show, never, list, Behind::kLeaves).ok());
  });
  const std::string id = asked.get_future().get();
  // While nobody answers: each further list shows the same question, and holds no thread.
  for (int count = 0; count < 3; ++count) {
    std::string shown;
    const auto done = desk.With(
        {"p", "r"}, [&](const Question& question) { shown = question.id; }, never, list,
        Behind::kLeaves);
    EXPECT_EQ(done.error().code, "Cancelled");
    EXPECT_EQ(shown, id);
  }
  EXPECT_TRUE(questions.Answer(id, "123456"));
  holder.join();
}

// EC2 refuses a whole call for one image that is no more.
class StrictApi : public fakes::FakeApi {
 public:
  explicit StrictApi(fakes::FakeCloud& cloud) : FakeApi(cloud), cloud_(cloud) {}
  aws::Outcome<std::vector<aws::Image>> DescribeImages(
      const std::vector<std::string>& ids) override {
    if (cloud_.describe_fails) return *cloud_.describe_fails;
    std::vector<aws::Image> all;
    for (const std::string& id : ids) {
      const auto one = FakeApi::DescribeImages({id});
      if (one->empty()) return aws::Failure{"InvalidAMIID.NotFound", "no " + id, ""};
      all.push_back(one->front());
    }
    return all;
  }

 private:
  fakes::FakeCloud& cloud_;
};

TEST(AwsDesk, AnImageThatIsNoMoreSpoilsNoOther) {
  fakes::FakeCloud cloud;
  cloud.images = {{"ami-1", "name", "owner"}, {"ami-3", "name", "owner"}};
  Questions questions;
  AwsDesk desk(questions, [&](const Place&, aws::Prompter&) {
    return aws::Outcome<std::unique_ptr<aws::Api>>(std::make_unique<StrictApi>(cloud));
  });
  StrictApi api(cloud);
  // What passes is asked for again.
  cloud.describe_fails = aws::Failure{"Throttling", "", ""};
  EXPECT_EQ(desk.Images(api, {"ami-1", "ami-2", "ami-3"}).size(), 0U);
  cloud.describe_fails.reset();
  EXPECT_EQ(desk.Images(api, {"ami-1", "ami-2", "ami-3"}).size(), 2U);
  cloud.calls.clear();
  EXPECT_EQ(desk.Images(api, {"ami-1", "ami-2", "ami-3"}).size(), 2U);
  EXPECT_TRUE(cloud.calls.empty());
}

TEST(Jobs, OneThatThrowsEndsAloneAndThereIsALimit) {
  Jobs jobs(kListsMax);
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  ASSERT_TRUE(jobs.Run([] { throw std::runtime_error("thrown by a test"); }));
  std::size_t running = 0;
  // The one that threw may still count for a moment.
  while (jobs.Run([released] { released.wait(); })) ++running;
  EXPECT_GE(running, kListsMax - 1);
  EXPECT_FALSE(jobs.HasRoom());
  release.set_value();
  while (!jobs.HasRoom()) std::this_thread::yield();
}

TEST(AwsDesk, AnImageIsAskedForOnce) {
  fakes::FakeCloud cloud;
  cloud.images = {{"ami-1", "name", "owner"}};
  Questions questions;
  AwsDesk desk(questions, [&](const Place&, aws::Prompter&) {
    return aws::Outcome<std::unique_ptr<aws::Api>>(std::make_unique<fakes::FakeApi>(cloud));
  });
  fakes::FakeApi api(cloud);
  EXPECT_EQ(desk.Images(api, {"ami-1", ""}).size(), 1U);
  EXPECT_EQ(desk.Images(api, {"ami-1"}).size(), 1U);
  EXPECT_EQ(desk.Images(api, {"ami-2"}).size(), 0U);
  EXPECT_EQ(cloud.calls.size(), 2U);
}

}  // namespace
}  // namespace eic::console
