#include "client/own_options.h"

#include "client/limits.h"
#include "client/target/settings.h"
#include "client/terminal_text.h"
#include "core/instance_id.h"

namespace eic::client {
namespace {

enum class Name {
  kRegion,
  kZone,
  kProfile,
  kInstanceId,
  kDebug,
  kHelp,
  kAddress,
  kKeyType,
  kEndpointUrl,
  kCaBundle,
  kPrintCommand,
  kVersion,
};

struct LongOption {
  const char* text;
  Name name;
  bool has_value;
  bool is_old;  // the old mssh had it
};

constexpr LongOption kLongOptions[] = {
    {"--region", Name::kRegion, true, true},
    {"--zone", Name::kZone, true, true},
    {"--profile", Name::kProfile, true, true},
    {"--instance_id", Name::kInstanceId, true, true},
    {"--debug", Name::kDebug, false, true},
    {"--help", Name::kHelp, false, true},
    {"--instance-id", Name::kInstanceId, true, false},
    {"--address", Name::kAddress, true, false},
    {"--key-type", Name::kKeyType, true, false},
    {"--endpoint-url", Name::kEndpointUrl, true, false},
    {"--ca-bundle", Name::kCaBundle, true, false},
    {"--print-command", Name::kPrintCommand, false, false},
    {"--verbose", Name::kDebug, false, false},
    {"--version", Name::kVersion, false, false},
};

std::string Shown(const std::string& text) { return TerminalLine(text, kShownValueBytesMax); }

bool IsOld(const LongOption& option) { return option.is_old; }
bool IsAny(const LongOption& /*option*/) { return true; }

// The options that `text` is the beginning of, or the one that it is.
std::vector<const LongOption*> Matching(const std::string& text,
                                        bool (*counts)(const LongOption&)) {
  std::vector<const LongOption*> found;
  for (const LongOption& option : kLongOptions) {
    const std::string whole = option.text;
    if (whole == text) return {&option};
    if (counts(option) && whole.compare(0, text.size(), text) == 0) found.push_back(&option);
  }
  return found;
}

aws::Outcome<const LongOption*> FindOption(const std::string& text) {
  std::vector<const LongOption*> found = Matching(text, IsOld);
  if (found.size() != 1) found = Matching(text, IsAny);
  if (found.empty()) return Usage("unknown option " + Shown(text));
  if (found.size() > 1) {
    std::string several;
    for (const LongOption* option : found) several += std::string(" ") + option->text;
    return Usage(Shown(text) + " may be any of" + several);
  }
  return found.front();
}

aws::Outcome<Nothing> SetInstanceId(const std::string& value, OwnOptions* own) {
  if (!IsInstanceId(value)) {
    return Usage(Shown(value) + " is not an instance id: i- and 8 or 17 hexadecimal digits");
  }
  own->instance_id = value;
  return Nothing{};
}

aws::Outcome<Nothing> Set(Name name, const std::string& value, OwnOptions* own) {
  switch (name) {
    case Name::kRegion:
      own->region = value;
      break;
    case Name::kZone:
      own->zone = value;
      break;
    case Name::kProfile:
      own->profile = value;
      break;
    case Name::kInstanceId:
      return SetInstanceId(value, own);
    case Name::kDebug:
      own->is_verbose = true;
      break;
    case Name::kHelp:
      own->wants_help = true;
      break;
    case Name::kAddress:
      own->address = ParseAddressKind(value);
      if (!own->address) return Usage("--address is one of auto, public, private, ipv6");
      break;
    case Name::kKeyType:
      own->key_type = ParseKeyType(value);
      if (!own->key_type) return Usage("--key-type is one of ed25519, rsa");
      break;
    case Name::kEndpointUrl:
      own->endpoint_url = value;
      break;
    case Name::kCaBundle:
      own->ca_bundle = value;
      break;
    case Name::kPrintCommand:
      own->prints_command = true;
      break;
    case Name::kVersion:
      own->wants_version = true;
      break;
  }
  return Nothing{};
}

}  // namespace

aws::Failure Usage(const std::string& message) {
  return {"Usage", message, "--help lists the options"};
}

aws::Outcome<Nothing> TakeLongOption(const std::vector<std::string>& words, std::size_t* at,
                                     OwnOptions* own) {
  const std::string& word = words[*at];
  const std::size_t equals = word.find('=');
  const aws::Outcome<const LongOption*> option = FindOption(word.substr(0, equals));
  if (!option) return option.error();
  const LongOption& known = **option;
  ++*at;
  if (!known.has_value) {
    if (equals != std::string::npos) return Usage(std::string(known.text) + " takes no value");
    return Set(known.name, "", own);
  }
  std::string value;
  if (equals != std::string::npos) {
    value = word.substr(equals + 1);
  } else if (*at < words.size()) {
    value = words[(*at)++];
  }
  if (value.empty()) return Usage(std::string(known.text) + " needs a value");
  return Set(known.name, value, own);
}

aws::Outcome<Nothing> TakeLetter(char letter, const std::string& value, OwnOptions* own) {
  if (value.empty()) return Usage(std::string("-") + letter + " needs a value");
  switch (letter) {
    case 'r':
      return Set(Name::kRegion, value, own);
    case 'z':
      return Set(Name::kZone, value, own);
    case 'u':
      return Set(Name::kProfile, value, own);
    case 't':
      return Set(Name::kInstanceId, value, own);
    default:
      return Usage(std::string("unknown option -") + letter);
  }
}

aws::Settings ApiSettings(const OwnOptions& own) {
  aws::Settings settings;
  settings.profile = own.profile;
  settings.region = own.region;
  settings.endpoint_url = own.endpoint_url;
  settings.ca_bundle = own.ca_bundle;
  settings.is_verbose = own.is_verbose;
  return settings;
}

}  // namespace eic::client
