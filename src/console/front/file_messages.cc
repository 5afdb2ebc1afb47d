#include "console/front/file_messages.h"

#include <nlohmann/json.hpp>

#include "client/terminal_text.h"
#include "console/front/url.h"
#include "console/limits.h"

namespace eic::console {
namespace {

using Json = nlohmann::json;

// A byte of a name may be shown as four.
constexpr std::size_t kShownPathBytesMax = 4 * kPathBytesMax;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::string> PathOf(const Json& json) {
  auto path = DecodePercent(TextOf(json, "path"), false);
  if (!path || !IsPath(*path)) return std::nullopt;
  return path;
}

std::string Shown(const std::string& text) {
  return client::TerminalLine(text, kShownPathBytesMax);
}

const char* WordOf(Name::Kind kind) {
  switch (kind) {
    case Name::Kind::kFile:
      return "file";
    case Name::Kind::kFolder:
      return "folder";
    case Name::Kind::kLink:
      return "link";
    case Name::Kind::kOther:
      break;
  }
  return "other";
}

}  // namespace

std::optional<FileMessage> ParseFileMessage(std::string_view text) {
  if (text.size() > kTextMessageBytesMax) return std::nullopt;
  const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const std::string type = TextOf(json, "type");
  if (type == "pong") return PagePong{};
  if (type == "put-end") return PutEnd{};
  if (type == "cancel") return Cancel{};
  if (type == "answer") {
    PageAnswer answer{TextOf(json, "question"), TextOf(json, "value")};
    if (answer.question.size() > kValueBytesMax || answer.value.size() > kValueBytesMax) {
      return std::nullopt;
    }
    return answer;
  }
  if (type == "list" && TextOf(json, "path").empty()) return List{};
  const auto path = PathOf(json);
  if (!path) return std::nullopt;
  if (type == "list") return List{*path};
  if (type == "get") return Get{*path};
  if (type == "put" && IsName(path->substr(path->rfind('/') + 1))) {
    const auto replaces = json.find("replace");
    return Put{replaces != json.end() && *replaces == true, *path};
  }
  return std::nullopt;
}

std::string FilesReadyFrame() { return R"({"type":"ready"})"; }

std::string FolderFrame(const std::string& path) {
  return Dump({{"type", "folder"}, {"path", EncodePercent(path)}, {"shown", Shown(path)}});
}

std::string NamesFrame(const Names& names) {
  Json list = Json::array();
  for (const Name& name : names.names) {
    list.push_back({{"name", EncodePercent(name.name)},
                    {"shown", Shown(name.name)},
                    {"kind", WordOf(name.kind)},
                    {"size", name.size},
                    {"modified", name.modified}});
  }
  return Dump({{"type", "names"}, {"names", std::move(list)}});
}

std::string ListedFrame(const Done& done) {
  const Trouble end = TroubleOf(done);
  return Dump({{"type", "listed"}, {"slug", end.slug}, {"words", end.words}, {"next", end.next}});
}

std::string FetchFrame(const std::string& url, const std::optional<std::uint64_t>& size) {
  Json frame = {{"type", "fetch"}, {"url", url}};
  if (size) frame["size"] = *size;
  return Dump(frame);
}

std::string SendFrame(std::uint32_t bytes) { return Dump({{"type", "send"}, {"bytes", bytes}}); }

std::string ProgressFrame(std::uint64_t bytes) {
  return Dump({{"type", "progress"}, {"bytes", bytes}});
}

std::string TransferFrame(const Trouble& end, std::uint64_t bytes) {
  return Dump({{"type", "done"},
               {"slug", end.slug},
               {"words", end.words},
               {"next", end.next},
               {"bytes", bytes}});
}

Trouble TroubleOf(const Done& done) {
  const std::string words = client::TerminalLine(done.words, kValueBytesMax);
  switch (done.how) {
    case Done::How::kDone:
      return {"done", "files", "", ""};
    case Done::How::kCutShort:
      return {"list-cut", "files",
              "The folder has more than " + std::to_string(kListedNamesMax) +
                  " names, and not all are shown.",
              "Use the terminal for this one."};
    case Done::How::kNotFound:
      return {"no-such-file", "files", "There is no such file or folder there.", ""};
    case Done::How::kNotPermitted:
      return {"not-permitted", "files", "The user there may not do this.",
              "Choose another folder, or move the file there with sudo in the terminal."};
    case Done::How::kExists:
      return {"file-exists", "files", "A file of this name is there already.", ""};
    case Done::How::kIsFolder:
      return {"is-folder", "files", "This is a folder.", ""};
    case Done::How::kNotFile:
      return {"not-a-file", "files", "This is no ordinary file.",
              "Use the terminal for links, devices and pipes."};
    case Done::How::kChanged:
      return {"file-changed", "files", "The file became shorter while it was read.", "Try again."};
    case Done::How::kTooLarge:
      return {"file-endless", "files",
              "The file says no size, and has more than " +
                  std::to_string(kUnsizedBytesMax / (1024 * 1024)) + " MiB.",
              "Copy it to an ordinary file in the terminal first."};
    case Done::How::kCancelled:
      return {"cancelled", "files", "Cancelled.", ""};
    case Done::How::kNotRenamed:
      return {
          "not-renamed", "files",
          "The old file is removed, and the new one could not take its name. It is whole, and in "
          "the same folder, as " +
              words,
          "Rename it in the terminal."};
    case Done::How::kFailed:
      break;
  }
  return {"file-failed", "files", "The instance refuses: " + words,
          "Is its disk full? df -h in the terminal says so."};
}

}  // namespace eic::console
