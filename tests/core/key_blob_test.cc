// Goal of this test: the grammar of the blob, where its edges are. Nothing here needs a signature
// that verifies.
#include "core/key_blob.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/limits.h"
#include "tests/core/openssh_keys.h"

namespace eic {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kHead = "#Timestamp=2000000060\n#Instance=i-0123456789abcdef0\n";
const std::string kKey = std::string(kOpensshKeys[1].line) + "\n";
const std::string kSignature = "AAAA\n";
const std::string kRecord = kHead + kKey + kSignature;

// The slugs of what was dropped, in order.
std::vector<std::string> Slugs(const ParsedBlob& blob) {
  std::vector<std::string> slugs;
  for (const Rejection& rejection : blob.rejections) {
    slugs.emplace_back(Slug(rejection.error.reason));
  }
  return slugs;
}

TEST(ParseKeyBlob, ReadsARecord) {
  const std::string blob = "#Timestamp=1\n#Instance=i\n#Caller=c\n#Request=r\n" + kKey + "AQID\n";
  const ParsedBlob parsed = ParseKeyBlob(blob);
  ASSERT_EQ(parsed.records.size(), 1U);
  const KeyRecord& record = parsed.records[0];
  EXPECT_EQ(record.expiry.unix_seconds(), 1);
  EXPECT_EQ(record.instance_id, "i");
  EXPECT_EQ(record.caller, "c");
  EXPECT_EQ(record.request_id, "r");
  EXPECT_EQ(record.signature, "\x01\x02\x03");
  EXPECT_EQ(AuthorizedKeysLine(record.key), kOpensshKeys[1].line);
}

TEST(ParseKeyBlob, SignedBytesAreTheBlobsOwn) {
  const std::string blob = "\n\n#Timestamp=1 \n#New=\t\n" + kKey + kSignature + "\n" + kRecord;
  const std::string with_instance = "\n" + kHead + "#New= \n" + kKey + kSignature;
  const ParsedBlob parsed = ParseKeyBlob(with_instance);
  ASSERT_EQ(parsed.records.size(), 1U);
  EXPECT_EQ(parsed.records[0].signed_bytes, kHead + "#New= \n" + kKey);
  EXPECT_EQ(parsed.records[0].signed_bytes.data(), with_instance.data() + 1);
  EXPECT_THAT(Slugs(ParseKeyBlob(blob)), ElementsAre("timestamp-malformed"));
}

struct ShapeRow {
  const char* name;
  std::string blob;
  std::size_t records;
  std::vector<std::string> slugs;
};

class BlobShape : public ::testing::TestWithParam<ShapeRow> {};

TEST_P(BlobShape, IsRead) {
  const ParsedBlob parsed = ParseKeyBlob(GetParam().blob);
  EXPECT_EQ(parsed.records.size(), GetParam().records);
  EXPECT_EQ(Slugs(parsed), GetParam().slugs);
}

std::string Wrapped(std::size_t columns) {
  std::string lines;
  for (std::size_t left = 344; left > 0; left -= std::min(left, columns)) {
    lines += std::string(std::min(left, columns), 'A') + "\n";
  }
  return lines;
}

std::string Repeated(std::string_view text, std::size_t count) {
  std::string repeated;
  for (std::size_t i = 0; i < count; ++i) repeated += text;
  return repeated;
}

INSTANTIATE_TEST_SUITE_P(
    Records, BlobShape,
    ::testing::Values(
        ShapeRow{"Empty", "", 0, {}}, ShapeRow{"OneLineEnd", "\n", 0, {}},
        ShapeRow{"BlankLines", " \n\t\r\n\n", 0, {}}, ShapeRow{"One", kRecord, 1, {}},
        ShapeRow{"WithoutFinalLineEnd", kRecord.substr(0, kRecord.size() - 1), 1, {}},
        ShapeRow{"BlankLinesBefore", "\n \n" + kRecord, 1, {}},
        ShapeRow{"BlankLineAfter", kRecord + "\n", 1, {}},
        ShapeRow{"TwoWithOneBlankLine", kRecord + "\n" + kRecord, 2, {}},
        ShapeRow{"TwoWithSeveralBlankLines", kRecord + "\n\t\n\n" + kRecord, 2, {}},
        ShapeRow{"TwoWithoutBlankLine", kRecord + kRecord, 0, {"record-malformed"}},
        ShapeRow{"SignatureWrappedAt64", kHead + kKey + Wrapped(64), 1, {}},
        ShapeRow{"SignatureWrappedAt76", kHead + kKey + Wrapped(76), 1, {}},
        ShapeRow{"UnknownFields", kHead + "#New=1\n#New=2\n#Newer=\n" + kKey + kSignature, 1, {}},
        ShapeRow{"GoodBehindBad", "x\n\n" + kRecord, 1, {"timestamp-missing"}},
        ShapeRow{"BadBehindGood", kRecord + "\nx\n", 1, {"timestamp-missing"}},
        ShapeRow{"BadBetween",
                 kRecord + "\n#Timestamp=x\n" + kKey + kSignature + "\n" + kRecord,
                 2,
                 {"timestamp-malformed"}},
        ShapeRow{"MetadataAlone", kHead, 0, {"record-incomplete"}},
        ShapeRow{"NoSignature", kHead + kKey, 0, {"record-incomplete"}},
        ShapeRow{"NoKeyButASignature", kHead + kSignature, 0, {"key-type-unsupported"}},
        ShapeRow{"NoSignatureBeforeNext", kHead + kKey + kRecord, 0, {"record-malformed"}},
        ShapeRow{"CarriageReturns", "#Timestamp=1\r\n#Instance=i\r\n", 0, {"timestamp-malformed"}},
        ShapeRow{
            "CarriageReturnAfterSignature", kHead + kKey + "AAAA\r\n", 0, {"signature-malformed"}},
        ShapeRow{
            "NulInSignature", kHead + kKey + std::string("AA\0A\n", 5), 0, {"signature-malformed"}},
        ShapeRow{"NulInField", kHead + std::string("#New=\0\n", 7) + kKey + kSignature, 1, {}},
        ShapeRow{"SecondKeyForASignature", kHead + kKey + kKey, 0, {"signature-malformed"}}),
    [](const auto& row) { return std::string(row.param.name); });

const std::string kLongest = "#New=" + std::string(kLineBytesMax - 5, 'x') + "\n";

INSTANTIATE_TEST_SUITE_P(
    Limits, BlobShape,
    ::testing::Values(
        ShapeRow{"LongestLine", kHead + kLongest + kKey + kSignature, 1, {}},
        ShapeRow{
            "LineTooLong", kHead + "#" + kLongest + kKey + kSignature, 0, {"record-malformed"}},
        ShapeRow{"MostFields",
                 kHead + Repeated("#New=\n", kMetadataLinesMax - 2) + kKey + kSignature,
                 1,
                 {}},
        ShapeRow{"FieldTooMany",
                 kHead + Repeated("#New=\n", kMetadataLinesMax - 1) + kKey + kSignature,
                 0,
                 {"record-malformed"}},
        ShapeRow{"ManyFieldsTooMany",
                 kHead + Repeated("#New=\n", 5000) + kKey + kSignature + "\n" + kRecord,
                 1,
                 {"record-malformed"}},
        ShapeRow{
            "MostSignatureLines", kHead + kKey + Repeated("AAAA\n", kSignatureLinesMax), 1, {}},
        ShapeRow{"SignatureLineTooMany",
                 kHead + kKey + Repeated("AAAA\n", kSignatureLinesMax + 1),
                 0,
                 {"signature-malformed"}},
        ShapeRow{"LongestSignature",
                 kHead + kKey + std::string(kSignatureBase64BytesMax, 'A') + "\n",
                 1,
                 {}},
        ShapeRow{"SignatureTooLong",
                 kHead + kKey + std::string(kSignatureBase64BytesMax + 4, 'A') + "\n",
                 0,
                 {"signature-malformed"}},
        ShapeRow{"MostRecords", Repeated(kRecord + "\n", kRecordsMax), kRecordsMax, {}},
        ShapeRow{"RecordTooMany",
                 Repeated(kRecord + "\n", kRecordsMax + 1),
                 kRecordsMax,
                 {"too-many-records"}},
        ShapeRow{"ManyRecordsTooMany",
                 Repeated(kRecord + "\n", kRecordsMax + 300),
                 kRecordsMax,
                 {"too-many-records"}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(ParseKeyBlob, ARejectionSaysWhoseRecordItWas) {
  const ParsedBlob parsed =
      ParseKeyBlob("#Caller=c\n#Request=r\n#Timestamp=x\n" + kKey + kSignature);
  ASSERT_EQ(parsed.rejections.size(), 1U);
  EXPECT_EQ(parsed.rejections[0].caller, "c");
  EXPECT_EQ(parsed.rejections[0].request_id, "r");
  ASSERT_TRUE(parsed.rejections[0].key.has_value());
  EXPECT_EQ(AuthorizedKeysLine(*parsed.rejections[0].key), kOpensshKeys[1].line);
  EXPECT_THAT(parsed.records, IsEmpty());
}

}  // namespace
}  // namespace eic
