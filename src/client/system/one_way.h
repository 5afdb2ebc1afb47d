// Bytes from one descriptor to another, neither of which blocks, through a buffer that has a limit.
#pragma once

#include <cstddef>
#include <string>

namespace eic::client {

class OneWay {
 public:
  // Borrows both. `pending` are bytes of `from` that were read before.
  OneWay(int from, int to, std::string pending = {})
      : from_(from), to_(to), buffer_(std::move(pending)) {}

  // What poll(2) is to wait for at either end, or 0.
  short FromEvents() const;
  short ToEvents() const;

  // Reads and writes what is possible now.
  void Move();

  // Everything that `from` had has arrived, or cannot any more.
  bool IsDone() const { return has_ended_ && buffer_.empty(); }

 private:
  void Read();
  void Write();

  int from_;
  int to_;
  std::string buffer_;
  bool has_ended_ = false;  // nothing more is read
};

}  // namespace eic::client
