#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/bytes.h"

namespace tapestry::tls {

/// Overwrites bytes that were secret; no compiler leaves this out.
void wipe(std::span<std::uint8_t> bytes) noexcept;
void wipe(std::span<char> text) noexcept;

/// A secret of at most kMost bytes, wiped when it goes. Never printed.
class Secret {
 public:
  static constexpr std::size_t kMost = 48;  ///< a master secret; an output of SHA-384

  Secret() = default;
  /// A copy of `bytes`, at most kMost of them. Wiping `bytes` is up to the caller.
  explicit Secret(Bytes bytes) noexcept;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { wipe(octets_); }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Lives as long as this.
  [[nodiscard]] Bytes bytes() const noexcept { return Bytes(octets_).first(size_); }

 private:
  std::array<std::uint8_t, kMost> octets_{};
  std::size_t size_ = 0;
};

}  // namespace tapestry::tls
