// Every maximum of eic-console, in one table.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace eic::console {

// Sessions at once, including ended ones whose output no page has read to its end.
inline constexpr std::size_t kSessionsMax = 1000;
// Connections of browsers at once.
inline constexpr std::size_t kConnectionsMax = 2048;
// Descriptors of the front. A session has two: its worker's link and its page's websocket. The
// others are for logins, each with a socket to the instance, one to AWS and both ends of a link;
// for panels of files, each with a link, a websocket and a download; for connections that ask for a
// page; and for files.
inline constexpr std::size_t kDescriptorsOfSession = 2;
inline constexpr std::size_t kDescriptorsOfOthers = 500;
inline constexpr std::size_t kDescriptorsMax = 8192;
// Logins and lists of instances that wait for AWS, an instance or a person at once; each has a
// thread.
inline constexpr std::size_t kLoginsMax = 64;
inline constexpr std::size_t kListsMax = 16;

// HTTP.
inline constexpr std::size_t kHeaderBytesMax = 16 * 1024;
inline constexpr std::size_t kBodyBytesMax = 64 * 1024;
inline constexpr std::chrono::seconds kRequestTimeMax{30};

// A websocket's message. The page sends at most 16 KiB of a paste in one.
inline constexpr std::size_t kMessageBytesMax = 64 * 1024;
inline constexpr std::size_t kTextMessageBytesMax = 4 * 1024;
// Input that the instance has not taken: a paste of 1 MiB, and what is typed after it.
inline constexpr std::size_t kInputBytesMax = 2 * 1024 * 1024;

// Packets for a worker for which its link has no room. A worker that reads none is abandoned.
inline constexpr std::size_t kPacketsWaitingMax = 1024;
// Their bytes: more than the window of an upload or of a terminal's input.
inline constexpr std::size_t kBytesWaitingMax = 768 * 1024;

// Output without an acknowledgement; and how much of that must be free before more may come.
inline constexpr std::size_t kOutputHighBytes = 512 * 1024;
inline constexpr std::size_t kOutputGrantBytes = 128 * 1024;
// Acknowledged output that is kept for a page that is reloaded.
inline constexpr std::size_t kOutputKeptBytes = 64 * 1024;
// One binary frame to the page.
inline constexpr std::size_t kOutputFrameBytes = 64 * 1024;

// The link between front and worker. A packet's payload, and input on its way to the instance.
inline constexpr std::size_t kPacketBytesMax = 32 * 1024;
inline constexpr std::size_t kInputWindowBytes = 64 * 1024;
// A page that takes no output for this long is silent. The worker then goes on reading from the
// instance, to answer its keepalive.
inline constexpr std::chrono::milliseconds kSilentAfter{1000};
// Output that libssh holds in the meantime, before the worker stops reading. More than libssh's
// window, to which an honest instance keeps.
inline constexpr std::size_t kUnreadBytesMax = 4 * 1024 * 1024;

// A websocket that opens, until its first frame.
inline constexpr std::chrono::seconds kStartTimeMax{10};
// A websocket that is closed, until its connection is dropped.
inline constexpr std::chrono::seconds kCloseTimeMax{10};
// From a signal until the process ends: time to notify pages.
inline constexpr std::chrono::milliseconds kFarewellTimeMax{500};
// From asking a worker to end until it is abandoned.
inline constexpr std::chrono::seconds kEndTimeMax{5};

// How long a session waits for a page to reconnect.
inline constexpr std::chrono::seconds kResumeTimeMax{60};
// How often a page is pinged, and after which silence it is disconnected.
inline constexpr std::chrono::seconds kPingEvery{15};
inline constexpr std::chrono::seconds kTickEvery{1};
inline constexpr std::chrono::seconds kSilenceMax{45};
// A session without keystrokes ends after this time, and after a warning.
inline constexpr std::chrono::seconds kIdleTimeDefault{12 * 3600};
inline constexpr std::chrono::seconds kIdleWarning{60};

// Files, of one panel of a terminal's page. Panels at once, whose logins, links and websockets are
// among the others' descriptors.
inline constexpr std::size_t kFilePanelsMax = 32;
// A path, a name in it (NAME_MAX), and names of a folder that are listed.
inline constexpr std::size_t kPathBytesMax = 1024;
inline constexpr std::size_t kNameBytesMax = 255;
inline constexpr std::size_t kListedNamesMax = 5000;
// Answers to a list: an instance may give one name with each, or none.
inline constexpr std::size_t kListAnswersMax = 2 * kListedNamesMax;
// Frames with names that a page has not taken yet.
inline constexpr std::size_t kListFramesMax = 64;
// A packet of SFTP, as OpenSSH's has it; one read or write; those that are under way at once.
inline constexpr std::size_t kSftpPacketBytesMax = 256 * 1024;
inline constexpr std::uint32_t kFileBlockBytes = 32 * 1024;
inline constexpr std::size_t kFileBlocksMax = 16;
inline constexpr std::size_t kFileWindowBytes = kFileBlocksMax * kFileBlockBytes;
// The most that is read of a file without a size, such as those in /proc.
inline constexpr std::uint64_t kUnsizedBytesMax = 64 * 1024 * 1024;
// How long an instance may delay an answer.
inline constexpr std::chrono::seconds kFileSilenceMax{60};
// From the offer of a download until the browser requests it.
inline constexpr std::chrono::seconds kFetchTimeMax{30};

// A login: TCP, SSH up to the host key, authentication and shell, a person's answer.
inline constexpr std::chrono::seconds kConnectTimeMax{20};
inline constexpr std::chrono::seconds kHandshakeTimeMax{30};
inline constexpr std::chrono::seconds kLoginTimeMax{60};
inline constexpr std::chrono::seconds kAnswerTimeMax{300};

// The largest size of a terminal that is accepted.
inline constexpr std::uint32_t kColumnsMax = 2000;
inline constexpr std::uint32_t kRowsMax = 2000;

// A user of an instance, as SendSSHPublicKey accepts one.
inline constexpr std::size_t kUserBytesMax = 32;
// Text of others in a message, and one value.
inline constexpr std::size_t kWordsBytesMax = 4096;
inline constexpr std::size_t kValueBytesMax = 256;

// A worker: writable memory, and descriptors.
inline constexpr std::size_t kWorkerDataBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kWorkerDescriptorsMax = 8;

}  // namespace eic::console
