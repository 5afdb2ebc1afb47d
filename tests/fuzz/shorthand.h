// The shorthand of the target `decision`. `@` and a letter stand for a piece of genuine evidence,
// so that a mutation of a short input puts genuine parts together in hostile ways, instead of
// damaging long ones only. Everything else stands for itself: an input can hold any bytes but 0x1d.
#pragma once

#include <string>
#include <string_view>

namespace eic::fuzz {

// `text` with every piece in full.
std::string Expand(std::string_view text);

// `text` with every piece that it holds as its shorthand; Expand makes the same `text` of it.
std::string Abbreviate(std::string text);

// The sections of an input, in their order. More sections may follow: further staples.
//   region, domain, fingerprint (empty: none), chain, staple list, blob, staple...
inline constexpr std::size_t kSectionsMin = 6;

}  // namespace eic::fuzz
