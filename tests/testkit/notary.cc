#include "tests/testkit/notary.h"

#include "issuer/issuer_error.h"
#include "issuer/keys.h"

namespace eic::testkit {

issuer::RecordSpec Notary::Record(std::string_view user_key) {
  issuer::RecordFields fields;
  fields.timestamp = kNow + 60;
  fields.instance_id = kInstance;
  fields.caller = "arn:aws:iam::123456789012:user/alice";
  fields.request_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  return issuer::MakeRecordSpec(fields, KeyLine(user_key));
}

std::string Notary::KeyLine(std::string_view user_key) {
  return issuer::SshPublicKeyLine(keys_.Get(user_key), "");
}

std::string Notary::Sign(const issuer::RecordSpec& record) { return SignWith(record, signer_key_); }

std::string Notary::SignWith(const issuer::RecordSpec& record, std::string_view key) {
  return issuer::SignRecord(record, keys_.Get(key));
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) issuer::Fail("nothing to replace: " + std::string(from));
  return text.replace(at, from.size(), to);
}

}  // namespace eic::testkit
