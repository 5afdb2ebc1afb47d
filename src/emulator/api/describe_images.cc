#include "emulator/api/describe_images.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "emulator/api/arn.h"
#include "emulator/api/xml.h"

namespace eic::emulator {
namespace {

using Strings = std::vector<std::string>;

constexpr std::string_view kIdPrefix = "ami-";

bool Contains(const Strings& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// `ami-` and 8 or 17 lower-case hexadecimal digits.
bool IsImageId(std::string_view id) {
  if (id.substr(0, kIdPrefix.size()) != kIdPrefix) return false;
  id.remove_prefix(kIdPrefix.size());
  const bool is_hex = id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_hex && (id.size() == 8 || id.size() == 17);
}

FilterValues ImageFilterValues(const Image& image, const std::string& name) {
  if (name == "image-id") return {{image.image_id}};
  if (name == "name") return {{image.name}};
  if (name == "owner-id") return {{image.owner_id}};
  if (name == "owner-alias")
    return image.owner_alias.empty() ? Strings() : Strings{image.owner_alias};
  if (name == "state") return {{"available"}};
  if (name == "image-type") return {{"machine"}};
  if (name == "is-public") return {{"true"}};
  return std::nullopt;
}

bool IsOwned(const Image& image, const Strings& owners, const std::string& account) {
  if (owners.empty() || Contains(owners, image.owner_id)) return true;
  if (!image.owner_alias.empty() && Contains(owners, image.owner_alias)) return true;
  return Contains(owners, "self") && image.owner_id == account;
}

std::string ImageItem(const Image& image) {
  return Nested("item", Element("imageId", image.image_id) +
                            Element("imageLocation", image.owner_id + "/" + image.name) +
                            "<imageState>available</imageState>" +
                            Element("imageOwnerId", image.owner_id) +
                            "<isPublic>true</isPublic><architecture>x86_64</architecture>"
                            "<imageType>machine</imageType>" +
                            OptionalElement("imageOwnerAlias", image.owner_alias) +
                            Element("name", image.name));
}

}  // namespace

HttpAnswer DescribeImages(const Form& form, const Ec2World& world, const Credential& caller,
                          const std::string& request_id) {
  const Strings ids = form.List("ImageId");
  for (const std::string& id : ids) {
    if (IsImageId(id)) continue;
    return Ec2ErrorAnswer(
        {"InvalidAMIID.Malformed", "Invalid id: \"" + id + "\" (expecting \"ami-...\")"},
        request_id);
  }
  const std::variant<std::vector<Filter>, ApiError> parsed = ParseFilters(form);
  if (const auto* error = std::get_if<ApiError>(&parsed)) return Ec2ErrorAnswer(*error, request_id);
  const auto& filters = std::get<std::vector<Filter>>(parsed);
  for (const Filter& filter : filters) {
    if (ImageFilterValues(Image(), filter.name)) continue;
    return Ec2ErrorAnswer(InvalidFilter(filter), request_id);
  }
  const Strings owners = form.List("Owner");
  const std::string account = AccountOf(caller.principal);
  Strings unknown = ids;
  std::string items;
  for (const Image& image : world.images) {
    if (!ids.empty() && !Contains(ids, image.image_id)) continue;
    unknown.erase(std::remove(unknown.begin(), unknown.end(), image.image_id), unknown.end());
    const bool passes = std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
      return Passes(filter, ImageFilterValues(image, filter.name).value_or(Strings()));
    });
    if (passes && IsOwned(image, owners, account)) items += ImageItem(image);
  }
  if (!unknown.empty()) {
    return Ec2ErrorAnswer({"InvalidAMIID.NotFound", DoesNotExist("image id", unknown, "'[", "]'")},
                          request_id);
  }
  return Ec2Answer("DescribeImagesResponse", Nested("imagesSet", items), request_id);
}

}  // namespace eic::emulator
