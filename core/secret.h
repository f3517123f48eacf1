#pragma once
#include <array>
#include <cstdint>

#include "core/bytes.h"

namespace tapestry {

/// Key material: a few bytes that are wiped from memory when they are no longer needed. Has no way into a stream, and
/// must never be put into any output.
class Secret {
 public:
  /// The longest that is held.
  static constexpr std::size_t kMostBytes = 64;

  Secret() = default;
  /// Copies the bytes; empty when they are more than kMostBytes. Wiping `bytes` is up to the caller.
  explicit Secret(Bytes bytes) noexcept;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();

  [[nodiscard]] bool empty() const noexcept { return used_ == 0; }
  /// Valid as long as the secret is neither changed nor destroyed.
  [[nodiscard]] Bytes bytes() const noexcept { return Bytes(bytes_).first(used_); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::array<std::uint8_t, kMostBytes> bytes_{};
  std::size_t used_ = 0;
};

/// Overwrites bytes in a way that no compiler leaves out.
void wipe(std::span<std::uint8_t> bytes) noexcept;

}  // namespace tapestry
