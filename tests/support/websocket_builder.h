#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace tapestry::testing {

inline constexpr std::uint8_t kWebSocketContinuation = 0;
inline constexpr std::uint8_t kWebSocketText = 1;
inline constexpr std::uint8_t kWebSocketBinary = 2;
inline constexpr std::uint8_t kWebSocketClose = 8;
inline constexpr std::uint8_t kWebSocketPing = 9;

/// How a frame is written (RFC 6455 §5.2).
struct WebSocketOptions {
  std::uint8_t opcode = kWebSocketText;
  bool final = true;
  bool masked = false;
  unsigned length_octets = 0;  ///< 1, 2 or 8 octets of length, 0: as few as possible
};

/// One frame; the mask is a fixed one.
std::string websocket_frame(std::string_view payload, const WebSocketOptions& options = {});
/// The handshake of both sides, SIP being the subprotocol.
std::string websocket_request();
std::string websocket_answer();

}  // namespace tapestry::testing
