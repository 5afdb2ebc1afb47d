// What a server can do to a client, and what the client makes of it.
#include <sched.h>
#include <unistd.h>

#include "core/limits.h"
#include "tests/fakes/child_process.h"
#include "tests/fakes/needs.h"
#include "tests/fakes/silent_listener.h"
#include "tests/host/curl_fixture.h"

namespace eic {
namespace {

using namespace fakes;  // the behaviours
using std::chrono::milliseconds;

constexpr milliseconds kShort{200};
constexpr milliseconds kLateMax{1500};  // for a host under load; a hang would last for ever

TEST_F(CurlHttpTest, EndedTooEarly) {
  EXPECT_EQ(FaultOf(Resets()), "connection lost");
  EXPECT_EQ(FaultOf(ResetsInBody()), "connection lost");
  EXPECT_EQ(FaultOf(ClosesWithoutAnswer()), "connection lost");
  EXPECT_EQ(FaultOf(Truncates("the first part", 100)), "connection lost");
  EXPECT_EQ(FaultOf(TruncatesChunks()), "connection lost");
}

TEST_F(CurlHttpTest, NotHttp) {
  EXPECT_EQ(FaultOf(Garbage()), "malformed");
  EXPECT_EQ(FaultOf(BadLength()), "malformed");
}

// libcurl reports a chunk size that is no number as a failure to receive.
TEST_F(CurlHttpTest, ChunksThatAreNone) { EXPECT_EQ(FaultOf(BadChunkSize()), "connection lost"); }

TEST_F(CurlHttpTest, FloodsEndAtTheirLimit) {
  const struct {
    const char* name;
    Behaviour behaviour;
  } kRows[] = {
      {"header lines", HeaderFlood()},
      {"100 Continue", ContinueFlood()},
      {"trailers", TrailerFlood()},
      {"chunks", EndlessChunks()},
      {"a body without a length", EndlessBody()},
      {"a body of a length that is too much", EndlessBodyOfLength(std::size_t{1} << 40)},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(FaultOf(row.behaviour), "too large");
  }
}

TEST_F(CurlHttpTest, EndlessHeaderLineEndsAtALimit) {
  EXPECT_EQ(FaultOf(EndlessHeaderLine()), "too large");
}

TEST_F(CurlHttpTest, EndlessChunkExtensionEndsInTime) {
  EXPECT_NE(FaultOf(EndlessChunkExtension()), "none");
  EXPECT_LT(took_, milliseconds(2000) + kLateMax);
}

TEST_F(CurlHttpTest, BodyLimitIsExact) {
  EXPECT_EQ(FaultOf(Answers(200, std::string(1000, 'x')), 1000), "none");
  EXPECT_EQ(FaultOf(Answers(200, std::string(1001, 'x')), 1000), "too large");
  EXPECT_EQ(FaultOf(AnswersChunked({std::string(999, 'x'), "x"}), 1000), "none");
  EXPECT_EQ(FaultOf(AnswersChunked({std::string(999, 'x'), "xx"}), 1000), "too large");
  EXPECT_EQ(FaultOf(AnswersHttp10(std::string(1001, 'x')), 1000), "too large");
  EXPECT_EQ(FaultOf(Answers(200, std::string(kBlobBytesMax, 'x')), kBlobBytesMax), "none");
}

// Web servers' error pages are larger than most values: the status is what counts.
TEST_F(CurlHttpTest, AnErrorPageIsNoFaultWhateverItsSize) {
  server_.At("/x", Answers(503, std::string(1001, 'x')));
  HttpRequest request = Get(server_.url() + "/x");
  request.body_bytes_max = 1000;
  const HttpOutcome outcome = Perform(request);
  EXPECT_STREQ(NameOf(outcome.fault), "none");
  EXPECT_EQ(outcome.status, 503);
  EXPECT_EQ(outcome.body, "");
}

TEST_F(CurlHttpTest, AnErrorPageIsNotWaitedFor) {
  for (const int status : {401, 404, 503}) {
    for (const Behaviour& behaviour : {HangsBeforeBody(status), ClosesBeforeBody(status)}) {
      server_.At("/x", behaviour);
      const HttpOutcome outcome = Perform(Get(server_.url() + "/x"));
      EXPECT_STREQ(NameOf(outcome.fault), "none");
      EXPECT_EQ(outcome.status, status);
    }
  }
}

TEST_F(CurlHttpTest, CodingsOtherThanChunksAreRefused) {
  for (const char* coding :
       {"zstd", "zstd, zstd", "gzip, chunked", "chunked, gzip", "identity", ""}) {
    SCOPED_TRACE(coding);
    EXPECT_EQ(FaultOf(AnswersCoded(coding, "4\r\nbody\r\n0\r\n\r\n")), "malformed");
  }
  EXPECT_EQ(FaultOf(AnswersCoded(" Chunked ", "4\r\nbody\r\n0\r\n\r\n")), "none");
}

TEST_F(CurlHttpTest, SilenceEndsInTime) {
  const struct {
    const char* name;
    Behaviour behaviour;
  } kRows[] = {
      {"no answer", Hangs()},
      {"half the headers", HangsInHeaders()},
      {"half the body", HangsInBody()},
      {"a byte at a time", Drips(milliseconds(20))},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    server_.At("/x", row.behaviour);
    const HttpOutcome outcome = Perform(GetWithin(server_.url() + "/x", kShort));
    EXPECT_STREQ(NameOf(outcome.fault), "timeout");
    EXPECT_EQ(outcome.body, "") << "half a body";
    EXPECT_LT(took_, kLateMax);
  }
}

TEST_F(CurlHttpTest, SilenceOfSomeDoesNotSpoilTheOthers) {
  server_.At("/silent", Hangs());
  server_.At("/x", Answers(200, "the body"));
  const std::vector<HttpOutcome> outcomes = http_.PerformAll(
      ForTests::MakeConfined(), {GetWithin(server_.url() + "/silent", kShort),
                                 GetWithin(server_.url() + "/x", milliseconds(2000))});
  EXPECT_STREQ(NameOf(outcomes[0].fault), "timeout");
  EXPECT_EQ(outcomes[1].body, "the body");
}

TEST_F(CurlHttpTest, FullConnectionsOfSilenceEndInTime) {
  server_.At("/silent", Hangs());
  const std::vector<HttpRequest> requests(16, GetWithin(server_.url() + "/silent", kShort));
  const auto start = std::chrono::steady_clock::now();
  const std::vector<HttpOutcome> outcomes = http_.PerformAll(ForTests::MakeConfined(), requests);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLateMax);
  for (const HttpOutcome& outcome : outcomes) EXPECT_STRNE(NameOf(outcome.fault), "none");
}

// A server that would keep the connection open is asked over a new one, so that silence is told
// from a connect that timed out.
TEST_F(CurlHttpTest, SilenceAfterAnAnswerIsNoConnectTimeout) {
  server_.At("/x", {AnswersAndKeepsOpen("the body"), Hangs()});
  EXPECT_EQ(Perform(Get(server_.url() + "/x")).body, "the body");
  const HttpOutcome outcome = Perform(GetWithin(server_.url() + "/x", kShort));
  EXPECT_EQ(server_.connections(), 2U);
  EXPECT_STREQ(NameOf(outcome.fault), "timeout");
}

TEST_F(CurlHttpTest, NobodyListens) {
  const HttpOutcome outcome = Perform(Get(RefusingUrl() + "/x"));
  EXPECT_STREQ(NameOf(outcome.fault), "connect failed");
  EXPECT_EQ(outcome.detail, "Connection refused");
}

TEST_F(CurlHttpTest, NobodyAnswersTheConnect) {
  const SilentListener silent;
  EIC_NEEDS(silent.IsSilent(), "a kernel that holds the listen backlog");
  HttpRequest request = Get(silent.url() + "/x");
  request.connect_time_max = kShort;
  const HttpOutcome outcome = Perform(request);
  EXPECT_STREQ(NameOf(outcome.fault), "connect timeout");
  EXPECT_LT(took_, kLateMax);

  request.connect_time_max = milliseconds(2000);
  request.time_max = kShort;
  EXPECT_STREQ(NameOf(Perform(request).fault), "connect timeout") << "the whole time is shorter";
}

// In a network namespace of its own, where even the loopback interface is down.
TEST(CurlHttpRouteTest, NoRoute) {
  constexpr int kSkipped = 77;
  const Ended ended = RunForked(
      [] {
        // root needs no user namespace, and in a chroot can have none.
        if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
          _exit(kSkipped);
        }
        CurlHttp http;
        const auto outcomes = http.PerformAll(
            ForTests::MakeConfined(), {Get("http://127.0.0.1:9/x"), Get("http://[::1]:9/x")});
        for (const HttpOutcome& outcome : outcomes) {
          if (outcome.fault != HttpOutcome::Fault::kNoRoute) {
            _exit(1 + static_cast<int>(outcome.fault));
          }
        }
      },
      kLateMax);
  EIC_NEEDS(ended.status != kSkipped, "namespaces for this user");
  EXPECT_FALSE(ended.was_late);
  EXPECT_EQ(ended.status, 0);
}

}  // namespace
}  // namespace eic
