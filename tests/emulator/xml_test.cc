#include "emulator/api/xml.h"

#include <gtest/gtest.h>

namespace eic::emulator {
namespace {

TEST(Xml, TextIsEscapedAndWhatXmlDoesNotAllowIsAQuestionMark) {
  const std::pair<std::string, std::string> kTexts[] = {
      {"plain web-1", "plain web-1"},
      {"<a & b>", "&lt;a &amp; b&gt;"},
      {std::string("a\0b\n\x7F", 5), "a?b??"},
      {"gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80",
       "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80"},
      {"\xC3", "?"},                 // cut short
      {"\xC0\xAF", "??"},            // overlong
      {"\xE0\x80\xAF", "???"},       // overlong
      {"\xED\xA0\x80", "???"},       // a surrogate
      {"\xEF\xBF\xBF", "???"},       // U+FFFF is no character
      {"\xF4\x90\x80\x80", "????"},  // beyond Unicode
      {"\xC3(", "?("},               // no continuation
  };
  for (const auto& [text, escaped] : kTexts) EXPECT_EQ(EscapedXml(text), escaped);
}

TEST(Xml, ElementsNest) {
  EXPECT_EQ(Element("a", "<"), "<a>&lt;</a>");
  EXPECT_EQ(OptionalElement("a", ""), "");
  EXPECT_EQ(Nested("b", Element("a", "x")), "<b><a>x</a></b>");
  const HttpAnswer answer = XmlAnswer(403, "R", "urn:n", Element("a", "x"), "id");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R xmlns=\"urn:n\"><a>x</a></R>");
  EXPECT_EQ(answer.headers.at("x-amzn-RequestId"), "id");
}

}  // namespace
}  // namespace eic::emulator
