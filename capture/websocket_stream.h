#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "capture/websocket_frame.h"
#include "core/bytes.h"

namespace tapestry::capture {

/// What became of the WebSockets' bytes.
struct WebSocketTally {
  std::uint64_t messages = 0;       ///< handed on
  std::uint64_t lost = 0;           ///< places where the next frame had to be searched: loss, too long, no frame
  std::uint64_t skipped_bytes = 0;  ///< that went into no frame
};

/// One direction of a TCP connection that may be a WebSocket (RFC 6455) whose messages are SIP (RFC 7118): told by its
/// handshake, or, where that was not seen, by a frame that begins a SIP message. Memory is bounded by kMaxMessage.
/// Behind a loss the next frame that begins a SIP message is searched. Linear in the bytes fed.
class WebSocketStream {
 public:
  static constexpr std::size_t kMaxMessage = 64U << 10U;    ///< a longer one is dropped
  static constexpr std::size_t kMaxHandshake = 16U << 10U;  ///< a longer one makes it no WebSocket
  /// A whole message, valid inside the call only.
  using Use = std::function<void(Bytes message)>;

  /// Next bytes in order. Gives what is no WebSocket's, to be handed on as it is.
  Bytes add(Bytes bytes, bool lost_before, WebSocketTally& tally, const Use& use);

 private:
  enum class State : std::uint8_t { Plain, Handshake, Frames, Searching };

  void choose(Bytes bytes) noexcept;
  [[nodiscard]] Bytes waiting() const noexcept { return Bytes(waiting_).subspan(begin_); }
  bool step(WebSocketTally& tally, const Use& use);
  bool read_handshake() noexcept;
  bool read_frame(WebSocketTally& tally, const Use& use);
  bool search(WebSocketTally& tally);
  void take_payload(const WebSocketFrame& frame, Bytes payload, WebSocketTally& tally, const Use& use);
  void lose(WebSocketTally& tally);

  State state_ = State::Plain;
  bool begun_ = false;
  std::vector<std::uint8_t> waiting_;
  std::size_t begin_ = 0;     ///< bytes of waiting_ that are done with
  std::size_t searched_ = 0;  ///< bytes of a handshake already looked at for its end
  std::vector<std::uint8_t> message_;
  bool in_message_ = false;  ///< a data frame that was not the last of its message came
};

}  // namespace tapestry::capture
