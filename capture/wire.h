#pragma once
#include <cassert>
#include <cstdint>

#include "core/bytes.h"

namespace tapestry::capture {

/// Integers at fixed places of a view whose length the caller has already checked: Cursor's work without its check per
/// field, for the two hottest loops. Out of bounds is our own bug.
constexpr std::uint16_t big16(Bytes bytes, std::size_t at) noexcept {
  assert(at + 2 <= bytes.size());
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

constexpr std::uint32_t big32(Bytes bytes, std::size_t at) noexcept {
  assert(at + 4 <= bytes.size());
  return std::uint32_t{bytes[at]} << 24U | std::uint32_t{bytes[at + 1]} << 16U | std::uint32_t{bytes[at + 2]} << 8U |
         bytes[at + 3];
}

constexpr std::uint16_t little16(Bytes bytes, std::size_t at) noexcept {
  assert(at + 2 <= bytes.size());
  return static_cast<std::uint16_t>(bytes[at + 1] << 8U | bytes[at]);
}

constexpr std::uint32_t little32(Bytes bytes, std::size_t at) noexcept {
  assert(at + 4 <= bytes.size());
  return std::uint32_t{bytes[at + 3]} << 24U | std::uint32_t{bytes[at + 2]} << 16U |
         std::uint32_t{bytes[at + 1]} << 8U | bytes[at];
}

}  // namespace tapestry::capture
