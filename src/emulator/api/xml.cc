#include "emulator/api/xml.h"

namespace eic::emulator {
namespace {

constexpr std::string_view kProlog = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The bytes of the well-formed UTF-8 sequence that `text` begins with (RFC 3629 section 4); 0 where
// it begins with none, or with a character of more than one byte that XML does not allow.
std::size_t SequenceBytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (size == 0 || first > 0xF4 || text.size() < size) return 0;
  unsigned code = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (!IsContinuation(text[i])) return 0;
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool is_shortest = size < 3 || (size == 3 ? code >= 0x800 : code >= 0x10000);
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  const bool is_no_character = code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF;
  return is_shortest && !is_surrogate && !is_no_character ? size : 0;
}

std::string_view Reference(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return "";
  }
}

}  // namespace

std::string EscapedXml(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const char c = text[0];
    const std::string_view reference = Reference(c);
    std::size_t size = 1;
    if (!reference.empty()) {
      escaped += reference;
    } else if (c >= 0x20 && c < 0x7F) {
      escaped.push_back(c);
    } else if (const std::size_t bytes = SequenceBytes(text); bytes != 0) {
      escaped += text.substr(0, bytes);
      size = bytes;
    } else {
      escaped.push_back('?');
    }
    text.remove_prefix(size);
  }
  return escaped;
}

std::string Nested(std::string_view name, std::string_view content) {
  std::string element = "<";
  return element.append(name).append(">").append(content).append("</").append(name).append(">");
}

std::string Element(std::string_view name, std::string_view text) {
  return Nested(name, EscapedXml(text));
}

std::string OptionalElement(std::string_view name, std::string_view text) {
  return text.empty() ? "" : Element(name, text);
}

HttpAnswer XmlAnswer(int status, std::string_view root, std::string_view name_space,
                     std::string_view content, const std::string& request_id) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::string(kProlog) + "<" + std::string(root);
  if (!name_space.empty()) answer.body.append(" xmlns=\"").append(name_space).append("\"");
  answer.body.append(">").append(content).append("</").append(root).append(">");
  answer.content_type = "text/xml;charset=UTF-8";
  answer.headers.emplace("x-amzn-RequestId", request_id);
  return answer;
}

}  // namespace eic::emulator
