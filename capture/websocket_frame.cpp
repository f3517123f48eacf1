#include "capture/websocket_frame.h"

#include <algorithm>

#include "capture/sip_start.h"

namespace tapestry::capture {
namespace {

constexpr std::uint8_t kText = 1;
constexpr std::uint8_t kBinary = 2;
constexpr std::uint64_t kLongestControl = 125;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// `name` in lower case.
bool equals(std::string_view text, std::string_view name) noexcept { return std::ranges::equal(text, name, {}, lower); }

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string_view take_until(std::string_view& text, char end) noexcept {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

/// Whether a header of that name has the token in its list; both in lower case.
bool has_token(std::string_view lines, std::string_view name, std::string_view token) noexcept {
  while (!lines.empty()) {
    std::string_view value = take_until(lines, '\n');
    if (!equals(trimmed(take_until(value, ':')), name)) continue;
    while (!value.empty()) {
      if (equals(trimmed(take_until(value, ',')), token)) return true;
    }
  }
  return false;
}

bool is_known(std::uint8_t opcode) noexcept { return opcode <= kBinary || (opcode >= 8 && opcode <= 10); }

}  // namespace

std::expected<WebSocketFrame, NoFrame> parse_websocket_frame(Bytes bytes) noexcept {
  Cursor cursor(bytes);
  const unsigned first = cursor.u8();
  if (cursor.ok() && ((first & 0x70U) != 0 || !is_known(first & 0x0fU))) return std::unexpected(NoFrame::Bad);
  const unsigned second = cursor.u8();
  WebSocketFrame frame;
  frame.final = (first & 0x80U) != 0;
  frame.opcode = first & 0x0fU;
  frame.masked = (second & 0x80U) != 0;
  frame.length = second & 0x7fU;
  if (frame.is_control() && (frame.length > kLongestControl || (cursor.ok() && !frame.final))) {
    return std::unexpected(NoFrame::Bad);
  }
  if (frame.length == 126) {
    frame.length = cursor.u16();
  } else if (frame.length == 127) {
    frame.length = cursor.u64();
  }
  if (frame.length >> 63U != 0) return std::unexpected(NoFrame::Bad);
  if (frame.masked) std::ranges::copy(cursor.take(frame.key.size()), frame.key.begin());
  if (!cursor.ok()) return std::unexpected(NoFrame::Incomplete);
  frame.header = bytes.size() - cursor.left();
  return frame;
}

Likeness begins_websocket_sip(Bytes bytes) noexcept {
  if (bytes.empty()) return Likeness::Perhaps;
  const unsigned opcode = bytes.front() & 0x7fU;
  if (opcode != kText && opcode != kBinary) return Likeness::No;
  const auto frame = parse_websocket_frame(bytes);
  if (!frame) return frame.error() == NoFrame::Bad ? Likeness::No : Likeness::Perhaps;
  const Bytes payload = bytes.subspan(frame->header);
  const auto enough = static_cast<std::size_t>(std::min<std::uint64_t>(frame->length, kSipStart));
  std::array<char, kSipStart> start{};
  const std::size_t size = std::min(payload.size(), enough);
  for (std::size_t at = 0; at < size; ++at) start.at(at) = static_cast<char>(unmask(*frame, payload[at], at));
  if (begins_like_sip({start.data(), size})) return Likeness::Yes;
  return size < enough ? Likeness::Perhaps : Likeness::No;
}

bool begins_handshake(std::string_view text) noexcept {
  return text.starts_with("GET ") || text.starts_with("HTTP/1.1 101 ");
}

bool upgrades_to_websocket(std::string_view lines) noexcept { return has_token(lines, "upgrade", "websocket"); }

bool names_sip_protocol(std::string_view lines) noexcept { return has_token(lines, "sec-websocket-protocol", "sip"); }

}  // namespace tapestry::capture
