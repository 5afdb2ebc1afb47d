#include "console/link/packet.h"

#include <gtest/gtest.h>

#include "console/limits.h"

namespace eic::console {
namespace {

template <typename T, typename V>
T Only(const std::optional<V>& message) {
  EXPECT_TRUE(message && std::holds_alternative<T>(*message));
  if (!message || !std::holds_alternative<T>(*message)) return T{};
  return std::get<T>(*message);
}

TEST(Packet, EachKindComesBackAsItWasPrinted) {
  const std::string begin = Print(ToWorker{Begin{"ec2-user", "ssh-ed25519", "C.UTF-8", 80, 24}});
  EXPECT_EQ(Only<Begin>(ParseToWorker(begin)).user, "ec2-user");
  EXPECT_EQ(Only<Begin>(ParseToWorker(begin)).rows, 24U);
  EXPECT_EQ(Print(*ParseToWorker(begin)), begin);
  for (const ToWorker& message :
       {ToWorker{LogIn{}}, ToWorker{Input{"ls\r"}}, ToWorker{Size{100, 30}},
        ToWorker{MoreOutput{512}}, ToWorker{End{}}, ToWorker{List{}}, ToWorker{List{"/etc"}},
        ToWorker{Get{"/etc/\xff"}}, ToWorker{Put{true, "/a"}}, ToWorker{PutEnd{}},
        ToWorker{Cancel{}}}) {
    const std::string packet = Print(message);  // what is parsed borrows from it
    const auto parsed = ParseToWorker(packet);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->index(), message.index());
    EXPECT_EQ(Print(*parsed), Print(message));
  }
  for (const ToFront& message :
       {ToFront{PublicKey{"ssh-ed25519 AAAA"}}, ToFront{HostKeyShown{std::string("\0\1", 2)}},
        ToFront{Shell{}}, ToFront{Output{"a"}}, ToFront{MoreInput{1}},
        ToFront{Exit{Exit::How::kSignalled, 0, "KILL"}},
        ToFront{Exit{Exit::How::kPartial, 0, "more"}}, ToFront{Folder{"/home"}},
        ToFront{Names{{{Name::Kind::kLink, std::uint64_t{1} << 40, 7, "a\n"},
                       {Name::Kind::kOther, 0, 0, "..."}}}},
        ToFront{Opened{}}, ToFront{Opened{std::uint64_t{5} << 32}},
        ToFront{Done{Done::Of::kTransfer, Done::How::kFailed, "Failure"}},
        ToFront{Done{Done::Of::kTransfer, Done::How::kNotRenamed, "x.part"}}}) {
    const std::string packet = Print(message);
    const auto parsed = ParseToFront(packet);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->index(), message.index());
    EXPECT_EQ(Print(*parsed), Print(message));
  }
}

TEST(Packet, WhatIsNotTheGrammarIsNothing) {
  const std::string size = Print(ToWorker{Size{80, 24}});
  const std::string begin = Print(ToWorker{Begin{"u", "", "", 80, 24}});
  const auto name = [](const std::string& text) {
    return Print(ToFront{Names{{{Name::Kind::kFile, 1, 2, text}}}});
  };
  struct Row {
    const char* defect;
    std::string packet;
  };
  const Row rows[] = {
      {"empty", ""},
      {"an unknown kind", "?"},
      {"a front's kind", Print(ToFront{Shell{}})},
      {"log-in with more", "Lx"},
      {"input of nothing", "I"},
      {"a size cut short", size.substr(0, size.size() - 1)},
      {"a size with more", size + "x"},
      {"no columns", Print(ToWorker{Size{0, 24}})},
      {"too many rows", Print(ToWorker{Size{80, kRowsMax + 1}})},
      {"no bytes of output", Print(ToWorker{MoreOutput{0}})},
      {"end with more", "Ex"},
      {"a user of 257 bytes", Print(ToWorker{Begin{std::string(257, 'u'), "", "", 80, 24}})},
      {"a begin of neither", begin.substr(0, begin.size() - 1) + "\2"},
      {"a path that is none", Print(ToWorker{Get{"etc"}})},
      {"a get of nothing", Print(ToWorker{Get{""}})},
      {"a path with a NUL", Print(ToWorker{List{std::string("/a\0b", 4)}})},
      {"a path that is too long", Print(ToWorker{Get{"/" + std::string(kPathBytesMax, 'p')}})},
      {"a put that half replaces", std::string("p\2\0\0\0\2/a", 8)},
      {"cancel with more", "cx"},
      {"put-end with more", "zx"},
      {"more input than a packet has", "I" + std::string(kPacketBytesMax + 1, 'x')},
  };
  for (const Row& row : rows) EXPECT_FALSE(ParseToWorker(row.packet)) << row.defect;
  const Row front_rows[] = {
      {"empty", ""},
      {"a worker's kind", Print(ToWorker{End{}})},
      {"a key that ends early", std::string("K\0\0\0\5abc", 8)},
      {"a key with more", Print(ToFront{PublicKey{"k"}}) + "x"},
      {"shell with more", "Rx"},
      {"output of nothing", "D"},
      {"too much output", "D" + std::string(kPacketBytesMax + 1, 'x')},
      {"no input allowed", Print(ToFront{MoreInput{0}})},
      {"an unknown way to end", std::string("X\11\0\0\0\0\0\0\0\0", 10)},
      {"an end cut short", "X"},
      {"a folder that is no path", Print(ToFront{Folder{"~"}})},
      {"no names", "n"},
      {"an unknown kind of name", "n\4" + name("a").substr(2)},
      {"an empty name", name("")},
      {"this folder", name(".")},
      {"the folder above", name("..")},
      {"a name with a slash", name("../.ssh/authorized_keys")},
      {"a name with a NUL", name(std::string("a\0", 2))},
      {"a name that is too long", name(std::string(256, 'n'))},
      {"names cut short", name("ab").substr(0, name("ab").size() - 1)},
      {"no size, and one", std::string("o\0\0\0\0\0\0\0\0\1", 10)},
      {"an end of neither", std::string("d\2\0\0\0\0\0", 7)},
      {"an unknown end", std::string("d\0\14\0\0\0\0", 7)},
      {"words of 257 bytes", std::string("d\0\0\0\0\1\1", 7) + std::string(257, 'w')},
      {"a host key that is too long", Print(ToFront{HostKeyShown{std::string(5000, 'k')}})},
  };
  for (const Row& row : front_rows) EXPECT_FALSE(ParseToFront(row.packet)) << row.defect;
}

TEST(Packet, WordsOfAnExitAreCut) {
  const auto parsed =
      ParseToFront(Print(ToFront{Exit{Exit::How::kCut, 0, std::string(9000, 'w')}}));
  EXPECT_EQ(Only<Exit>(parsed).words.size(), kWordsBytesMax);
}

}  // namespace
}  // namespace eic::console
