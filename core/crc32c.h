#pragma once
#include <cstdint>

#include "core/bytes.h"

namespace tapestry {

/// CRC-32C (Castagnoli; RFC 3720 appendix B.4) of `bytes`, as if `before` had been computed over what stands in front
/// of them; 0 for nothing. By the processor's own instruction where it has one. Any thread.
[[nodiscard]] std::uint32_t crc32c(Bytes bytes, std::uint32_t before = 0) noexcept;

/// The same without the instruction; for tests.
[[nodiscard]] std::uint32_t crc32c_by_table(Bytes bytes, std::uint32_t before = 0) noexcept;

}  // namespace tapestry
