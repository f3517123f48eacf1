#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "sipparse/message.h"

namespace tapestry::sip {

/// Cuts one direction of a TCP connection into SIP messages by Content-Length (RFC 3261 §18.3). Memory is bounded by
/// kMaxMessageBytes; a longer message, a loss, or bytes that are no SIP make it search the next start line, which
/// stands at the beginning or behind a line end. A message without Content-Length, or with one that is no number, has
/// no body. Linear in the bytes fed, and the same messages however they are cut into pushes.
class StreamFramer {
 public:
  /// A whole message, valid inside the call only.
  using Use = std::function<void(Bytes message)>;

  /// Next bytes in order. `lost_before`: some are missing before these, so what waits is dropped.
  void push(Bytes bytes, bool lost_before, const Use& use);
  /// The stream ended: a message that waits for more is handed over if its headers are complete.
  void finish(const Use& use);

  /// Bytes that went into no message: lost framing, junk, messages too long; not the CR LF between messages.
  [[nodiscard]] std::uint64_t skipped_bytes() const noexcept { return skipped_; }

 private:
  [[nodiscard]] std::string_view window() const noexcept;
  bool step(const Use& use);
  bool skip_to_line_start();
  bool find_message();
  void drop(std::size_t count) noexcept;
  void forget() noexcept;
  void compact() noexcept;

  std::vector<std::uint8_t> waiting_;
  std::size_t begin_ = 0;     ///< bytes of waiting_ that are done with
  std::size_t searched_ = 0;  ///< bytes behind begin_ already looked at for a line end
  std::size_t line_ = 0;      ///< where, behind begin_, the line begins that searched_ is in
  std::size_t size_ = 0;      ///< size of the message at begin_; 0 while its headers have not ended
  bool at_line_start_ = true;
  std::uint64_t skipped_ = 0;
};

}  // namespace tapestry::sip
