#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "core/bytes.h"

namespace tapestry::sip {

/// Cuts one direction of a TCP connection into SIP messages by Content-Length (RFC 3261 §18.3). Memory is bounded by
/// kMaxMessageBytes; a longer message, a loss, or bytes that are no SIP make it search the next start line. Linear in the bytes fed.
class StreamFramer {
 public:
  /// A whole message, valid inside the call only.
  using Use = std::function<void(Bytes message)>;

  /// Next bytes in order. `lost_before`: some are missing before these, so what waits is dropped.
  void push(Bytes bytes, bool lost_before, const Use& use);
  /// The stream ended: a message that waits for more is handed over if its headers are complete.
  void finish(const Use& use);

  [[nodiscard]] std::uint64_t skipped_bytes() const noexcept { return skipped_; }

 private:
  std::vector<std::uint8_t> waiting_;
  std::size_t searched_ = 0;  ///< bytes of waiting_ already looked at for the end of the headers
  std::uint64_t skipped_ = 0;
  bool in_step_ = true;       ///< false: searching for a start line
};

}  // namespace tapestry::sip
