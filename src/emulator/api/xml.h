// The XML of EC2's and STS's answers: elements whose text is escaped, and no more.
#pragma once

#include <string>
#include <string_view>

#include "emulator/http.h"

namespace eic::emulator {

// `text` as character data (XML 1.0 section 2.4), valid UTF-8 kept. What XML does not allow, or is
// no UTF-8, becomes a question mark.
std::string EscapedXml(std::string_view text);

// <name>text</name>, with the text escaped.
std::string Element(std::string_view name, std::string_view text);
// The same, or nothing where there is no text.
std::string OptionalElement(std::string_view name, std::string_view text);
// <name>content</name>, with elements as its content.
std::string Nested(std::string_view name, std::string_view content);

// The root element `root` in the namespace `name_space`, as an answer.
HttpAnswer XmlAnswer(int status, std::string_view root, std::string_view name_space,
                     std::string_view content, const std::string& request_id);

}  // namespace eic::emulator
