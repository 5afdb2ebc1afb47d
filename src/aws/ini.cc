#include "aws/ini.h"

#include <algorithm>
#include <optional>

#include "aws/limits.h"
#include "aws/text.h"

namespace eic::aws {
namespace {

//   file      := line*
//   line      := blank* | blank* ('#' | ';') any* | section | option | continuation
//   section   := '[' name ']' any*            name is greedy: up to the last ']'
//   option    := name ('=' | ':') value
//   continuation: indented deeper than the option or section above it; part of that option's value

// The value of an option while lines are added to it.
struct OpenValue {
  std::vector<std::string> lines;
};
using OpenSection = std::map<std::string, OpenValue>;

struct State {
  const std::string& file;
  std::vector<std::pair<std::string, OpenSection>> sections = {};
  OpenSection defaults = {};
  OpenSection* section = nullptr;
  OpenValue* option = nullptr;
  std::size_t indent = 0;
  std::size_t line_number = 0;

  Failure Fault(const std::string& what) const {
    return {"BadConfiguration", file + " line " + std::to_string(line_number) + ": " + what,
            "Correct the file."};
  }
};

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) text.push_back('\n');
    text += lines[i];
  }
  return std::string(TrimmedEnd(text));
}

std::optional<Failure> OpenNamedSection(std::string_view line, State& state) {
  const std::string name(line.substr(1, line.rfind(']') - 1));
  state.option = nullptr;
  if (name == "DEFAULT") {
    state.section = &state.defaults;
    return std::nullopt;
  }
  if (state.sections.size() >= kConfigSectionsMax) {
    return state.Fault("more than " + std::to_string(kConfigSectionsMax) + " sections");
  }
  state.sections.emplace_back(name, OpenSection{});
  state.section = &state.sections.back().second;
  return std::nullopt;
}

std::optional<Failure> OpenOption(std::string_view line, State& state) {
  const std::size_t end = line.find_first_of("=:");
  if (end == std::string_view::npos) {
    return state.Fault("neither a [section], nor NAME = VALUE, nor a comment");
  }
  const std::string name = LowerCase(TrimmedEnd(line.substr(0, end)));
  if (name.empty()) return state.Fault("no name before the " + std::string(line.substr(end, 1)));
  const auto [option, is_new] = state.section->emplace(name, OpenValue{});
  if (!is_new) return state.Fault(name + " is set twice in this section");
  option->second.lines.emplace_back(Trimmed(line.substr(end + 1)));
  state.option = &option->second;
  return std::nullopt;
}

bool IsSection(std::string_view line) {
  return line.front() == '[' && line.rfind(']') != std::string_view::npos && line.rfind(']') > 1;
}

std::optional<Failure> TakeLine(std::string_view line, State& state) {
  const std::string_view value = Trimmed(line);
  if (value.empty()) {
    if (state.option != nullptr) state.option->lines.emplace_back();
    return std::nullopt;
  }
  if (value.front() == '#' || value.front() == ';') return std::nullopt;
  const auto indent = static_cast<std::size_t>(value.data() - line.data());
  if (state.option != nullptr && indent > state.indent) {
    state.option->lines.emplace_back(value);
    return std::nullopt;
  }
  state.indent = indent;
  if (IsSection(value)) return OpenNamedSection(value, state);
  if (state.section == nullptr) return state.Fault("it is before the first [section]");
  return OpenOption(value, state);
}

// The next line, which ends in LF, CR LF or CR.
std::string_view NextLine(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  const std::size_t length = text.substr(end, 2) == "\r\n" ? 2 : 1;
  text.remove_prefix(std::min(end + length, text.size()));
  return line;
}

// Values whose first line is empty are `NAME = VALUE` lines of their own, one level deep.
Outcome<IniValue> Close(const std::string& file, const std::string& name, const OpenValue& open) {
  IniValue value{Joined(open.lines)};
  if (value.text.empty() || value.text.front() != '\n') return value;
  std::string_view rest = value.text;
  while (!rest.empty()) {
    const std::string_view line = Trimmed(NextLine(rest));
    if (line.empty()) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      std::string what = file;
      what.append(": below ").append(name).append(": \"").append(line);
      what.append("\" is not NAME = VALUE");
      return Failure{"BadConfiguration", std::move(what), "Correct the file."};
    }
    value.nested[std::string(TrimmedEnd(line.substr(0, equals)))] =
        Trimmed(line.substr(equals + 1));
  }
  return value;
}

Outcome<IniSection> Close(const State& state, const std::string& name, const OpenSection& open) {
  IniSection section{name, {}};
  for (const OpenSection* options : {&open, &state.defaults}) {
    for (const auto& [option, lines] : *options) {
      auto value = Close(state.file, option, lines);
      if (!value) return value.error();
      section.values.emplace(option, *value);  // the section's own comes first
    }
  }
  return section;
}

// The first section name that is there twice; `sections` is in order.
std::optional<std::string> RepeatedName(const std::vector<IniSection>& sections) {
  std::vector<std::string> names;
  for (const IniSection& section : sections) names.push_back(section.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return std::nullopt;
  return *twice;
}

}  // namespace

Outcome<std::vector<IniSection>> ParseIni(std::string_view text, const std::string& name) {
  State state{name};
  if (!IsUtf8(text)) {
    return Failure{"BadConfiguration", name + " is not UTF-8 text", "Save the file as UTF-8."};
  }
  while (!text.empty()) {
    ++state.line_number;
    if (const auto fault = TakeLine(NextLine(text), state)) return *fault;
  }
  std::vector<IniSection> sections;
  for (const auto& [section_name, open] : state.sections) {
    auto section = Close(state, section_name, open);
    if (!section) return section.error();
    sections.push_back(std::move(*section));
  }
  if (const auto repeated = RepeatedName(sections)) {
    return Failure{"BadConfiguration", name + ": section [" + *repeated + "] is there twice",
                   "Merge the two sections."};
  }
  return sections;
}

}  // namespace eic::aws
