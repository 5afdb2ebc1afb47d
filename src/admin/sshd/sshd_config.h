// Which line sets the command: reads sshd_config and the files that it includes for our two
// keywords and for the place of each value. sshd itself says what is in effect (admin/sshd/sshd.h).
// This says where that is set, and decides only if sshd cannot be run. If the two differ, sshd is
// right; tests/admin/sshd/reading_test.cc compares them.
//
// admin/sshd/sshd_words.h divides a line into words. sshd_config(5): the first value wins; a Match
// block extends to the next one or to the end of the file; an included file is read at the place of
// its Include; a value in a Match block that applies overrides those outside.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/files/tree.h"
#include "admin/sshd/sshd_words.h"

namespace eic::admin {

struct Place {
  std::string file;
  std::size_t line = 0;  // from 1; 0: the file as a whole

  std::string Text() const { return line == 0 ? file : file + ":" + std::to_string(line); }
};

struct Setting {
  enum class Keyword { kCommand, kUser } keyword = Keyword::kCommand;
  std::string value;
  Place place;
  // Index in SshdConfig::match_blocks; none outside all blocks.
  std::optional<std::size_t> match_block;
};

struct MatchBlock {
  // Without a comment; of an Include inside a Match: both, one after the other.
  std::string criteria;
  std::vector<std::string> words;  // the same, as sshd divides them
  Place place;
};

struct SshdConfig {
  std::vector<Setting> settings;  // in the order in which sshd reads them
  std::vector<MatchBlock> match_blocks;
  std::vector<std::string> files;  // each that was read, main file first
  // Those of them that are read outside of Match blocks, and so for all logins.
  std::vector<std::string> files_for_all;
  // True if Include goes deeper than sshd follows, as in a circle. sshd rejects such a
  // configuration, and the rest was not read.
  bool is_too_deep = false;

  bool ReadsForAll(std::string_view path) const;
};

SshdConfig ReadSshdConfig(const Tree& tree, const std::string& main_file);

// What is in effect for a login to which no Match block except `Match all` applies. nullopt:
// nothing is set.
std::optional<Setting> WinningSetting(const SshdConfig& config, Setting::Keyword keyword);

// Whether a block is a `Match all`, in blocks of that kind alone.
bool AppliesToAll(const MatchBlock& block);

// The files that an Include line reads, in order. `rest`: of its ConfigLine.
std::vector<std::string> IncludedFiles(const Tree& tree, std::string_view rest);

// The lines of a text without their line feeds; the last line may lack one.
std::vector<std::string_view> SplitLines(std::string_view text);

}  // namespace eic::admin
