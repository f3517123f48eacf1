#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "core/bytes.h"

namespace tapestry::capture {

/// Where a capture file's bytes come from. One thread only.
class ByteReader {
 public:
  virtual ~ByteReader() = default;
  /// Fills the beginning of `into` (never empty) and says how much; 0 at the end.
  /// Throws std::runtime_error when the world fails (disk, network file system).
  virtual std::size_t read(std::span<std::uint8_t> into) = 0;
  /// Bytes of the file taken so far, before decompression.
  [[nodiscard]] virtual std::uint64_t consumed() const noexcept = 0;
  /// Bytes of the file; 0 when unknown.
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
  /// Why the bytes ended before their end, a sentence; empty when they did not.
  [[nodiscard]] virtual std::string fault() const { return {}; }
};

}  // namespace tapestry::capture
