#include "core/key_blob.h"

#include <charconv>
#include <utility>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/limits.h"

namespace eic {
namespace {

// The lines of one record, not yet looked at. Views into the blob.
struct RecordLines {
  std::vector<std::string_view> metadata;
  std::string_view key;
  std::vector<std::string_view> signature;
  std::string_view signed_bytes;
};

bool IsMetadata(std::string_view line) { return !line.empty() && line[0] == '#'; }

bool IsRecordEnd(const LineCursor& lines) { return lines.AtEnd() || IsBlank(lines.Peek()); }

// One line more than the limit is kept, so that the parser sees that the limit was passed.
void Keep(std::string_view line, std::size_t lines_max, std::vector<std::string_view>& lines) {
  if (lines.size() <= lines_max) lines.push_back(line);
}

// Takes the lines up to the end of the record that begins here.
RecordLines TakeRecord(std::string_view blob, LineCursor& lines) {
  RecordLines record;
  const std::size_t start = lines.position();
  while (!IsRecordEnd(lines) && IsMetadata(lines.Peek())) {
    Keep(lines.Next(), kMetadataLinesMax, record.metadata);
  }
  if (!IsRecordEnd(lines)) record.key = lines.Next();
  record.signed_bytes = blob.substr(start, lines.position() - start);
  while (!IsRecordEnd(lines)) Keep(lines.Next(), kSignatureLinesMax, record.signature);
  return record;
}

// The values of the metadata lines; nothing for an absent line.
struct Fields {
  std::optional<std::string_view> timestamp;
  std::optional<std::string_view> instance;
  std::optional<std::string_view> caller;
  std::optional<std::string_view> request;
};

std::optional<std::string_view>* FindField(Fields& fields, std::string_view name) {
  if (name == "Timestamp") return &fields.timestamp;
  if (name == "Instance") return &fields.instance;
  if (name == "Caller") return &fields.caller;
  if (name == "Request") return &fields.request;
  return nullptr;  // of a later version of the protocol: signed, and otherwise ignored
}

// Fills `fields` as far as possible, so that even a rejection can name the record's caller.
Result<Nothing> ParseFields(const std::vector<std::string_view>& lines, Fields& fields) {
  if (lines.size() > kMetadataLinesMax) return Error{Reason::kRecordMalformed, "metadata lines"};
  for (const std::string_view line : lines) {
    if (line.size() > kLineBytesMax) return Error{Reason::kRecordMalformed, "line too long"};
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 1) {
      return Error{Reason::kRecordMalformed, "metadata line without name or value"};
    }
    const std::string_view name = line.substr(1, equals - 1);
    std::optional<std::string_view>* field = FindField(fields, name);
    if (field == nullptr) continue;
    if (field->has_value()) return Error{Reason::kFieldRepeated, std::string(name)};
    *field = line.substr(equals + 1);
  }
  return Nothing{};
}

// Only decimal digits; a number that does not fit is malformed, not large.
Result<Expiry> ParseTimestamp(const std::optional<std::string_view>& text) {
  if (!text) return Error{Reason::kTimestampMissing, ""};
  if (text->empty() || text->find_first_not_of("0123456789") != std::string_view::npos) {
    return Error{Reason::kTimestampMalformed, std::string(*text)};
  }
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [used_up_to, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || used_up_to != end) {
    return Error{Reason::kTimestampMalformed, std::string(*text)};
  }
  return Expiry(value);
}

Result<std::string> ParseSignature(const std::vector<std::string_view>& lines) {
  if (lines.size() > kSignatureLinesMax) return Error{Reason::kSignatureMalformed, "too long"};
  std::string base64;
  for (const std::string_view line : lines) {
    if (IsMetadata(line)) return Error{Reason::kRecordMalformed, "metadata behind the key"};
    if (base64.size() + line.size() > kSignatureBase64BytesMax) {
      return Error{Reason::kSignatureMalformed, "too long"};
    }
    base64 += line;
  }
  if (base64.empty()) return Error{Reason::kRecordIncomplete, "no signature"};
  std::optional<std::string> signature = DecodeBase64(base64);
  if (!signature) return Error{Reason::kSignatureMalformed, "not base64"};
  return std::move(*signature);
}

Result<KeyRecord> ParseRecord(const RecordLines& lines, const Fields& fields,
                              const Result<SshPublicKey>& key) {
  const Result<Expiry> expiry = ParseTimestamp(fields.timestamp);
  if (!expiry) return expiry.error();
  if (!fields.instance || fields.instance->empty()) return Error{Reason::kInstanceMissing, ""};
  if (lines.key.empty()) return Error{Reason::kRecordIncomplete, "no key"};
  if (!key) return key.error();
  Result<std::string> signature = ParseSignature(lines.signature);
  if (!signature) return signature.error();

  KeyRecord record;
  record.signed_bytes = lines.signed_bytes;
  record.expiry = *expiry;
  record.instance_id = *fields.instance;
  record.caller = fields.caller.value_or("");
  record.request_id = fields.request.value_or("");
  record.key = *key;
  record.signature = *std::move(signature);
  return record;
}

Result<SshPublicKey> ParseKeyLine(std::string_view line) {
  if (line.size() > kLineBytesMax) return Error{Reason::kRecordMalformed, "line too long"};
  return ParseSshPublicKey(line);
}

void ParseInto(const RecordLines& lines, ParsedBlob& parsed) {
  Fields fields;
  const Result<Nothing> named = ParseFields(lines.metadata, fields);
  // Read the key whatever else is wrong: a rejected record of another key than the offered one does
  // not concern this login, and select.cc drops it.
  const Result<SshPublicKey> key = ParseKeyLine(lines.key);
  Result<KeyRecord> record =
      named ? ParseRecord(lines, fields, key) : Result<KeyRecord>(named.error());
  if (record) {
    parsed.records.push_back(*std::move(record));
    return;
  }
  Rejection rejection{record.error(), std::nullopt, std::string(fields.caller.value_or("")),
                      std::string(fields.request.value_or(""))};
  if (key) rejection.key = *key;
  parsed.rejections.push_back(std::move(rejection));
}

}  // namespace

Rejection Reject(const KeyRecord& record, Error error) {
  return {std::move(error), record.key, std::string(record.caller), std::string(record.request_id)};
}

ParsedBlob ParseKeyBlob(std::string_view blob) {
  ParsedBlob parsed;
  LineCursor lines(blob);
  while (!lines.AtEnd()) {
    if (IsBlank(lines.Peek())) {
      lines.Next();
      continue;
    }
    if (parsed.records.size() + parsed.rejections.size() == kRecordsMax) {
      parsed.rejections.push_back({{Reason::kTooManyRecords, ""}, std::nullopt, "", ""});
      return parsed;
    }
    ParseInto(TakeRecord(blob, lines), parsed);
  }
  return parsed;
}

}  // namespace eic
