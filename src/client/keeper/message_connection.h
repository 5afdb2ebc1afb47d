// One peer that sends framed messages and gets an answer to each: never blocked by it, never
// holding more of it than one message.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/system/descriptor.h"
#include "client/system/linux_socket.h"

namespace eic::client {

class MessageConnection {
 public:
  MessageConnection(Descriptor socket, Peer peer, std::size_t message_bytes_max)
      : socket_(std::move(socket)), peer_(peer), message_bytes_max_(message_bytes_max) {}

  int descriptor() const { return socket_.get(); }
  const Peer& peer() const { return peer_; }

  // What poll(2) is to wait for: a message, or room for the answer to the last one.
  short Events() const;

  // The answer to one message, without frames; nothing to end here and leave that message, and what
  // came behind it, as they are.
  using Answerer = std::function<std::optional<std::string>(std::string_view message)>;

  // Reads, has answered, and writes what is possible now. False once the connection has served.
  bool Serve(const Answerer& answer);

  // For whoever goes on with it: the socket, and the bytes that have arrived and were not answered.
  Descriptor ReleaseSocket() { return std::move(socket_); }
  std::string ReleaseInput() { return std::move(in_); }

 private:
  bool Read();
  bool Write();
  bool TakeMessages(const Answerer& answer);

  Descriptor socket_;
  Peer peer_;
  std::size_t message_bytes_max_;
  std::string in_;
  std::string out_;
};

}  // namespace eic::client
