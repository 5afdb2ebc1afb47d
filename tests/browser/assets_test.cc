// The page as the build has embedded it.
#include "console/page/assets.h"

#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <string>
#include <string_view>

namespace eic::console {
namespace {

constexpr const char* kOfBothPages[] = {
    "index.html",          "terminal.html",       "common.css",       "instances.css",
    "terminal.css",        "instances.mjs",       "terminal.mjs",     "xterm.mjs",
    "xterm.css",           "addon-fit.mjs",       "addon-search.mjs", "addon-serialize.mjs",
    "addon-unicode11.mjs", "addon-web-links.mjs", "icon.svg"};

std::string HexOf(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    hex += kDigits[value >> 4U];
    hex += kDigits[value & 15U];
  }
  return hex;
}

std::string Sha256Of(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return HexOf(digest);
}

TEST(Assets, EveryFileIsThereWithItsHash) {
  for (const char* name : kOfBothPages) {
    SCOPED_TRACE(name);
    const Asset* asset = FindAsset(name);
    ASSERT_NE(asset, nullptr);
    EXPECT_EQ(asset->name, name);
    EXPECT_EQ(asset->hash, Sha256Of(asset->bytes));
    if (!asset->gzip_bytes.empty()) {
      EXPECT_LT(asset->gzip_bytes.size(), asset->bytes.size());
      // Method deflate, no flags, no time: every build has the same bytes.
      EXPECT_EQ(asset->gzip_bytes.substr(0, 8), std::string_view("\x1f\x8b\x08\0\0\0\0\0", 8));
    }
  }
}

TEST(Assets, NamesAreComparedWhole) {
  for (const char* name : {"", "/index.html", "index.htm", "index.html?", "../index.html",
                           "package.json", "INDEX.HTML"}) {
    EXPECT_EQ(FindAsset(name), nullptr) << name;
  }
}

TEST(Assets, TypesAreThoseThatABrowserAsksFor) {
  EXPECT_EQ(FindAsset("index.html")->type, "text/html; charset=utf-8");
  EXPECT_EQ(FindAsset("xterm.mjs")->type, "text/javascript; charset=utf-8");
  EXPECT_EQ(FindAsset("xterm.css")->type, "text/css; charset=utf-8");
  EXPECT_EQ(FindAsset("icon.svg")->type, "image/svg+xml");
}

// What a browser fetches for a terminal, compressed.
TEST(Assets, ThePageIsSmall) {
  std::size_t bytes = 0;
  for (const char* name : kOfBothPages) {
    const Asset* asset = FindAsset(name);
    bytes += asset->gzip_bytes.empty() ? asset->bytes.size() : asset->gzip_bytes.size();
  }
  EXPECT_LT(bytes, 200U * 1000U);
  RecordProperty("compressed_bytes", std::to_string(bytes));
}

}  // namespace
}  // namespace eic::console
