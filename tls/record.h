#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.h"

namespace tapestry::tls {

/// ContentType (RFC 8446 §5.1)
inline constexpr std::uint8_t kChangeCipherSpec = 20;
inline constexpr std::uint8_t kAlert = 21;
inline constexpr std::uint8_t kHandshake = 22;
inline constexpr std::uint8_t kApplicationData = 23;

inline constexpr std::size_t kRecordHeader = 5;
inline constexpr std::size_t kMaxRecordBody = (16U << 10U) + 2048;  ///< RFC 5246 §6.2.3

/// Header of a record of TLS 1.0 to 1.3.
struct RecordHeader {
  std::uint8_t type = 0;
  std::uint16_t version = 0;
  std::size_t length = 0;  ///< octets behind the header
};

/// Reads kRecordHeader octets; nothing when no record begins so.
[[nodiscard]] std::optional<RecordHeader> parse_record_header(Bytes bytes) noexcept;

/// Whether a segment begins with a record that begins a ClientHello or ServerHello.
[[nodiscard]] bool begins_like_tls(Bytes bytes) noexcept;

}  // namespace tapestry::tls
