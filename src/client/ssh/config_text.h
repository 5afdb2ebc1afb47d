// The block of `eic config --install` in the text of ~/.ssh/config: put in and taken out, as pure
// functions. What is taken out leaves the bytes that were there before, as long as nobody edited
// the block or, where the last line had no end, what follows it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "aws/failure.h"

namespace eic::client {

enum class Where {
  // Before the first section that matches every host (`Host *`, `Match all`), and the comment on
  // top
  // of it; where there is none, at the end. So a person's aliases (`Host web` with `HostName
  // i-...`)
  // stand before it, and defaults behind it.
  kBeforeDefaults,
  kTop,
};

// `text` with the block, which includes `include_word` (ConfigPath's). `text` has no block yet.
// `is_new_file`: there was no file, and taking the block out leaves none.
std::string WithBlock(const std::string& text, const std::string& include_word, Where where,
                      bool is_new_file);

struct WithoutBlockResult {
  std::string text;
  bool had_block = false;
  bool was_new_file = false;  // and nothing else is in it now
};

// Fails with `BadConfiguration` where the block has no end.
aws::Outcome<WithoutBlockResult> WithoutBlock(const std::string& text);

// A setting above the block that ssh takes in its place.
struct EarlierSetting {
  std::size_t line = 0;  // from 1
  std::string text;
  bool is_for_every_host = false;  // in no section, or in one that matches every host
};

// The first line above the block that sets one of `names` (lower case).
std::optional<EarlierSetting> FindAboveBlock(const std::string& text,
                                             const std::vector<std::string>& names);

}  // namespace eic::client
