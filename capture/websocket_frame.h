#pragma once
#include <array>
#include <cstdint>
#include <expected>
#include <string_view>

#include "core/bytes.h"

namespace tapestry::capture {

/// Header of a WebSocket frame (RFC 6455 §5.2).
struct WebSocketFrame {
  bool final = false;
  std::uint8_t opcode = 0;
  bool masked = false;
  std::array<std::uint8_t, 4> key{};
  std::size_t header = 0;    ///< bytes of the header
  std::uint64_t length = 0;  ///< bytes of the payload

  [[nodiscard]] bool is_control() const noexcept { return opcode >= 8; }
  [[nodiscard]] bool is_continuation() const noexcept { return opcode == 0; }
};

/// Why there is no frame: more bytes are needed, or no frame begins so (reserved bits, which stand for compression
/// among others; reserved opcodes; long or fragmented control frames; impossible lengths).
enum class NoFrame : std::uint8_t { Incomplete, Bad };
[[nodiscard]] std::expected<WebSocketFrame, NoFrame> parse_websocket_frame(Bytes bytes) noexcept;

/// Octet `at` of a frame's payload without its mask.
[[nodiscard]] inline std::uint8_t unmask(const WebSocketFrame& frame, std::uint8_t octet, std::size_t at) noexcept {
  return frame.masked ? static_cast<std::uint8_t>(octet ^ frame.key[at % 4]) : octet;
}

/// Whether the bytes begin with a frame whose payload begins a SIP message (RFC 7118). Perhaps: more bytes are needed.
enum class Likeness : std::uint8_t { No, Perhaps, Yes };
[[nodiscard]] Likeness begins_websocket_sip(Bytes bytes) noexcept;

/// Whether the text begins like either side's handshake (RFC 6455 §4): a GET request or a 101 answer.
[[nodiscard]] bool begins_handshake(std::string_view text) noexcept;
/// Whether such header lines say that the connection becomes a WebSocket.
[[nodiscard]] bool upgrades_to_websocket(std::string_view lines) noexcept;
/// Whether they name SIP as its subprotocol (RFC 7118 §4).
[[nodiscard]] bool names_sip_protocol(std::string_view lines) noexcept;

}  // namespace tapestry::capture
