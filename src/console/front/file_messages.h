// The text frames of a files panel's websocket; doc/console.md has them all. Binary frames are the
// bytes of an upload, and are not met here.
//
// Paths and names go over it percent-encoded, since an instance's names are bytes; beside each
// stands what there is to show of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "console/front/page_messages.h"
#include "console/link/packet.h"

namespace eic::console {

// What goes to the worker, as it is (List, Get, Put, PutEnd, Cancel); and what is the front's.
using FileMessage = std::variant<List, Get, Put, PutEnd, Cancel, PageAnswer, PagePong>;

// Nothing for what is none of these, and for a path that cannot be.
std::optional<FileMessage> ParseFileMessage(std::string_view text);

std::string FilesReadyFrame();
std::string FolderFrame(const std::string& path);
std::string NamesFrame(const Names& names);
std::string ListedFrame(const Done& done);
// A download can be had at `url`.
std::string FetchFrame(const std::string& url, const std::optional<std::uint64_t>& size);
// So many more bytes of an upload may come.
std::string SendFrame(std::uint32_t bytes);
std::string ProgressFrame(std::uint64_t bytes);
std::string TransferFrame(const Trouble& end, std::uint64_t bytes);

// How a list or a transfer has ended; the slug is `done` where it has done what it should.
Trouble TroubleOf(const Done& done);

}  // namespace eic::console
