// `eic list`: the instances of a region, as a table or as JSON.
#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <ostream>
#include <tuple>

#include "client/commands/commands.h"
#include "client/commands/place.h"
#include "client/commands/report.h"
#include "client/limits.h"
#include "client/terminal_text.h"

namespace eic::client {
namespace {

using aws::Instance;
using aws::Outcome;

constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;
constexpr std::array<const char*, kColumns> kHeadings = {"NAME", "ID",   "STATE",   "ADDRESS",
                                                         "ZONE", "TYPE", "LAUNCHED"};
constexpr std::size_t kNameColumn = 0;
constexpr std::size_t kNameColumnsMin = 8;
// Left out one after the other where the terminal is narrow.
constexpr std::array<std::size_t, 3> kSpareColumns = {6, 5, 4};
constexpr std::size_t kGap = 2;

std::string NameOf(const Instance& instance) {
  const auto name = instance.tags.find("Name");
  return name == instance.tags.end() ? "" : name->second;
}

std::string AddressOf(const Instance& instance) {
  for (const std::string* address : {&instance.public_ip, &instance.private_ip, &instance.ipv6}) {
    if (!address->empty()) return *address;
  }
  return "";
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool Mentions(const Instance& instance, const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& text :
       {NameOf(instance), instance.instance_id, instance.state, instance.public_ip,
        instance.private_ip, instance.ipv6, instance.availability_zone, instance.instance_type,
        instance.private_dns_name, instance.public_dns_name}) {
    all += LowerCase(text) + '\n';
  }
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return all.find(LowerCase(word)) != std::string::npos;
  });
}

bool IsBefore(const Instance& one, const Instance& other) {
  const std::string name = NameOf(one);
  const std::string other_name = NameOf(other);
  // Those without a name come last.
  if (name.empty() != other_name.empty()) return other_name.empty();
  return std::tie(name, one.instance_id) < std::tie(other_name, other.instance_id);
}

Row RowOf(const Instance& instance) {
  Row row = {NameOf(instance),    instance.instance_id,       instance.state,
             AddressOf(instance), instance.availability_zone, instance.instance_type,
             instance.launch_time};
  for (std::string& cell : row) {
    cell = cell.empty() ? "-" : TerminalLine(cell, kShownValueBytesMax);
  }
  return row;
}

class Table {
 public:
  explicit Table(const std::vector<Instance>& instances) {
    rows_.emplace_back();
    for (std::size_t at = 0; at < kColumns; ++at) rows_.front()[at] = kHeadings[at];
    for (const Instance& instance : instances) rows_.push_back(RowOf(instance));
    for (const Row& row : rows_) {
      for (std::size_t at = 0; at < kColumns; ++at) {
        widths_[at] = std::max(widths_[at], TerminalColumns(row[at]));
      }
    }
  }

  // 0: no limit.
  void FitInto(std::size_t columns) {
    if (columns == 0) return;
    // A long name costs the spare columns only when cutting it is not enough.
    for (const std::size_t spare : kSpareColumns) {
      if (Width() - widths_[kNameColumn] + std::min(widths_[kNameColumn], kNameColumnsMin) <=
          columns) {
        break;
      }
      is_shown_[spare] = false;
    }
    if (Width() <= columns) return;
    const std::size_t others = Width() - widths_[kNameColumn];
    const std::size_t left = columns > others ? columns - others : 0;
    widths_[kNameColumn] = std::max(left, std::min(widths_[kNameColumn], kNameColumnsMin));
  }

  void Print(std::ostream& output) const {
    for (const Row& row : rows_) {
      std::string line;
      for (std::size_t at = 0; at < kColumns; ++at) {
        if (!is_shown_[at]) continue;
        const std::string cell = CutToColumns(row[at], widths_[at]);
        line += cell + std::string(widths_[at] - TerminalColumns(cell) + kGap, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      output << line << '\n';
    }
  }

 private:
  std::size_t Width() const {
    std::size_t width = 0;
    for (std::size_t at = 0; at < kColumns; ++at) {
      if (is_shown_[at]) width += widths_[at] + kGap;
    }
    return width - kGap;
  }

  std::vector<Row> rows_;
  std::array<std::size_t, kColumns> widths_{};
  std::array<bool, kColumns> is_shown_ = {true, true, true, true, true, true, true};
};

nlohmann::ordered_json JsonOf(const Instance& instance, const std::string& region) {
  return {{"instance_id", instance.instance_id},
          {"name", NameOf(instance)},
          {"state", instance.state},
          {"region", region},
          {"availability_zone", instance.availability_zone},
          {"public_ip", instance.public_ip},
          {"private_ip", instance.private_ip},
          {"ipv6", instance.ipv6},
          {"public_dns_name", instance.public_dns_name},
          {"private_dns_name", instance.private_dns_name},
          {"instance_type", instance.instance_type},
          {"image_id", instance.image_id},
          {"platform_details", instance.platform_details},
          {"vpc_id", instance.vpc_id},
          {"subnet_id", instance.subnet_id},
          {"launch_time", instance.launch_time},
          {"tags", instance.tags}};
}

void PrintJson(std::ostream& output, const std::vector<Instance>& instances,
               const std::string& region) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Instance& instance : instances) all.push_back(JsonOf(instance, region));
  // ASCII alone: a tag's control characters and those that change the direction of text stay words.
  output << all.dump(2, ' ', /*ensure_ascii=*/true,
                     nlohmann::ordered_json::error_handler_t::replace)
         << '\n';
}

struct Listed {
  std::string region;
  std::vector<Instance> instances;
};

Outcome<Listed> List(Outside& outside, const ListOptions& options) {
  const Outcome<SettingsFile> settings = ReadSettings(outside);
  if (!settings) return settings.error();
  // Of `[*]` alone: no instance is meant.
  const aws::Settings place = PlaceOf(options.own, Target{}, settings->For({"*"}));
  const Outcome<std::unique_ptr<aws::Api>> api = outside.OpenApi(place);
  if (!api) return api.error();
  Outcome<std::vector<Instance>> instances = (*api)->DescribeInstances({});
  if (!instances) return instances.error();
  Listed listed{(*api)->region(), *std::move(instances)};
  auto& all = listed.instances;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Instance& one) { return !Mentions(one, options.words); }),
            all.end());
  std::sort(all.begin(), all.end(), IsBefore);
  return listed;
}

}  // namespace

int RunListCommand(Outside& outside, const ListOptions& options) {
  const Outcome<Listed> listed = List(outside, options);
  if (!listed) return Report(outside.Errors(), listed.error());
  std::ostream& output = outside.Output();
  if (options.is_json) {
    PrintJson(output, listed->instances, listed->region);
  } else {
    const std::size_t count = listed->instances.size();
    output << TerminalLine(listed->region, kShownValueBytesMax) << ": " << count
           << (count == 1 ? " instance" : " instances") << '\n';
    if (count > 0) {
      Table table(listed->instances);
      table.FitInto(outside.OutputColumns());
      table.Print(output);
    } else {
      output << (options.words.empty() ? "" : "No instance's line contains every word. ")
             << "--region and --profile look elsewhere.\n";
    }
  }
  output << std::flush;
  return output ? 0 : kStatusFailed;
}

}  // namespace eic::client
