// How a server may answer one request, by name: what a RawServer is told to do.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace eic::fakes {

struct Step {
  enum class Kind {
    kSend,         // `bytes`
    kSendForever,  // `bytes`, again and again
    kPause,        // for `pause`
    kHang,         // the connection stays open and silent
    kClose,        // in order
    kReset,        // with RST
  };
  Kind kind;
  std::string bytes;
  std::chrono::milliseconds pause{0};
};

// What follows a request. Where it neither hangs nor closes, the connection takes another request.
using Behaviour = std::vector<Step>;

// Well-behaved.
Behaviour Answers(int status, std::string_view body);  // with Content-Length, then closes
Behaviour AnswersAndKeepsOpen(std::string_view body);
Behaviour AnswersAfter(std::chrono::milliseconds pause, std::string_view body);
Behaviour AnswersChunked(const std::vector<std::string>& chunks);
Behaviour AnswersCoded(std::string_view transfer_encoding, std::string_view bytes);
Behaviour AnswersHttp10(std::string_view body);  // no length: the end of the connection ends it
Behaviour AnswersAfterContinue(std::string_view body);
Behaviour Redirects(std::string_view location);

// Faulty.
Behaviour Resets();
Behaviour ResetsInBody();
Behaviour ClosesWithoutAnswer();
Behaviour Truncates(std::string_view body, std::size_t promised);
Behaviour TruncatesChunks();
Behaviour Hangs();
Behaviour HangsInHeaders();
Behaviour HangsInBody();
Behaviour HangsBeforeBody(int status);
Behaviour ClosesBeforeBody(int status);
Behaviour Drips(std::chrono::milliseconds pause);  // a byte of the body at a time
Behaviour Garbage();
Behaviour BadLength();
Behaviour BadChunkSize();

// Without an end.
Behaviour HeaderFlood();
Behaviour EndlessHeaderLine();
Behaviour ContinueFlood();
Behaviour TrailerFlood();
Behaviour EndlessChunks();
Behaviour EndlessChunkExtension();
Behaviour EndlessBody();                              // no length
Behaviour EndlessBodyOfLength(std::size_t promised);  // says beforehand how much

}  // namespace eic::fakes
