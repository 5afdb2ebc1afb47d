// What a test needs of the machine. Where EIC_REQUIRE_ALL is set, as in CI, a machine that lacks it
// is a failure and not a test left out.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

#define EIC_NEEDS(condition, what)                                                          \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      if (std::getenv("EIC_REQUIRE_ALL") != nullptr) FAIL() << "this machine lacks: " what; \
      GTEST_SKIP() << "this machine lacks: " what;                                          \
    }                                                                                       \
  } while (false)
