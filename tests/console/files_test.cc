// The worker's part of files, against an instance that the test plays: honest, or not.
#include "console/worker/files.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "client/signing/wire.h"
#include "console/limits.h"

namespace eic::console {
namespace {

using client::AppendByte;
using client::AppendString;
using client::AppendUint32;
using client::WireReader;

// Types of packets (draft-ietf-secsh-filexfer-02 section 3).
enum : std::uint8_t {
  kOpen = 3,
  kClose = 4,
  kRead = 5,
  kWrite = 6,
  kLstat = 7,
  kSetAttributesOfOpen = 10,
  kOpenFolder = 11,
  kReadFolder = 12,
  kRemove = 13,
  kRealPath = 16,
  kStat = 17,
  kRename = 18,
  kExtended = 200,
};
constexpr std::uint32_t kFileMode = 0100644;
constexpr std::uint32_t kFolderMode = 0040755;
constexpr std::uint32_t kPipeMode = 0010644;

struct Asked {
  std::uint8_t type = 0;
  std::uint32_t id = 0;
  std::string text;  // the path or handle; of an extended request its name
  std::string rest;
};

std::string Answer(std::uint8_t type, std::uint32_t id, const std::string& body) {
  std::string packet;
  AppendByte(packet, type);
  AppendUint32(packet, id);
  return client::Framed(packet + body);
}

std::string Status(std::uint32_t id, std::uint32_t code) {
  std::string body;
  AppendUint32(body, code);
  AppendString(body, "words");
  AppendString(body, "");
  return Answer(101, id, body);
}

std::string Text(std::uint8_t type, std::uint32_t id, const std::string& text) {
  std::string body;
  AppendString(body, text);
  return Answer(type, id, body);
}
std::string Handle(std::uint32_t id) { return Text(102, id, "handle"); }
std::string Data(std::uint32_t id, const std::string& bytes) { return Text(103, id, bytes); }

void AppendAttributes(std::string& body, std::uint64_t size, std::uint32_t mode) {
  AppendUint32(body, 1 | 4);
  AppendUint32(body, static_cast<std::uint32_t>(size >> 32));
  AppendUint32(body, static_cast<std::uint32_t>(size));
  AppendUint32(body, mode);
}

std::string Attributes(std::uint32_t id, std::uint64_t size, std::uint32_t mode) {
  std::string body;
  AppendAttributes(body, size, mode);
  return Answer(105, id, body);
}

std::string NamesOf(std::uint32_t id, const std::vector<std::string>& names) {
  std::string body;
  AppendUint32(body, static_cast<std::uint32_t>(names.size()));
  for (const std::string& name : names) {
    AppendString(body, name);
    AppendString(body, "-rw-r--r-- " + name);
    AppendAttributes(body, 3, kFileMode);
  }
  return Answer(104, id, body);
}

std::string Version(const std::string& extension = "posix-rename@openssh.com") {
  std::string body;
  AppendByte(body, 2);
  AppendUint32(body, 3);
  AppendString(body, extension);
  AppendString(body, "1");
  return client::Framed(body);
}

class FilesTest : public testing::Test {
 protected:
  explicit FilesTest(const std::string& extension = "posix-rename@openssh.com") {
    files_.to_instance().clear();
    EXPECT_TRUE(files_.TakeBytes(Version(extension)));
    EXPECT_TRUE(files_.is_ready());
    files_.to_front().clear();
  }

  // What was asked of the instance since the last time.
  std::vector<Asked> TakeAsked() {
    std::vector<Asked> all;
    std::string bytes;
    bytes.swap(files_.to_instance());
    std::string_view left = bytes;
    while (!left.empty()) {
      const auto frame = client::PeekFrame(left, kSftpPacketBytesMax);
      EXPECT_EQ(frame.state, client::Frame::State::kWhole);
      WireReader reader(frame.message);
      Asked asked;
      asked.type = reader.NextByte().value_or(0);
      asked.id = reader.NextUint32().value_or(0);
      asked.text = std::string(reader.NextString().value_or(""));
      asked.rest = std::string(reader.Rest());
      all.push_back(asked);
      left.remove_prefix(frame.bytes);
    }
    return all;
  }
  // The one thing that was asked.
  Asked TakeOne(std::uint8_t type) {
    const std::vector<Asked> all = TakeAsked();
    EXPECT_EQ(all.size(), 1U);
    if (all.empty()) return {};
    EXPECT_EQ(all[0].type, type);
    return all[0];
  }

  // What the front was told since the last time.
  std::vector<ToFront> TakeTold() {
    std::vector<ToFront> all;
    for (const std::string& packet : files_.to_front()) {
      const auto message = ParseToFront(packet);
      EXPECT_TRUE(message) << "no packet of the protocol";
      if (!message) continue;
      if (const auto* output = std::get_if<Output>(&*message)) output_ += output->bytes;
      all.push_back(std::holds_alternative<Output>(*message) ? ToFront{Shell{}} : *message);
    }
    files_.to_front().clear();
    return all;
  }
  // The `done` that was told, as the only one.
  std::optional<Done> TakeDone() {
    std::optional<Done> done;
    for (const ToFront& message : TakeTold()) {
      const auto* one = std::get_if<Done>(&message);
      if (one == nullptr) continue;
      EXPECT_FALSE(done);
      done = *one;
    }
    return done;
  }
  Done::How HowDone() {
    const auto done = TakeDone();
    EXPECT_TRUE(done);
    return done ? done->how : Done::How::kFailed;
  }

  // A get up to its handle.
  void Open(std::uint64_t size) {
    EXPECT_TRUE(files_.Take(Get{"/f"}));
    EXPECT_TRUE(files_.TakeBytes(Attributes(TakeOne(kStat).id, size, kFileMode)));
    EXPECT_TRUE(files_.TakeBytes(Handle(TakeOne(kOpen).id)));
  }
  // A put up to its handle.
  void Create(bool replaces = false) {
    EXPECT_TRUE(files_.Take(Put{replaces, "/d/f"}));
    const std::uint32_t id = TakeOne(kLstat).id;
    EXPECT_TRUE(files_.TakeBytes(replaces ? Attributes(id, 1, 0100751) : Status(id, 2)));
    created_ = TakeOne(kOpen);
    EXPECT_TRUE(files_.TakeBytes(Handle(created_.id)));
    if (replaces) {
      const Asked mode = TakeOne(kSetAttributesOfOpen);
      EXPECT_EQ(mode.text, "handle");
      std::string permissions;
      AppendUint32(permissions, 4);
      AppendUint32(permissions, 0751);
      EXPECT_EQ(mode.rest, permissions) << "an instance's umask narrows those of the open";
      EXPECT_TRUE(files_.TakeBytes(Status(mode.id, mode_status_)));
    }
    EXPECT_TRUE(files_.IsWaiting() == false);
  }

  Files files_{[] { return "random"; }};
  std::string output_;
  Asked created_;
  std::uint32_t mode_status_ = 0;  // what the instance says to it
};

TEST_F(FilesTest, AListLeavesOutWhatIsNoName) {
  ASSERT_TRUE(files_.Take(List{}));
  const Asked real = TakeOne(kRealPath);
  EXPECT_EQ(real.text, ".");
  ASSERT_TRUE(files_.TakeBytes(NamesOf(real.id, {"/home/u"})));
  const Asked open = TakeOne(kOpenFolder);
  EXPECT_EQ(open.text, "/home/u");
  ASSERT_TRUE(files_.TakeBytes(Handle(open.id)));
  ASSERT_TRUE(files_.TakeBytes(
      NamesOf(TakeOne(kReadFolder).id, {".", "..", "", "a/b", "/etc/passwd", std::string("a\0b", 3),
                                        std::string(256, 'n'), "good", "\x1b[31m"})));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kReadFolder).id, 1)));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  const std::vector<ToFront> told = TakeTold();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(std::get<Folder>(told[0]).path, "/home/u");
  const std::vector<Name> names = std::get<Names>(told[1]).names;
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(names[0].name, "good");
  EXPECT_EQ(names[1].name, "\x1b[31m");
  EXPECT_EQ(std::get<Done>(told[2]).how, Done::How::kDone);
}

TEST_F(FilesTest, AnEndlessListEnds) {
  for (const bool has_names : {true, false}) {
    ASSERT_TRUE(files_.Take(List{"/"}));
    ASSERT_TRUE(files_.TakeBytes(NamesOf(TakeOne(kRealPath).id, {"/"})));
    ASSERT_TRUE(files_.TakeBytes(Handle(TakeOne(kOpenFolder).id)));
    std::size_t names = 0;
    std::size_t answers = 0;
    Asked asked = TakeOne(kReadFolder);
    while (asked.type == kReadFolder && answers < 2 * kListAnswersMax) {
      ++answers;
      ASSERT_TRUE(
          files_.TakeBytes(has_names ? NamesOf(asked.id, {"a", "b"}) : NamesOf(asked.id, {})));
      for (const ToFront& message : TakeTold()) {
        if (const auto* one = std::get_if<Names>(&message)) names += one->names.size();
      }
      asked = TakeAsked().at(0);
    }
    EXPECT_EQ(asked.type, kClose);
    EXPECT_EQ(names, has_names ? kListedNamesMax : 0U);
    ASSERT_TRUE(files_.TakeBytes(Status(asked.id, 0)));
    EXPECT_EQ(HowDone(), Done::How::kCutShort);
  }
}

TEST_F(FilesTest, AGetPutsBlocksInOrderAndAsksForWhatIsLacking) {
  const std::uint64_t size = 2 * kFileBlockBytes + 5;
  Open(size);
  EXPECT_TRUE(TakeAsked().empty()) << "nothing is read before the front has room";
  ASSERT_TRUE(files_.Take(MoreOutput{kFileWindowBytes}));
  const std::vector<Asked> reads = TakeAsked();
  ASSERT_EQ(reads.size(), 3U);
  ASSERT_TRUE(files_.TakeBytes(Data(reads[2].id, "12345")));
  ASSERT_TRUE(files_.TakeBytes(Data(reads[1].id, std::string(kFileBlockBytes, 'b'))));
  EXPECT_FALSE(TakeDone());
  EXPECT_EQ(output_, "") << "what comes first waits for what is first";
  ASSERT_TRUE(files_.TakeBytes(Data(reads[0].id, "a")));
  const Asked rest = TakeOne(kRead);
  ASSERT_TRUE(files_.TakeBytes(Data(rest.id, std::string(kFileBlockBytes - 1, 'a'))));
  EXPECT_FALSE(TakeDone());
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  EXPECT_EQ(HowDone(), Done::How::kDone);
  EXPECT_EQ(output_,
            std::string(kFileBlockBytes, 'a') + std::string(kFileBlockBytes, 'b') + "12345");
}

TEST_F(FilesTest, NoMoreIsReadThanTheFrontAllows) {
  Open(std::uint64_t{1} << 40);
  ASSERT_TRUE(files_.Take(MoreOutput{2 * kFileBlockBytes + 1}));
  EXPECT_EQ(TakeAsked().size(), 2U);
  ASSERT_TRUE(files_.Take(MoreOutput{kFileBlockBytes - 1}));
  EXPECT_EQ(TakeAsked().size(), 1U);
  EXPECT_FALSE(files_.Take(MoreOutput{3 * kFileWindowBytes}));
}

TEST_F(FilesTest, ASizeThatLiesIsNoBytesMore) {
  Open(4);
  ASSERT_TRUE(files_.Take(MoreOutput{kFileWindowBytes}));
  EXPECT_FALSE(files_.TakeBytes(Data(TakeOne(kRead).id, "12345"))) << "more than was asked for";
}

TEST_F(FilesTest, AFileThatEndsBeforeItsSizeHasChanged) {
  Open(10);
  ASSERT_TRUE(files_.Take(MoreOutput{kFileWindowBytes}));
  ASSERT_TRUE(files_.TakeBytes(Data(TakeOne(kRead).id, "1234")));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kRead).id, 1)));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  EXPECT_EQ(HowDone(), Done::How::kChanged);
}

TEST_F(FilesTest, AFileWithoutASizeIsReadToItsEndAndNotForEver) {
  for (const bool ends : {true, false}) {
    Open(0);
    std::uint64_t given = 0;
    std::optional<Done> done;
    for (int round = 0; !done && round < 10000; ++round) {
      ASSERT_TRUE(files_.Take(MoreOutput{kFileBlockBytes}));
      for (const Asked& asked : TakeAsked()) {
        if (asked.type == kClose) {
          ASSERT_TRUE(files_.TakeBytes(Status(asked.id, 0)));
          done = TakeDone();
          break;
        }
        if (ends && given > 0) {
          ASSERT_TRUE(files_.TakeBytes(Status(asked.id, 1)));
        } else {
          WireReader reader(asked.rest);
          (void)reader.NextUint32();
          (void)reader.NextUint32();
          const std::uint32_t bytes = reader.NextUint32().value_or(0);
          given += bytes;
          ASSERT_TRUE(files_.TakeBytes(Data(asked.id, std::string(bytes, 'x'))));
        }
        EXPECT_FALSE(TakeDone());
      }
    }
    ASSERT_TRUE(done);
    EXPECT_EQ(done->how, ends ? Done::How::kDone : Done::How::kTooLarge);
    EXPECT_LE(given, kUnsizedBytesMax + 2 * kFileBlockBytes);
  }
}

TEST_F(FilesTest, WhatIsNoFileIsNotOpened) {
  struct Row {
    std::uint32_t mode;
    Done::How how;
  };
  for (const Row& row : {Row{kPipeMode, Done::How::kNotFile},
                         Row{kFolderMode, Done::How::kIsFolder}, Row{0, Done::How::kNotFile}}) {
    ASSERT_TRUE(files_.Take(Get{"/f"}));
    ASSERT_TRUE(files_.TakeBytes(Attributes(TakeOne(kStat).id, 1, row.mode)));
    EXPECT_TRUE(TakeAsked().empty());
    EXPECT_EQ(HowDone(), row.how);
  }
}

TEST_F(FilesTest, APutTakesItsNameLast) {
  Create();
  EXPECT_EQ(created_.text, "/d/.eic-upload-random.part");
  ASSERT_TRUE(files_.Take(Input{"abc"}));
  ASSERT_TRUE(files_.Take(PutEnd{}));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kWrite).id, 0)));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  const Asked rename = TakeOne(kRename);
  EXPECT_EQ(rename.text, "/d/.eic-upload-random.part");
  ASSERT_TRUE(files_.TakeBytes(Status(rename.id, 0)));
  EXPECT_EQ(HowDone(), Done::How::kDone);
}

TEST_F(FilesTest, APutReplacesOnlyWhatItWasToldTo) {
  ASSERT_TRUE(files_.Take(Put{false, "/d/f"}));
  ASSERT_TRUE(files_.TakeBytes(Attributes(TakeOne(kLstat).id, 1, kFileMode)));
  EXPECT_TRUE(TakeAsked().empty());
  EXPECT_EQ(HowDone(), Done::How::kExists);

  Create(true);
  std::string attributes;
  AppendUint32(attributes, 0x2a);  // write, create, and new
  AppendUint32(attributes, 4);
  AppendUint32(attributes, 0751);
  EXPECT_EQ(created_.rest, attributes) << "the permissions of the old file";
  ASSERT_TRUE(files_.Take(PutEnd{}));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  const Asked rename = TakeOne(kExtended);
  EXPECT_EQ(rename.text, "posix-rename@openssh.com");
  ASSERT_TRUE(files_.TakeBytes(Status(rename.id, 0)));
  EXPECT_EQ(HowDone(), Done::How::kDone);

  for (const std::uint32_t mode : {kFolderMode, kPipeMode, 0120777U}) {
    ASSERT_TRUE(files_.Take(Put{true, "/d/f"}));
    ASSERT_TRUE(files_.TakeBytes(Attributes(TakeOne(kLstat).id, 1, mode)));
    EXPECT_TRUE(TakeAsked().empty());
    EXPECT_EQ(HowDone(), mode == kFolderMode ? Done::How::kIsFolder : Done::How::kNotFile);
  }
}

TEST_F(FilesTest, APutThatFailsTakesItsPartAway) {
  struct Row {
    const char* what;
    std::uint8_t fails;
  };
  for (const Row& row : {Row{"a full disk", kWrite}, Row{"a full disk, as close says", kClose},
                         Row{"a name that came meanwhile", kRename}}) {
    Create();
    ASSERT_TRUE(files_.Take(Input{"abc"}));
    ASSERT_TRUE(files_.Take(Input{"def"}));
    ASSERT_TRUE(files_.Take(PutEnd{}));
    std::vector<Asked> asked = TakeAsked();
    while (!asked.empty() && asked[0].type != kRemove) {
      for (const Asked& one : asked) {
        ASSERT_TRUE(files_.TakeBytes(Status(one.id, one.type == row.fails ? 4 : 0)));
      }
      asked = TakeAsked();
    }
    ASSERT_EQ(asked.size(), 1U) << row.what;
    EXPECT_EQ(asked[0].text, "/d/.eic-upload-random.part");
    EXPECT_FALSE(TakeDone()) << row.what;
    ASSERT_TRUE(files_.TakeBytes(Status(asked[0].id, 0)));
    EXPECT_EQ(HowDone(), Done::How::kFailed) << row.what;
  }
}

TEST_F(FilesTest, MoreInputThanWasAllowedIsABreach) {
  Create();
  const std::string block(kPacketBytesMax, 'x');
  for (std::size_t i = 0; i < kFileWindowBytes / kPacketBytesMax; ++i) {
    ASSERT_TRUE(files_.Take(Input{block}));
  }
  EXPECT_FALSE(files_.Take(Input{"x"}));
}

TEST_F(FilesTest, WhatIsNoAnswerIsABreach) {
  EXPECT_FALSE(files_.TakeBytes(Status(7, 0))) << "nothing was asked";
  Files other([] { return "random"; });
  EXPECT_FALSE(other.TakeBytes("Welcome to web-1!\n")) << "a start file that prints";
  Files third([] { return "random"; });
  EXPECT_FALSE(third.TakeBytes(std::string("\0\4\0\1", 4) + std::string(20, 'x'))) << "too long";
  Files fourth([] { return "random"; });
  EXPECT_TRUE(fourth.TakeBytes(Version().substr(0, 7)));
  EXPECT_TRUE(fourth.TakeBytes(Version().substr(7)));
  EXPECT_TRUE(fourth.is_ready());
  EXPECT_TRUE(fourth.Take(List{"/"}));
  EXPECT_FALSE(fourth.Take(List{"/"})) << "one list at a time";
}

// Answers all that is asked, as an instance with one file does.
std::string Honest(const Asked& asked) {
  switch (asked.type) {
    case kStat:
      return Attributes(asked.id, 3 * kFileBlockBytes, kFileMode);
    case kLstat:
      return Status(asked.id, 2);
    case kOpen:
      return Handle(asked.id);
    case kRead:
      return Data(asked.id, std::string(kFileBlockBytes, 'x'));
    default:
      return Status(asked.id, 0);
  }
}

TEST_F(FilesTest, ATransferThatIsCancelledAtAnyTimeEndsOnceAndAnotherOneCanBegin) {
  for (const bool is_put : {false, true}) {
    for (int when = 0; when < 12; ++when) {
      ASSERT_TRUE(files_.Take(is_put ? ToWorker{Put{false, "/d/f"}} : ToWorker{Get{"/f"}}));
      if (!is_put) {
        ASSERT_TRUE(files_.Take(MoreOutput{kFileWindowBytes}));
      }
      int answers = 0;
      std::size_t ends = 0;
      std::size_t created = 0;
      std::size_t removed = 0;
      if (when == 0) {
        ASSERT_TRUE(files_.Take(Cancel{}));
      }
      for (std::vector<Asked> asked = TakeAsked(); !asked.empty(); asked = TakeAsked()) {
        for (const Asked& one : asked) {
          created += one.type == kOpen ? 1U : 0U;
          removed += one.type == kRemove || one.type == kRename ? 1U : 0U;
          ASSERT_TRUE(files_.TakeBytes(Honest(one)));
          for (const ToFront& message : TakeTold()) {
            ends += std::holds_alternative<Done>(message) ? 1U : 0U;
            const bool has_room = std::holds_alternative<MoreInput>(message);
            if (!is_put || !has_room) continue;
            ASSERT_TRUE(files_.Take(Input{"abc"}));
            ASSERT_TRUE(files_.Take(answers < 4 ? ToWorker{Input{"d"}} : ToWorker{PutEnd{}}));
          }
          if (++answers == when) {
            ASSERT_TRUE(files_.Take(Cancel{}));
          }
        }
        if (answers > 100) break;
      }
      if (ends == 0) {
        // It was cancelled behind its last answer, or waits for more of the file.
        ASSERT_TRUE(files_.Take(Cancel{}));
        for (std::vector<Asked> asked = TakeAsked(); !asked.empty(); asked = TakeAsked()) {
          for (const Asked& one : asked) {
            removed += one.type == kRemove ? 1U : 0U;
            ASSERT_TRUE(files_.TakeBytes(Honest(one)));
          }
        }
        ends += TakeDone() ? 1U : 0U;
      }
      EXPECT_EQ(ends, 1U) << "cancelled after " << when << " answers";
      if (is_put) {
        EXPECT_EQ(created, removed) << "cancelled after " << when << " answers";
      }
      EXPECT_FALSE(files_.HasTransfer());
      EXPECT_FALSE(files_.IsWaiting());
    }
  }
}

TEST_F(FilesTest, AnEmptyHandleIsABreach) {
  ASSERT_TRUE(files_.Take(Put{false, "/d/f"}));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kLstat).id, 2)));
  EXPECT_FALSE(files_.TakeBytes(Text(102, TakeOne(kOpen).id, "")));
}

TEST_F(FilesTest, AnEmptyHandleOfAFolderIsABreach) {
  ASSERT_TRUE(files_.Take(List{"/"}));
  ASSERT_TRUE(files_.TakeBytes(NamesOf(TakeOne(kRealPath).id, {"/"})));
  EXPECT_FALSE(files_.TakeBytes(Text(102, TakeOne(kOpenFolder).id, "")));
}

class OldServerTest : public FilesTest {
 protected:
  OldServerTest() : FilesTest("other@example.com") {}
};

TEST_F(OldServerTest, WithoutARenameOverAFileTheOldOneIsRemovedFirst) {
  Create(true);
  ASSERT_TRUE(files_.Take(PutEnd{}));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  const Asked removed = TakeOne(kRemove);
  EXPECT_EQ(removed.text, "/d/f");
  ASSERT_TRUE(files_.TakeBytes(Status(removed.id, 0)));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kRename).id, 0)));
  EXPECT_EQ(HowDone(), Done::How::kDone);
}

TEST_F(OldServerTest, TheNewFileStaysWhereTheOldOneIsRemovedAndTheRenameFails) {
  Create(true);
  ASSERT_TRUE(files_.Take(PutEnd{}));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kRemove).id, 0)));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kRename).id, 4)));
  EXPECT_TRUE(TakeAsked().empty()) << "it is the only copy";
  const auto done = TakeDone();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->how, Done::How::kNotRenamed);
  EXPECT_EQ(done->words, ".eic-upload-random.part");
  EXPECT_FALSE(files_.HasTransfer());
}

TEST_F(OldServerTest, AnOldFileThatCannotBeRemovedStays) {
  mode_status_ = 4;  // nor can its permissions be had
  Create(true);
  ASSERT_TRUE(files_.Take(PutEnd{}));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kClose).id, 0)));
  ASSERT_TRUE(files_.TakeBytes(Status(TakeOne(kRemove).id, 3)));
  const Asked part = TakeOne(kRemove);
  EXPECT_EQ(part.text, "/d/.eic-upload-random.part");
  ASSERT_TRUE(files_.TakeBytes(Status(part.id, 0)));
  EXPECT_EQ(HowDone(), Done::How::kNotPermitted);
}

}  // namespace
}  // namespace eic::console
