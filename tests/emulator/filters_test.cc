#include "emulator/api/filters.h"

#include <gtest/gtest.h>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

struct Row {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(Filters, WildcardsMatchAsEc2HasThem) {
  const Row kRows[] = {
      {"web", "web", true},
      {"web", "Web", false},
      {"web", "web-1", false},
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "anything", true},
      {"web-*", "web-", true},
      {"web-*", "web-10", true},
      {"*-prod-*", "a-prod-prod-b", true},
      {"*-prod", "a-prod-b", false},
      {"web?", "web1", true},
      {"web?", "web", true},  // one character, or none
      {"web?", "web12", false},
      {"??b", "b", true},
      {"a*?c", "ac", true},
      {R"(\*amazon\?\\)", R"(*amazon?\)", true},  // the example of EC2's documents
      {R"(\*amazon\?\\)", R"(xamazon?\)", false},
      {R"(a\)", R"(a\)", true},
      {R"(\a)", "a", true},
      {"a.c", "abc", false},
      {"[ab]", "a", false},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(MatchesWildcards(row.pattern, row.text), row.matches)
        << row.pattern << " " << row.text;
  }
}

TEST(Filters, AnEvilPatternTakesNoLongerThanAnother) {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "*a?";
  EXPECT_FALSE(MatchesWildcards(pattern + "b", std::string(256, 'a')));
}

TEST(Filters, OneOfTheValuesHasToMatch) {
  const Filter filter{"tag:Name", {"web-*", "db"}};
  EXPECT_TRUE(Passes(filter, {"x", "db"}));
  EXPECT_FALSE(Passes(filter, {"x"}));
  EXPECT_FALSE(Passes(filter, {}));
  EXPECT_FALSE(Passes({"tag:Name", {}}, {"x"}));
}

TEST(Filters, TheyAreReadInTheirOrder) {
  const auto parsed = ParseFilters(*Form::Parse(
      "Filter.1.Name=a&Filter.1.Value.1=x&Filter.1.Value.2=y&Filter.2.Name=b&Filter.4.Name=c"));
  const auto& filters = std::get<std::vector<Filter>>(parsed);
  ASSERT_EQ(filters.size(), 2U);
  EXPECT_EQ(filters[0].values, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(filters[1].name, "b");
}

TEST(Filters, TooManyValuesAreRefused) {
  std::string form = "Filter.1.Name=instance-id";
  for (std::size_t i = 1; i <= kFilterValuesMax; ++i)
    form += "&Filter.1.Value." + std::to_string(i) + "=a";
  EXPECT_TRUE(std::holds_alternative<std::vector<Filter>>(ParseFilters(*Form::Parse(form))));
  form += "&Filter.2.Name=b&Filter.2.Value.1=a";
  const auto refused = ParseFilters(*Form::Parse(form));
  ASSERT_TRUE(std::holds_alternative<ApiError>(refused));
  EXPECT_EQ(std::get<ApiError>(refused).name, "FilterLimitExceeded");
}

}  // namespace
}  // namespace eic::emulator
