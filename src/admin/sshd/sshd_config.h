// Who sets the command: sshd_config and the files that it includes, read for the two keywords of
// ours and for where each value stands. sshd itself says what counts (admin/sshd.h); this says
// where it comes from, and decides only where sshd cannot be run.
//
//   line     := blank* (keyword separator rest)? | blank* '#' ...
//   separator:= blank+ | blank* '=' blank*
// sshd_config(5): the first value wins; a Match block holds until the next one or the end of the
// file, and an included file is read where it stands; a value in a Match block that applies beats
// those outside.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/files/tree.h"

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
  // Index in SshdConfig::match_blocks; none outside of them.
  std::optional<std::size_t> match_block;
};

struct MatchBlock {
  // Without a comment; of an Include inside a Match: both, one after the other.
  std::string criteria;
  Place place;
};

struct SshdConfig {
  std::vector<Setting> settings;  // in the order in which sshd reads them
  std::vector<MatchBlock> match_blocks;
  std::vector<std::string> files;  // each that was read, main file first
  bool reads_drop_in = false;      // kDropIn, outside of Match blocks
};

SshdConfig ReadSshdConfig(const Tree& tree, const std::string& main_file);

// What counts for a login that no Match block but `Match all` applies to. nullopt: nothing is set.
std::optional<Setting> WinningSetting(const SshdConfig& config, Setting::Keyword keyword);

// The pieces that the reader and the stage share: one line, as sshd splits it.
struct ConfigLine {
  std::string keyword;    // lower case; empty for blank lines and comments
  std::string_view rest;  // borrowed from the line
};
ConfigLine SplitConfigLine(std::string_view line);

// The words of `rest`, double quotes taken away, up to a comment.
std::vector<std::string> SplitConfigWords(std::string_view rest);

// The files that an Include line reads, in order.
std::vector<std::string> IncludedFiles(const Tree& tree, std::string_view rest);

// The lines of a text without their line feeds; the last may have had none.
std::vector<std::string_view> SplitLines(std::string_view text);

}  // namespace eic::admin
