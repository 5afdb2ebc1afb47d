// Reads the answers that AWS's services give as XML.
#include <pugixml.hpp>

#include "aws/answers.h"
#include "aws/limits.h"
#include "aws/text.h"
#include "aws/time_text.h"

namespace eic::aws {
namespace {

using pugi::xml_node;

Failure Malformed(const std::string& what) {
  return {"MalformedAnswer", "The service's answer cannot be read: " + what,
          "If an endpoint or a proxy is configured, check that it leads to AWS."};
}

std::string Text(const xml_node& parent, const char* name) {
  return parent.child(name).child_value();
}

// The root, which must be `name`.
Outcome<xml_node> Root(pugi::xml_document& document, std::string_view xml, const char* name) {
  const pugi::xml_parse_result parsed =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) return Malformed(std::string(parsed.description()) + " in its XML");
  const xml_node root = document.child(name);
  if (!root) return Malformed(std::string("no ") + name);
  return root;
}

// An address of the instance itself, or the first that one of its interfaces has.
std::string Ipv6Of(const xml_node& item) {
  std::string address = Text(item, "ipv6Address");
  for (const xml_node& interface : item.child("networkInterfaceSet").children("item")) {
    if (!address.empty()) break;
    address = Text(interface.child("ipv6AddressesSet").child("item"), "ipv6Address");
  }
  return address;
}

Instance ParseInstance(const xml_node& item) {
  Instance instance;
  instance.instance_id = Text(item, "instanceId");
  instance.image_id = Text(item, "imageId");
  instance.state = Text(item.child("instanceState"), "name");
  instance.availability_zone = Text(item.child("placement"), "availabilityZone");
  instance.instance_type = Text(item, "instanceType");
  instance.launch_time = Text(item, "launchTime");
  instance.platform = LowerCase(Text(item, "platform"));
  instance.platform_details = Text(item, "platformDetails");
  instance.vpc_id = Text(item, "vpcId");
  instance.subnet_id = Text(item, "subnetId");
  instance.private_dns_name = Text(item, "privateDnsName");
  instance.public_dns_name = Text(item, "dnsName");
  instance.public_ip = Text(item, "ipAddress");
  instance.private_ip = Text(item, "privateIpAddress");
  instance.ipv6 = Ipv6Of(item);
  for (const xml_node& tag : item.child("tagSet").children("item")) {
    instance.tags[Text(tag, "key")] = Text(tag, "value");
  }
  return instance;
}

}  // namespace

Outcome<InstancePage> ParseDescribeInstances(std::string_view xml) {
  pugi::xml_document document;
  const auto root = Root(document, xml, "DescribeInstancesResponse");
  if (!root) return root.error();
  InstancePage page;
  for (const xml_node& reservation : root->child("reservationSet").children("item")) {
    for (const xml_node& item : reservation.child("instancesSet").children("item")) {
      page.instances.push_back(ParseInstance(item));
      if (page.instances.back().instance_id.empty()) return Malformed("an instance without an id");
    }
  }
  page.next_token = Text(*root, "nextToken");
  return page;
}

Outcome<std::vector<Image>> ParseDescribeImages(std::string_view xml) {
  pugi::xml_document document;
  const auto root = Root(document, xml, "DescribeImagesResponse");
  if (!root) return root.error();
  std::vector<Image> images;
  for (const xml_node& item : root->child("imagesSet").children("item")) {
    images.push_back({Text(item, "imageId"), Text(item, "name"), Text(item, "imageOwnerId")});
  }
  return images;
}

Outcome<CallerIdentity> ParseCallerIdentity(std::string_view xml) {
  pugi::xml_document document;
  const auto root = Root(document, xml, "GetCallerIdentityResponse");
  if (!root) return root.error();
  const xml_node result = root->child("GetCallerIdentityResult");
  CallerIdentity identity{Text(result, "Account"), Text(result, "Arn"), Text(result, "UserId")};
  if (identity.arn.empty()) return Malformed("no Arn");
  return identity;
}

Outcome<Credentials> ParseAssumedRole(std::string_view xml) {
  pugi::xml_document document;
  const bool by_web = xml.find("<AssumeRoleWithWebIdentityResponse") != std::string_view::npos;
  const std::string action = by_web ? "AssumeRoleWithWebIdentity" : "AssumeRole";
  const auto root = Root(document, xml, (action + "Response").c_str());
  if (!root) return root.error();
  const xml_node given = root->child((action + "Result").c_str()).child("Credentials");
  Credentials credentials;
  credentials.key = {Text(given, "AccessKeyId"), Text(given, "SecretAccessKey"),
                     Text(given, "SessionToken")};
  credentials.expires = ParseIsoTime(Text(given, "Expiration"));
  if (credentials.key.access_key_id.empty() || credentials.key.secret_access_key.empty() ||
      !credentials.expires) {
    return Malformed("incomplete credentials");
  }
  return credentials;
}

// EC2: Response/Errors/Error; STS: ErrorResponse/Error.
ErrorWords ParseXmlError(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8)) {
    return {};
  }
  xml_node error = document.child("Response").child("Errors").child("Error");
  if (!error) error = document.child("ErrorResponse").child("Error");
  return {Capped(Text(error, "Code"), kErrorTextBytesMax),
          Capped(Text(error, "Message"), kErrorTextBytesMax)};
}

}  // namespace eic::aws
