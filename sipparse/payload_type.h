#pragma once
#include <cstdint>
#include <string_view>

namespace tapestry::sip {

/// A statically assigned RTP payload type (RFC 3551 §6).
struct StaticPayloadType {
  std::uint8_t payload_type = 0;
  std::string_view encoding;
  std::uint32_t clock_hz = 0;
  std::uint8_t channels = 1;
};

/// The assignment of that number; nullptr when it is dynamic, reserved or unassigned.
const StaticPayloadType* static_payload_type(std::uint8_t payload_type) noexcept;

}  // namespace tapestry::sip
