#include "emulator/api/ec2_query.h"

#include "emulator/api/describe_images.h"
#include "emulator/api/describe_instances.h"
#include "emulator/api/permissions.h"
#include "emulator/api/refusals.h"
#include "emulator/api/xml.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kNamespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

}  // namespace

HttpAnswer Ec2Answer(std::string_view root, std::string_view content,
                     const std::string& request_id) {
  return XmlAnswer(200, root, kNamespace, Element("requestId", request_id).append(content),
                   request_id);
}

HttpAnswer Ec2ErrorAnswer(const ApiError& error, const std::string& request_id) {
  const std::string named = Element("Code", error.name) + Element("Message", error.message);
  return XmlAnswer(error.status, "Response", "",
                   Nested("Errors", Nested("Error", named)) + Element("RequestID", request_id),
                   request_id);
}

std::string DoesNotExist(std::string_view what, const std::vector<std::string>& ids,
                         std::string_view opening, std::string_view closing) {
  std::string list;
  for (const std::string& id : ids) list.append(list.empty() ? "" : ", ").append(id);
  const bool is_one = ids.size() == 1;
  return "The " + std::string(what) + (is_one ? " " : "s ") + std::string(opening) + list +
         std::string(closing) + (is_one ? " does" : " do") + " not exist";
}

HttpAnswer AnswerEc2Query(const Form& form, const Ec2World& world, const Credential& caller,
                          std::string_view region, const std::string& request_id) {
  const std::string action = form.Get("Action");
  const bool is_instances = action == "DescribeInstances";
  if (!is_instances && action != "DescribeImages") {
    return Ec2ErrorAnswer(
        {"InvalidAction", "The action " + action + " is not valid for this web service."},
        request_id);
  }
  const std::string permission = "ec2:" + action;
  if (!MayDo(caller, permission)) {
    return Ec2ErrorAnswer(Ec2Denial(caller.principal, permission), request_id);
  }
  return is_instances ? DescribeInstances(form, world, region, request_id)
                      : DescribeImages(form, world, caller, request_id);
}

}  // namespace eic::emulator
