#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace tapestry {

/// A view of bytes that came from the wire or a file. Whoever receives it does not own it.
using Bytes = std::span<const std::uint8_t>;

/// The same bytes as characters. The view lives as long as `bytes`' owner.
std::string_view as_text(Bytes bytes) noexcept;

/// The same characters as bytes. The view lives as long as `text`'s owner.
Bytes as_bytes(std::string_view text) noexcept;

/// Reads wire integers with a bounds check on each; the only place where bytes become integers.
/// After the first failed read `ok()` is false, every later read gives 0 and consumes nothing.
class Cursor {
 public:
  explicit constexpr Cursor(Bytes bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] constexpr bool ok() const noexcept { return ok_; }
  [[nodiscard]] constexpr std::size_t left() const noexcept { return rest_.size(); }
  [[nodiscard]] constexpr Bytes rest() const noexcept { return rest_; }

  constexpr std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(big(1)); }
  constexpr std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(big(2)); }
  constexpr std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(big(4)); }
  constexpr std::uint64_t u64() noexcept { return big(8); }
  constexpr std::uint16_t u16_little() noexcept { return static_cast<std::uint16_t>(little(2)); }
  constexpr std::uint32_t u32_little() noexcept { return static_cast<std::uint32_t>(little(4)); }
  constexpr std::uint64_t u64_little() noexcept { return little(8); }

  /// The next `count` bytes; empty, and `ok()` false, when fewer are left.
  constexpr Bytes take(std::size_t count) noexcept {
    if (!ok_ || count > rest_.size()) {
      ok_ = false;
      return {};
    }
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  constexpr void skip(std::size_t count) noexcept { (void)take(count); }

 private:
  constexpr std::uint64_t big(std::size_t count) noexcept {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(count)) value = value << 8U | byte;
    return value;
  }
  constexpr std::uint64_t little(std::size_t count) noexcept {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t byte : take(count)) {
      value |= std::uint64_t{byte} << shift;
      shift += 8;
    }
    return value;
  }

  Bytes rest_;
  bool ok_ = true;
};

/// Copies a trivially copyable value out of (into) bytes that we wrote ourselves (spool records), in the machine's byte
/// order. `bytes` must hold at least sizeof(T). Never for wire data: that is Cursor's.
template <class T>
T load(Bytes bytes) noexcept {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}
template <class T>
void store(std::span<std::uint8_t> bytes, const T& value) noexcept {
  std::memcpy(bytes.data(), &value, sizeof value);
}

}  // namespace tapestry
