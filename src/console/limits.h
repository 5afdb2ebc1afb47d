// Every maximum of eic-console, in one table.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace eic::console {

// Sessions at once, ended ones that nobody has read to their end included.
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
// Input that the instance has not taken: a paste of 1 MiB, and what is typed behind it.
inline constexpr std::size_t kInputBytesMax = 2 * 1024 * 1024;

// Packets for a worker that its link has no room for; a worker that takes none is left.
inline constexpr std::size_t kPacketsWaitingMax = 1024;
// Their bytes: more than the window of an upload or of a terminal's input.
inline constexpr std::size_t kBytesWaitingMax = 768 * 1024;

// Output without an acknowledgement; and how much of that has to be free before more may come.
inline constexpr std::size_t kOutputHighBytes = 512 * 1024;
inline constexpr std::size_t kOutputGrantBytes = 128 * 1024;
// What is kept of the acknowledged output, for a page that was loaded again.
inline constexpr std::size_t kOutputKeptBytes = 64 * 1024;
// One binary frame to the page.
inline constexpr std::size_t kOutputFrameBytes = 64 * 1024;

// The link between front and worker. A packet's payload, and input on its way to the instance.
inline constexpr std::size_t kPacketBytesMax = 32 * 1024;
inline constexpr std::size_t kInputWindowBytes = 64 * 1024;
// A page that takes no output for so long is silent: the instance is read on, to answer it.
inline constexpr std::chrono::milliseconds kSilentAfter{1000};
// Output that libssh holds meanwhile, until nothing more is read of the instance. More than
// libssh's window, which an honest instance keeps to.
inline constexpr std::size_t kUnreadBytesMax = 4 * 1024 * 1024;

// A websocket that opens, until its first frame.
inline constexpr std::chrono::seconds kStartTimeMax{10};
// A websocket that is closed, until its connection is dropped.
inline constexpr std::chrono::seconds kCloseTimeMax{10};
// After a signal, until the process ends: pages are told.
inline constexpr std::chrono::milliseconds kFarewellTimeMax{500};
// A worker that is asked to end, until it is left.
inline constexpr std::chrono::seconds kEndTimeMax{5};

// A page that is away: its session waits so long.
inline constexpr std::chrono::seconds kResumeTimeMax{60};
// A page is asked for a sign of life, and cut off when it gives none.
inline constexpr std::chrono::seconds kPingEvery{15};
inline constexpr std::chrono::seconds kTickEvery{1};
inline constexpr std::chrono::seconds kSilenceMax{45};
// Without a key the session ends, after a warning.
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
// Of a file that has no size (those of /proc): so much is taken.
inline constexpr std::uint64_t kUnsizedBytesMax = 64 * 1024 * 1024;
// An instance that owes an answer and says nothing.
inline constexpr std::chrono::seconds kFileSilenceMax{60};
// A download that was asked for, until the browser comes for it.
inline constexpr std::chrono::seconds kFetchTimeMax{30};

// A login: TCP, SSH up to the host key, authentication and shell, a person's answer.
inline constexpr std::chrono::seconds kConnectTimeMax{20};
inline constexpr std::chrono::seconds kHandshakeTimeMax{30};
inline constexpr std::chrono::seconds kLoginTimeMax{60};
inline constexpr std::chrono::seconds kAnswerTimeMax{300};

// Sizes of a terminal that are believed.
inline constexpr std::uint32_t kColumnsMax = 2000;
inline constexpr std::uint32_t kRowsMax = 2000;

// A user of an instance, as SendSSHPublicKey takes one.
inline constexpr std::size_t kUserBytesMax = 32;
// Words of others in a message, and one value.
inline constexpr std::size_t kWordsBytesMax = 4096;
inline constexpr std::size_t kValueBytesMax = 256;

// A worker: what it may write to in memory, and descriptors.
inline constexpr std::size_t kWorkerDataBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kWorkerDescriptorsMax = 8;

}  // namespace eic::console
