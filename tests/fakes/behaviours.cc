#include "tests/fakes/behaviours.h"

#include <cstdio>

namespace eic::fakes {
namespace {

using Kind = Step::Kind;
using std::chrono::milliseconds;

constexpr std::size_t kFloodBytes = 4096;
constexpr const char* kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

Step Send(std::string bytes) { return {Kind::kSend, std::move(bytes), milliseconds(0)}; }
Step SendForever(std::string bytes) {
  return {Kind::kSendForever, std::move(bytes), milliseconds(0)};
}
Step Pause(milliseconds pause) { return {Kind::kPause, "", pause}; }
Step Hang() { return {Kind::kHang, "", milliseconds(0)}; }
Step Close() { return {Kind::kClose, "", milliseconds(0)}; }
Step Reset() { return {Kind::kReset, "", milliseconds(0)}; }

std::string Head(int status, std::size_t length, std::string_view more = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Type: text/plain\r\n" +
         "Content-Length: " + std::to_string(length) + "\r\n" + std::string(more) + "\r\n";
}

std::string Chunk(std::string_view bytes) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + std::string(bytes) + "\r\n";
}

}  // namespace

Behaviour Answers(int status, std::string_view body) {
  return {Send(Head(status, body.size(), "Connection: close\r\n") + std::string(body)), Close()};
}

Behaviour AnswersAndKeepsOpen(std::string_view body) {
  return {Send(Head(200, body.size()) + std::string(body))};
}

Behaviour AnswersAfter(milliseconds pause, std::string_view body) {
  Behaviour behaviour = Answers(200, body);
  behaviour.insert(behaviour.begin(), Pause(pause));
  return behaviour;
}

Behaviour AnswersChunked(const std::vector<std::string>& chunks) {
  std::string bytes = kChunkedHead;
  for (const std::string& chunk : chunks) bytes += Chunk(chunk);
  return {Send(bytes + Chunk("")), Close()};
}

Behaviour AnswersCoded(std::string_view transfer_encoding, std::string_view bytes) {
  std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding:";
  head.append(transfer_encoding).append("\r\n\r\n").append(bytes);
  return {Send(head), Close()};
}

Behaviour AnswersHttp10(std::string_view body) {
  return {Send("HTTP/1.0 200 OK\r\n\r\n" + std::string(body)), Close()};
}

Behaviour AnswersAfterContinue(std::string_view body) {
  Behaviour behaviour = Answers(200, body);
  behaviour.insert(behaviour.begin(), Send("HTTP/1.1 100 Continue\r\n\r\n"));
  return behaviour;
}

Behaviour Redirects(std::string_view location) {
  return {
      Send(Head(302, 2, "Connection: close\r\nLocation: " + std::string(location) + "\r\n") + "no"),
      Close()};
}

Behaviour Resets() { return {Reset()}; }

Behaviour ResetsInBody() {
  // Time for the bytes to be read: a reset throws away what lies in the receiver's queue.
  return {Send(Head(200, 1000) + "the first part"), Pause(milliseconds(50)), Reset()};
}

Behaviour ClosesWithoutAnswer() { return {Close()}; }

Behaviour Truncates(std::string_view body, std::size_t promised) {
  return {Send(Head(200, promised) + std::string(body)), Close()};
}

Behaviour TruncatesChunks() { return {Send(kChunkedHead + Chunk("the first part")), Close()}; }

Behaviour Hangs() { return {Hang()}; }

Behaviour HangsInHeaders() { return {Send("HTTP/1.1 200 OK\r\nContent-Le"), Hang()}; }

Behaviour HangsInBody() { return {Send(Head(200, 1000) + "the first part"), Hang()}; }

Behaviour HangsBeforeBody(int status) { return {Send(Head(status, 1000)), Hang()}; }

Behaviour ClosesBeforeBody(int status) { return {Send(Head(status, 1000)), Close()}; }

Behaviour Drips(milliseconds pause) {
  Behaviour behaviour = {Send(Head(200, 1000))};
  for (int i = 0; i < 1000; ++i) {
    behaviour.push_back(Send("x"));
    behaviour.push_back(Pause(pause));
  }
  return behaviour;
}

Behaviour Garbage() { return {Send("\x16\x03\x01 this is not HTTP\r\n\r\n"), Close()}; }

Behaviour BadLength() {
  return {Send("HTTP/1.1 200 OK\r\nContent-Length: twelve\r\n\r\nsomething"), Close()};
}

Behaviour BadChunkSize() {
  return {Send(std::string(kChunkedHead) + "xyz\r\nsomething\r\n0\r\n\r\n"), Close()};
}

Behaviour HeaderFlood() {
  return {Send("HTTP/1.1 200 OK\r\n"), SendForever("X-Flood: " + std::string(100, 'x') + "\r\n")};
}

Behaviour EndlessHeaderLine() {
  return {Send("HTTP/1.1 200 OK\r\nX-Flood: "), SendForever(std::string(kFloodBytes, 'x'))};
}

Behaviour ContinueFlood() { return {SendForever("HTTP/1.1 100 Continue\r\n\r\n")}; }

Behaviour TrailerFlood() {
  return {Send(kChunkedHead + Chunk("something") + "0\r\n"),
          SendForever("X-Flood: " + std::string(100, 'x') + "\r\n")};
}

Behaviour EndlessChunks() {
  return {Send(kChunkedHead), SendForever(Chunk(std::string(kFloodBytes, 'x')))};
}

Behaviour EndlessChunkExtension() {
  return {Send(std::string(kChunkedHead) + "9;name="), SendForever(std::string(kFloodBytes, 'x'))};
}

Behaviour EndlessBody() {
  return {Send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
          SendForever(std::string(kFloodBytes, 'x'))};
}

Behaviour EndlessBodyOfLength(std::size_t promised) {
  return {Send(Head(200, promised)), SendForever(std::string(kFloodBytes, 'x'))};
}

}  // namespace eic::fakes
