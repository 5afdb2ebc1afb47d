// Goal of this test: every reason has a slug of its own, in the form that logs are searched by.
#include "core/reason.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace eic {
namespace {

TEST(Reason, SlugsAreDistinctAndPlain) {
  std::set<std::string_view> slugs;
  const int last = static_cast<int>(Reason::kInternalError);
  for (int i = 0; i <= last; ++i) {
    const std::string_view slug = Slug(static_cast<Reason>(i));
    EXPECT_FALSE(slug.empty()) << i;
    EXPECT_TRUE(slugs.insert(slug).second) << slug;
    EXPECT_TRUE(std::all_of(slug.begin(), slug.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    })) << slug;
  }
}

// The last column of the table of reasons in doc/design.md, by slug.
std::map<std::string, std::string> LoggedByTheDocument() {
  std::map<std::string, std::string> logged;
  std::ifstream document(EIC_SOURCE_DIR "/doc/design.md");
  for (std::string line; std::getline(document, line);) {
    if (line.compare(0, 3, "| `") != 0 || line.size() < 8) continue;
    const std::string slug = line.substr(3, line.find('`', 3) - 3);
    const std::size_t last = line.rfind('|', line.size() - 2);
    logged[slug] = line.substr(last + 2, line.size() - last - 4);
  }
  return logged;
}

TEST(Reason, TheDocumentSaysWhichAreNotLogged) {
  const std::map<std::string, std::string> logged = LoggedByTheDocument();
  for (int i = 0; i <= static_cast<int>(Reason::kInternalError); ++i) {
    const ReasonFacts& facts = FactsOf(static_cast<Reason>(i));
    const auto row = logged.find(std::string(facts.slug));
    ASSERT_NE(row, logged.end()) << facts.slug;
    EXPECT_EQ(row->second == "no", facts.is_ordinary) << facts.slug;
  }
}

}  // namespace
}  // namespace eic
