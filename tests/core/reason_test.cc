// Goal of this test: every reason has a slug of its own, in the form that logs are searched by.
#include "core/reason.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
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

}  // namespace
}  // namespace eic
