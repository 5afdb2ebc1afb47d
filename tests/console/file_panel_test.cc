// A panel of files against a page, a browser and a worker that the test plays: a worker that a
// hostile instance has taken over, too.
#include "console/front/file_panel.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "console/limits.h"
#include "tests/console/session_fixture.h"

namespace eic::console {
namespace {

constexpr const char* kGet = R"({"type":"get","path":"/f"})";
constexpr const char* kPut = R"({"type":"put","path":"/f"})";
constexpr std::chrono::milliseconds kBriefly{1};

struct FakeSink : BodySink {
  void Send(std::string bytes) override { pieces.push_back(std::move(bytes)); }
  void Finish() override { is_finished = true; }
  void Cut() override { is_cut = true; }

  std::vector<std::string> pieces;
  bool is_finished = false;
  bool is_cut = false;
};

class FilePanelTest : public SessionTest {
 protected:
  void SetUp() override {
    Begin();
    LogInAsWorker();
    session_worker_ = std::move(worker_);
    panel_ = std::make_shared<FilePanel>(session_, doors_);
    panel_->OnOpen(page_of_files_);
    ASSERT_TRUE(loop_.TurnUntil([this] { return worker_.get() >= 0; }));
    Say(PublicKey{kKeyLine});
    (void)Hear();
    Say(HostKeyShown{HostKeyBlob('h')});
    ASSERT_EQ(Hear(), "L");
    Say(Shell{});
    ASSERT_TRUE(loop_.TurnUntil([this] { return !page_of_files_.LastWith("ready").empty(); }));
  }

  void Asks(const std::string& text) { panel_->OnMessage(text, true); }

  // A download up to the browser that has come for it.
  void Download(std::uint64_t size) {
    Asks(kGet);
    Say(Opened{size});
    loop_.Turn();
    const std::string frame = page_of_files_.LastWith("fetch");
    const std::size_t begin = frame.find(kDownloadsPath);
    ASSERT_NE(begin, std::string::npos);
    const std::size_t id = begin + kDownloadsPath.size();
    const auto download = panel_->Fetch(frame.substr(id, frame.find('"', id) - id));
    ASSERT_TRUE(download);
    browser_ = download->stream;
    browser_->OnOpen(sink_);
  }

  // The panel has ended, and says that the worker was why.
  void ExpectBroken() {
    EXPECT_NE(page_of_files_.close_code, 0);
    EXPECT_NE(page_of_files_.LastWith("worker-failed"), "");
    EXPECT_NE(audit_.back().find("reason=worker-failed"), std::string::npos) << audit_.back();
  }

  Descriptor session_worker_;
  fakes::FakeSocket page_of_files_;
  std::shared_ptr<FilePanel> panel_;
  FakeSink sink_;
  std::shared_ptr<BodyEvents> browser_;
};

TEST_F(FilePanelTest, AWorkerThatReadsNothingOfADownloadEndsThePanel) {
  Download(1'000'000);
  const std::string bytes(64, 'o');
  for (int piece = 0; piece < 5000 && page_of_files_.close_code == 0; ++piece) {
    Say(Output{bytes});
    // It waits while the first one is on its way: there is something to send in the same call.
    Say(Output{bytes});
    loop_.Turn(kBriefly);
    browser_->OnDrained();
  }
  loop_.Turn();
  ExpectBroken();
  EXPECT_TRUE(sink_.is_cut);
}

TEST_F(FilePanelTest, AWorkerThatReadsNothingOfAnUploadEndsThePanel) {
  Asks(kPut);
  Say(Opened{});
  loop_.Turn();
  const std::string two_packets(2 * kFileBlockBytes, 'u');
  std::size_t sent = 0;
  while (sent < 64 * kFileWindowBytes && page_of_files_.close_code == 0) {
    Say(MoreInput{2 * kFileBlockBytes});
    loop_.Turn(kBriefly);
    panel_->OnMessage(two_packets, false);
    sent += two_packets.size();
    loop_.Turn(kBriefly);
  }
  ExpectBroken();
  // What the link's socket holds comes on top.
  EXPECT_LE(sent, kBytesWaitingMax + 1024 * 1024) << "the front keeps what no worker takes";
}

TEST_F(FilePanelTest, APanelMayCloseWhileItsWorkerIsGivenUp) {
  Asks(kPut);
  for (std::size_t i = 0; i < 2 * kPacketsWaitingMax; ++i) Asks(R"({"type":"put-end"})");
  EXPECT_EQ(page_of_files_.close_code, 0) << "the loop says so, later";
  panel_->OnClosed();
  panel_.reset();
  loop_.Turn();
  EXPECT_NE(audit_.back().find("reason=closed"), std::string::npos) << audit_.back();
}

TEST_F(FilePanelTest, AListHasOneFolderAndItsNamesBehindIt) {
  Asks(R"({"type":"list"})");
  Say(Folder{"/d"});
  Say(Names{{{Name::Kind::kFile, 1, 2, "f"}}});
  loop_.Turn();
  EXPECT_EQ(page_of_files_.close_code, 0);
  const std::size_t frames = page_of_files_.texts.size();
  Say(Folder{"/d"});
  loop_.Turn();
  ExpectBroken();
  EXPECT_EQ(page_of_files_.texts.size(), frames + 1) << "the end, and no second folder";
}

TEST_F(FilePanelTest, NamesWithoutAFolderEndThePanel) {
  Asks(R"({"type":"list"})");
  Say(Names{{{Name::Kind::kFile, 1, 2, "f"}}});
  loop_.Turn();
  ExpectBroken();
}

TEST_F(FilePanelTest, WhereTheBytesOfACancelledUploadAreIsTold) {
  Asks(kPut);
  Say(Opened{});
  loop_.Turn();
  Asks(R"({"type":"cancel"})");
  Say(Done{Done::Of::kTransfer, Done::How::kNotRenamed, "left.part"});
  loop_.Turn();
  EXPECT_NE(page_of_files_.LastWith("not-renamed").find("left.part"), std::string::npos);
}

TEST_F(FilePanelTest, ADownloadIsDoneOnceItsLastPieceWasSent) {
  for (const bool is_sent : {true, false}) {
    Download(1000);
    Say(Output{std::string(1000, 'o')});
    Say(Done{Done::Of::kTransfer, Done::How::kDone, ""});
    loop_.Turn();
    ASSERT_FALSE(sink_.pieces.empty());
    EXPECT_EQ(page_of_files_.LastWith("\"type\":\"done\""), "");
    if (is_sent) browser_->OnDrained();
    browser_->OnClosed();
    loop_.Turn();
    const std::string slug = is_sent ? "done" : "stopped";
    EXPECT_NE(page_of_files_.LastWith("\"type\":\"done\"").find("\"slug\":\"" + slug + '"'),
              std::string::npos);
    EXPECT_NE(audit_.back().find("reason=" + slug), std::string::npos) << audit_.back();
    page_of_files_.texts.clear();
  }
}

}  // namespace
}  // namespace eic::console
