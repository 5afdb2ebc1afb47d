// The list of staples: SelectStapleNames of host/imds.h, whose names become paths.
#include <algorithm>
#include <cctype>

#include "core/bytes.h"
#include "core/limits.h"
#include "host/imds.h"
#include "tests/fuzz/fixture.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

StringSet LinesOf(std::string_view list) {
  StringSet lines;
  LineCursor cursor(list);
  while (!cursor.AtEnd()) lines.emplace(WithoutLineEnd(cursor.Next()));
  return lines;
}

}  // namespace

void StapleList(std::string_view input) {
  static const auto* const chain =
      new Result<ServedChain>(ParseServedChain(GoodEvidence().chain_pem));
  static const auto* const digests = new StringSet([] {
    StringSet names;
    for (const X509Ptr& certificate : **chain) {
      for (std::string& name : StapleNames(certificate.get())) names.insert(std::move(name));
    }
    return names;
  }());

  const std::vector<std::string> selected = SelectStapleNames(input, **chain);
  Hold(selected.size() <= kStaplesMax, "staples are counted");
  const StringSet lines = LinesOf(input);
  StringSet seen;
  for (const std::string& name : selected) {
    Hold(digests->count(Upper(name)) == 1, "a name is the digest of a served certificate");
    Hold(lines.count(name) == 1, "a name is a line of the list");
    Hold(seen.insert(Upper(name)).second, "a staple is fetched once");
  }
  const std::string twice = std::string(input) + '\n' + std::string(input);
  Hold(SelectStapleNames(twice, **chain) == selected, "a list twice is the list");
}

}  // namespace eic::fuzz
