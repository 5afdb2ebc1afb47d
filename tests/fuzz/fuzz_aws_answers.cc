// What AWS's services, metadata and programs answer. The first byte says what the rest is:
//
//   d  DescribeInstances   i  DescribeImages   c  GetCallerIdentity   r  AssumeRole   x  an XML
//   error p  SendSSHPublicKey    j  a JSON error     m  served credentials  k  a credential_process
//   t  a time
//
// Anything else is each of them, with that byte.
#include "aws/answers.h"
#include "aws/credentials/metadata_json.h"
#include "aws/credentials/process.h"
#include "aws/limits.h"
#include "aws/time_text.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace eic::fuzz {
namespace {

template <typename T>
bool IsGood(const aws::Outcome<T>& outcome) {
  if (outcome) return true;
  Hold(!outcome.error().code.empty() && !outcome.error().message.empty() &&
           !outcome.error().advice.empty(),
       "a failure says what happened and what to do");
  return false;
}

void HoldWhole(const aws::Credentials& found) {
  Hold(!found.key.access_key_id.empty() && !found.key.secret_access_key.empty(),
       "credentials have both keys");
}

void HoldInstances(std::string_view text) {
  const auto page = aws::ParseDescribeInstances(text);
  if (!IsGood(page)) return;
  for (const aws::Instance& one : page->instances) {
    Hold(!one.instance_id.empty(), "an instance has an id");
  }
}

void HoldIdentity(std::string_view text) {
  const auto identity = aws::ParseCallerIdentity(text);
  if (IsGood(identity)) Hold(!identity->arn.empty(), "a caller has an ARN");
}

void HoldRole(std::string_view text) {
  const auto role = aws::ParseAssumedRole(text);
  if (!IsGood(role)) return;
  HoldWhole(*role);
  Hold(role->expires.has_value(), "a role's credentials end");
}

void HoldError(const aws::ErrorWords& error) {
  Hold(error.code.size() <= aws::kErrorTextBytesMax &&
           error.message.size() <= aws::kErrorTextBytesMax,
       "words of an error are within their limit");
}

void HoldServed(std::string_view text) {
  const auto served = aws::ParseServedCredentials(text);
  if (!served) return;
  HoldWhole(*served);
  Hold(served->expires.has_value(), "served credentials end");
}

void HoldProcess(std::string_view text) {
  const auto printed = aws::ParseProcessOutput(std::string(text));
  if (IsGood(printed)) HoldWhole(*printed);
}

void HoldTime(std::string_view text) {
  (void)aws::ParseHttpDate(text);
  const auto time = aws::ParseIsoTime(text);
  if (!time || *time < Instant()) return;
  Hold(aws::ParseIsoTime(aws::IsoTime(*time)) == time, "a time is written as it was read");
}

}  // namespace

void AwsAnswers(std::string_view input) {
  const char kind = input.empty() ? '*' : input[0];
  const bool is_named = std::string_view("dicrxpjmkt").find(kind) != std::string_view::npos;
  const std::string_view text = is_named ? input.substr(1) : input;
  const auto is = [&](char one) { return !is_named || kind == one; };
  if (is('d')) HoldInstances(text);
  if (is('i')) (void)IsGood(aws::ParseDescribeImages(text));
  if (is('c')) HoldIdentity(text);
  if (is('r')) HoldRole(text);
  if (is('x')) HoldError(aws::ParseXmlError(text));
  if (is('p')) (void)IsGood(aws::ParsePushed(text));
  if (is('j')) HoldError(aws::ParseJsonError(text, std::string(text)));
  if (is('m')) HoldServed(text);
  if (is('k')) HoldProcess(text);
  if (is('t')) HoldTime(text);
}

}  // namespace eic::fuzz
