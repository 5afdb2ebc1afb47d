// The text frames of a files panel's websocket; doc/console.md has them all. Binary frames are the
// bytes of an upload and are handled elsewhere.
//
// Paths and names are percent-encoded, because an instance's names are bytes. Beside each is its
// form for display.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "console/front/page_messages.h"
#include "console/link/packet.h"

namespace eic::console {

// Messages that go to the worker unchanged (List, Get, Put, PutEnd, Cancel), and those for the
// front.
using FileMessage = std::variant<List, Get, Put, PutEnd, Cancel, PageAnswer, PagePong>;

// Nothing if it is none of these, or if a path is impossible.
std::optional<FileMessage> ParseFileMessage(std::string_view text);

std::string FilesReadyFrame();
std::string FolderFrame(const std::string& path);
std::string NamesFrame(const Names& names);
std::string ListedFrame(const Done& done);
// A download is offered at `url`.
std::string FetchFrame(const std::string& url, const std::optional<std::uint64_t>& size);
// The page may send this many more bytes of an upload.
std::string SendFrame(std::uint32_t bytes);
std::string ProgressFrame(std::uint64_t bytes);
std::string TransferFrame(const Trouble& end, std::uint64_t bytes);

// How a list or a transfer ended; the slug is `done` if it is complete.
Trouble TroubleOf(const Done& done);

}  // namespace eic::console
