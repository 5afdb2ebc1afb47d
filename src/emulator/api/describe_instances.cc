#include "emulator/api/describe_instances.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "emulator/limits.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kProlog = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kNamespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

// Text as XML 1.0 allows it; a character that it does not allow becomes a question mark.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      const bool printable = c >= 0x20 && c < 0x7F;
      escaped.push_back(printable ? c : '?');
    }
  }
  return escaped;
}

std::string Element(std::string_view name, std::string_view text) {
  std::string element = "<";
  return element.append(name)
      .append(">")
      .append(Escaped(text))
      .append("</")
      .append(name)
      .append(">");
}

std::string OptionalElement(std::string_view name, std::string_view text) {
  return text.empty() ? "" : Element(name, text);
}

HttpAnswer XmlAnswer(int status, std::string body, const std::string& request_id) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::string(kProlog) + std::move(body);
  answer.content_type = "text/xml;charset=UTF-8";
  answer.headers.emplace("x-amzn-RequestId", request_id);
  return answer;
}

// PREFIX.1, PREFIX.2 and so on, until one is missing.
std::vector<std::string> FormList(const std::string& form, const std::string& prefix) {
  std::vector<std::string> values;
  while (values.size() < kFormListMax) {
    const auto value = QueryValue(form, prefix + "." + std::to_string(values.size() + 1));
    if (!value) break;
    values.push_back(*value);
  }
  return values;
}

struct Filter {
  std::string name;
  std::vector<std::string> values;
};

std::vector<Filter> Filters(const std::string& form) {
  std::vector<Filter> filters;
  while (filters.size() < kFormListMax) {
    const std::string prefix = "Filter." + std::to_string(filters.size() + 1);
    const auto name = QueryValue(form, prefix + ".Name");
    if (!name) break;
    filters.push_back({*name, FormList(form, prefix + ".Value")});
  }
  return filters;
}

bool Contains(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool Passes(const Instance& instance, const Filter& filter) {
  if (filter.name == "instance-id") return Contains(filter.values, instance.instance_id);
  return Contains(filter.values, NameOf(instance.state));
}

bool IsKnown(const Filter& filter) {
  return filter.name == "instance-id" || filter.name == "instance-state-name";
}

std::string_view StateCode(Instance::State state) {
  switch (state) {
    case Instance::State::kPending:
      return "0";
    case Instance::State::kRunning:
      return "16";
    case Instance::State::kStopped:
      return "80";
  }
  return "";
}

std::string NetworkInterfaces(const Instance& instance) {
  if (instance.ipv6.empty()) return "<networkInterfaceSet/>";
  return "<networkInterfaceSet><item><ipv6AddressesSet><item>" +
         Element("ipv6Address", instance.ipv6) +
         "<isPrimaryIpv6>true</isPrimaryIpv6></item></ipv6AddressesSet></item>"
         "</networkInterfaceSet>";
}

std::string ReservationItem(const Instance& instance) {
  const bool nitro = instance.hypervisor == Instance::Hypervisor::kNitro;
  return "<item>" + Element("reservationId", "r-" + instance.instance_id.substr(2)) +
         Element("ownerId", instance.account_id) + "<groupSet/><instancesSet><item>" +
         Element("instanceId", instance.instance_id) + "<instanceState>" +
         Element("code", StateCode(instance.state)) + Element("name", NameOf(instance.state)) +
         "</instanceState>" + Element("instanceType", nitro ? "t3.micro" : "t2.micro") +
         "<placement>" + Element("availabilityZone", instance.availability_zone) + "</placement>" +
         OptionalElement("privateIpAddress", instance.private_ip) +
         OptionalElement("ipAddress", instance.public_ip) +
         OptionalElement("ipv6Address", instance.ipv6) +
         // What the EC2 API says of Nitro instances, too.
         Element("hypervisor", "xen") + NetworkInterfaces(instance) +
         "</item></instancesSet></item>";
}

}  // namespace

HttpAnswer Ec2ErrorAnswer(int status, std::string_view code, std::string_view message,
                          const std::string& request_id) {
  return XmlAnswer(status,
                   "<Response><Errors><Error>" + Element("Code", code) +
                       Element("Message", message) + "</Error></Errors>" +
                       Element("RequestID", request_id) + "</Response>",
                   request_id);
}

HttpAnswer AnswerEc2Query(std::string_view form_text, const InstanceList& instances,
                          std::string_view region, const std::string& request_id) {
  const std::string form(form_text);
  const std::string action = QueryValue(form, "Action").value_or("");
  if (action != "DescribeInstances") {
    return Ec2ErrorAnswer(400, "InvalidAction",
                          "The action " + action + " is not valid for this web service.",
                          request_id);
  }
  const std::vector<std::string> wanted = FormList(form, "InstanceId");
  const std::vector<Filter> filters = Filters(form);
  for (const Filter& filter : filters) {
    if (IsKnown(filter)) continue;
    return Ec2ErrorAnswer(400, "InvalidParameterValue",
                          "The filter '" + filter.name + "' is invalid", request_id);
  }
  std::string items;
  std::vector<std::string> unknown = wanted;
  for (const auto& candidate : instances) {
    const Instance& instance = candidate->instance();
    if (!region.empty() && instance.region != region) continue;
    if (!wanted.empty() && !Contains(wanted, instance.instance_id)) continue;
    unknown.erase(std::remove(unknown.begin(), unknown.end(), instance.instance_id), unknown.end());
    const bool passes = std::all_of(filters.begin(), filters.end(),
                                    [&](const Filter& filter) { return Passes(instance, filter); });
    if (passes) items += ReservationItem(instance);
  }
  if (!unknown.empty()) {
    return Ec2ErrorAnswer(400, "InvalidInstanceID.NotFound",
                          "The instance ID '" + unknown[0] + "' does not exist", request_id);
  }
  return XmlAnswer(200,
                   "<DescribeInstancesResponse xmlns=\"" + std::string(kNamespace) + "\">" +
                       Element("requestId", request_id) + "<reservationSet>" + items +
                       "</reservationSet></DescribeInstancesResponse>",
                   request_id);
}

}  // namespace eic::emulator
