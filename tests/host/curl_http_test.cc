#include "host/curl_http.h"

#include <stdlib.h>

#include "core/limits.h"
#include "tests/fakes/needs.h"
#include "tests/host/curl_fixture.h"

namespace eic {
namespace {

using fakes::Answers;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Fault = HttpOutcome::Fault;

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

TEST_F(CurlHttpTest, AnswersOfAllForms) {
  const struct {
    const char* name;
    fakes::Behaviour behaviour;
  } kRows[] = {
      {"with a length", Answers(200, "the body")},
      {"on a connection that stays open", fakes::AnswersAndKeepsOpen("the body")},
      {"after a while", fakes::AnswersAfter(milliseconds(50), "the body")},
      {"in chunks", fakes::AnswersChunked({"the", " ", "body"})},
      {"HTTP/1.0 without a length", fakes::AnswersHttp10("the body")},
      {"after 100 Continue", fakes::AnswersAfterContinue("the body")},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    server_.At("/x", row.behaviour);
    const HttpOutcome outcome = Perform(Get(server_.url() + "/x"));
    EXPECT_STREQ(NameOf(outcome.fault), "none") << outcome.detail;
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body, "the body");
  }
}

TEST_F(CurlHttpTest, EveryStatusIsAnAnswer) {
  for (const int status : {200, 301, 400, 401, 403, 404, 405, 429, 500, 503}) {
    server_.At("/x", Answers(status, "text"));
    const HttpOutcome outcome = Perform(Get(server_.url() + "/x"));
    EXPECT_STREQ(NameOf(outcome.fault), "none") << status;
    EXPECT_EQ(outcome.status, status);
  }
}

TEST_F(CurlHttpTest, BodiesAreBytes) {
  const std::string body("a\0b\r\n\xff\x80 {}", 11);
  server_.At("/x", Answers(200, body));
  EXPECT_EQ(Perform(Get(server_.url() + "/x")).body, body);
  server_.At("/x", Answers(200, ""));
  EXPECT_EQ(Perform(Get(server_.url() + "/x")).body, "");
}

TEST_F(CurlHttpTest, GetSaysWhatIsNeededAndNoMore) {
  server_.At("/x", Answers(200, ""));
  HttpRequest request = Get(server_.url() + "/x");
  request.headers = {"X-aws-ec2-metadata-token: AQAEAtoken=="};
  Perform(request);
  ASSERT_EQ(server_.heads().size(), 1U);
  const std::string head = server_.heads().front();
  EXPECT_THAT(head, StartsWith("GET /x HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-aws-ec2-metadata-token: AQAEAtoken==\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nUser-Agent: ec2-instance-connect/" EIC_VERSION "\r\n"));
  for (const char* header :
       {"\r\nx-forwarded-for:", "\r\nauthorization:", "\r\ncookie:", "\r\nproxy-connection:",
        "\r\naccept-encoding:", "\r\nexpect:", "\r\ncontent-length:", "\r\nupgrade:"}) {
    EXPECT_THAT(LowerCase(head), Not(HasSubstr(header)));
  }
}

TEST_F(CurlHttpTest, PutHasAnEmptyBodyThatSaysSo) {
  server_.At("/latest/api/token", Answers(200, "token"));
  HttpRequest request = Get(server_.url() + "/latest/api/token");
  request.method = HttpRequest::Method::kPut;
  request.headers = {"X-aws-ec2-metadata-token-ttl-seconds: 5"};
  EXPECT_EQ(Perform(request).body, "token");
  ASSERT_EQ(server_.heads().size(), 1U);
  const std::string head = server_.heads().front();
  EXPECT_THAT(head, StartsWith("PUT /latest/api/token HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 0\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-aws-ec2-metadata-token-ttl-seconds: 5\r\n"));
  EXPECT_THAT(LowerCase(head), Not(HasSubstr("content-type")));
  EXPECT_THAT(LowerCase(head), Not(HasSubstr("expect:")));
  EXPECT_THAT(LowerCase(head), Not(HasSubstr("transfer-encoding")));
}

TEST_F(CurlHttpTest, GetAfterPutIsAGet) {
  server_.At("/t", fakes::AnswersAndKeepsOpen("token"));
  server_.At("/x", fakes::AnswersAndKeepsOpen("value"));
  HttpRequest put = Get(server_.url() + "/t");
  put.method = HttpRequest::Method::kPut;
  EXPECT_EQ(Perform(put).body, "token");
  EXPECT_EQ(Perform(Get(server_.url() + "/x")).body, "value");
  EXPECT_THAT(server_.requests(), ElementsAre("PUT /t", "GET /x"));
}

TEST_F(CurlHttpTest, PathIsSentAsItIs) {
  const std::string paths[] = {
      "/latest/meta-data/a/../b",
      "/latest/meta-data/./x",
      "/latest/meta-data/..",
      "/latest//meta-data",
      "/a%20b%2Fc%25",
      "/svc@corp.example",
      "/host$",
      "/!$&'()*+,;=:@-._~",
      "/latest/meta-data/signer-ocsp/",
      "/%C3%BC",
  };
  for (const std::string& path : paths) {
    server_.At(path, Answers(200, "here"));
    EXPECT_EQ(Perform(Get(server_.url() + path)).body, "here") << path;
    EXPECT_EQ(server_.requests().back(), "GET " + path);
  }
}

TEST_F(CurlHttpTest, NoRedirectIsFollowed) {
  server_.At("/there", Answers(200, "led astray"));
  server_.At("/x", fakes::Redirects(server_.url() + "/there"));
  const HttpOutcome outcome = Perform(Get(server_.url() + "/x"));
  EXPECT_EQ(outcome.status, 302);
  EXPECT_THAT(server_.requests(), ElementsAre("GET /x"));
}

TEST_F(CurlHttpTest, NothingIsRetried) {
  server_.At("/x", {fakes::ClosesWithoutAnswer(), Answers(200, "the second time")});
  EXPECT_STREQ(NameOf(Perform(Get(server_.url() + "/x")).fault), "connection lost");
  EXPECT_THAT(server_.requests(), ElementsAre("GET /x"));
}

TEST_F(CurlHttpTest, NothingIsRetriedOnAConnectionThatStayedOpen) {
  server_.At("/x", {fakes::AnswersAndKeepsOpen("the body"), fakes::ClosesWithoutAnswer(),
                    Answers(200, "the second time")});
  EXPECT_EQ(Perform(Get(server_.url() + "/x")).body, "the body");
  EXPECT_STREQ(NameOf(Perform(Get(server_.url() + "/x")).fault), "connection lost");
  EXPECT_THAT(server_.requests(), ElementsAre("GET /x", "GET /x"));
}

TEST_F(CurlHttpTest, EnvironmentNamesNoProxy) {
  const fakes::RawServer proxy;
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
    setenv(name, proxy.url().c_str(), 1);
  }
  server_.At("/x", Answers(200, "direct"));
  EXPECT_EQ(Perform(Get(server_.url() + "/x")).body, "direct");
  EXPECT_EQ(proxy.connections(), 0U);
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) unsetenv(name);
}

TEST_F(CurlHttpTest, SpeaksNothingButHttp) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
                          "dict://127.0.0.1/", "https://127.0.0.1/"}) {
    const HttpOutcome outcome = Perform(Get(url));
    EXPECT_STRNE(NameOf(outcome.fault), "none") << url;
    EXPECT_EQ(outcome.body, "");
  }
}

TEST_F(CurlHttpTest, OutcomesStandInTheOrderOfTheRequests) {
  server_.At("/slow", fakes::AnswersAfter(milliseconds(100), "slow"));
  server_.At("/fast", Answers(200, "fast"));
  server_.At("/lost", fakes::Resets());
  const std::vector<HttpOutcome> outcomes = http_.PerformAll(
      ForTests::MakeConfined(),
      {Get(server_.url() + "/slow"), Get(server_.url() + "/lost"), Get(server_.url() + "/fast")});
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0].body, "slow");
  EXPECT_STREQ(NameOf(outcomes[1].fault), "connection lost");
  EXPECT_EQ(outcomes[2].body, "fast");
}

TEST_F(CurlHttpTest, FourSlowAnswersTakeAsLongAsOne) {
  const milliseconds kDelay(300);
  std::vector<HttpRequest> requests;
  for (const char* path : {"/1", "/2", "/3", "/4"}) {
    server_.At(path, fakes::AnswersAfter(kDelay, path));
    requests.push_back(Get(server_.url() + path));
  }
  const auto start = std::chrono::steady_clock::now();
  const std::vector<HttpOutcome> outcomes = http_.PerformAll(ForTests::MakeConfined(), requests);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3 * kDelay);
  for (const HttpOutcome& outcome : outcomes) EXPECT_STREQ(NameOf(outcome.fault), "none");
}

TEST_F(CurlHttpTest, MoreRequestsThanConnectionsAllGetTheirAnswer) {
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 16; ++i) {
    const std::string path = "/" + std::to_string(i);
    server_.At(path, Answers(200, path));
    requests.push_back(Get(server_.url() + path));
  }
  const std::vector<HttpOutcome> outcomes = http_.PerformAll(ForTests::MakeConfined(), requests);
  ASSERT_EQ(outcomes.size(), 16U);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(outcomes[i].body, "/" + std::to_string(i));
}

TEST_F(CurlHttpTest, NothingAskedNothingDone) {
  EXPECT_TRUE(http_.PerformAll(ForTests::MakeConfined(), {}).empty());
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(CurlHttpTest, FaultsDoNotSpoilWhatFollows) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(FaultOf(fakes::Resets()), "connection lost");
    EXPECT_EQ(FaultOf(fakes::AnswersAndKeepsOpen("fine")), "none");
    EXPECT_EQ(FaultOf(fakes::EndlessBody()), "too large");
    EXPECT_EQ(FaultOf(Answers(200, "fine")), "none");
  }
}

TEST(CurlHttpIpv6Test, TakesALiteralAddress) {
  fakes::RawServer server(fakes::RawServer::Family::kIpv6);
  EIC_NEEDS(server.IsOpen(), "IPv6 on loopback");
  server.At("/x", Answers(200, "the body"));
  CurlHttp http;
  EXPECT_EQ(http.PerformAll(ForTests::MakeConfined(), {Get(server.url() + "/x")}).front().body,
            "the body");
  EXPECT_THAT(server.heads().front(), HasSubstr("\r\nHost: [::1]:"));
}

}  // namespace
}  // namespace eic
