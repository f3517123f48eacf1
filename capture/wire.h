#pragma once
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>

#include "core/bytes.h"

namespace tapestry::capture {

/// Integers at fixed places of a view whose length the caller has already checked: Cursor's work without its check per
/// field, for the two hottest loops. Out of bounds is our own bug.
template <std::endian order, class Integer>
Integer wire_integer(Bytes bytes, std::size_t at) noexcept {
  assert(at + sizeof(Integer) <= bytes.size());
  Integer value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return order == std::endian::native ? value : std::byteswap(value);
}

inline std::uint16_t big16(Bytes bytes, std::size_t at) noexcept {
  return wire_integer<std::endian::big, std::uint16_t>(bytes, at);
}
inline std::uint32_t big32(Bytes bytes, std::size_t at) noexcept {
  return wire_integer<std::endian::big, std::uint32_t>(bytes, at);
}
inline std::uint16_t little16(Bytes bytes, std::size_t at) noexcept {
  return wire_integer<std::endian::little, std::uint16_t>(bytes, at);
}
inline std::uint32_t little32(Bytes bytes, std::size_t at) noexcept {
  return wire_integer<std::endian::little, std::uint32_t>(bytes, at);
}

}  // namespace tapestry::capture
