#pragma once
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"

namespace tapestry::mux {

/// Reads bits, the most significant first, with a bounds check on each read. After the first failed read `ok()` is
/// false and every later read gives 0.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::size_t left() const noexcept { return bytes_.size() * 8 - at_; }

  /// At most 8 bits.
  std::uint8_t read(unsigned bits) noexcept {
    if (!ok_ || bits > left()) {
      ok_ = false;
      return 0;
    }
    const std::size_t byte = at_ / 8;
    const unsigned next = byte + 1 < bytes_.size() ? bytes_[byte + 1] : 0U;
    const unsigned both = (static_cast<unsigned>(bits == 0 ? 0U : bytes_[byte]) << 8U) | next;
    const auto offset = static_cast<unsigned>(at_ % 8);
    at_ += bits;
    return static_cast<std::uint8_t>(both >> (16U - offset - bits) & ((1U << bits) - 1U));
  }
  void skip(std::size_t bits) noexcept {
    if (!ok_ || bits > left()) {
      ok_ = false;
      return;
    }
    at_ += bits;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tapestry::mux
