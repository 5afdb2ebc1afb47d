#include "console/front/page_messages.h"

#include <nlohmann/json.hpp>

#include "console/limits.h"

namespace eic::console {
namespace {

using Json = nlohmann::json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::uint64_t> NumberOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

std::optional<std::string> TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  std::string text = found->get<std::string>();
  if (text.size() > kValueBytesMax) return std::nullopt;
  return text;
}

std::optional<PageSize> SizeOf(const Json& json) {
  const auto columns = NumberOf(json, "columns");
  const auto rows = NumberOf(json, "rows");
  if (!columns || !rows || *columns == 0 || *rows == 0) return std::nullopt;
  if (*columns > kColumnsMax || *rows > kRowsMax) return std::nullopt;
  return PageSize{static_cast<std::uint32_t>(*columns), static_cast<std::uint32_t>(*rows)};
}

std::optional<PageMessage> StartOf(const Json& json) {
  const auto size = SizeOf(json);
  const auto from = NumberOf(json, "from");
  if (!size || !from) return std::nullopt;
  return PageStart{size->columns, size->rows, *from};
}

std::optional<PageMessage> AnswerOf(const Json& json) {
  const auto question = TextOf(json, "question");
  const auto value = TextOf(json, "value");
  if (!question || !value) return std::nullopt;
  return PageAnswer{*question, *value};
}

}  // namespace

std::optional<PageMessage> ParsePageMessage(std::string_view text) {
  if (text.size() > kTextMessageBytesMax) return std::nullopt;
  const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto type = TextOf(json, "type");
  if (!type) return std::nullopt;
  if (*type == "start") return StartOf(json);
  if (*type == "answer") return AnswerOf(json);
  if (*type == "pong") return PagePong{};
  if (*type == "stay") return PageStay{};
  if (*type == "end") return PageEnd{};
  if (*type == "size") {
    if (const auto size = SizeOf(json)) return *size;
  }
  if (*type == "ack") {
    if (const auto bytes = NumberOf(json, "bytes")) return PageAck{*bytes};
  }
  return std::nullopt;
}

std::string StepFrame(const Step& step) {
  return Dump({{"type", "step"},
               {"step", step.step},
               {"state", step.is_done ? "done" : "doing"},
               {"words", step.words}});
}

std::string QuestionFrame(const Question& question) {
  return Dump({{"type", "question"},
               {"question", question.id},
               {"kind", question.kind},
               {"words", question.words},
               {"fingerprint", question.fingerprint}});
}

std::string ReadyFrame(std::uint64_t from, const HostKeyFacts& host_key,
                       const std::string& address) {
  Json frame = {{"type", "ready"}, {"from", from}};
  if (!host_key.fingerprint.empty()) {
    frame["host_key"] = {{"fingerprint", host_key.fingerprint},
                         {"known_from", host_key.known_from}};
  }
  if (!address.empty()) frame["address"] = address;
  return Dump(frame);
}

std::string PingFrame(std::uint64_t number) { return Dump({{"type", "ping"}, {"n", number}}); }

std::string MovedFrame() { return R"({"type":"moved"})"; }

std::string IdleFrame(std::int64_t seconds_left) {
  return Dump({{"type", "idle"}, {"seconds_left", seconds_left}});
}

std::string EndFrame(const Trouble& end, std::uint32_t status) {
  return Dump({{"type", "end"},
               {"slug", end.slug},
               {"step", end.step},
               {"words", end.words},
               {"next", end.next},
               {"status", status}});
}

}  // namespace eic::console
