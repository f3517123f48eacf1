#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/bytes.h"

namespace tapestry {

/// The process's random hash seed: fixed after the first call, from the kernel's random source.
std::uint64_t hash_seed() noexcept;

/// Mixes 64 bits into a running hash: one 64x64→128 multiplication, folded.
[[nodiscard]] inline std::uint64_t hash_mix(std::uint64_t hash, std::uint64_t value) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{hash ^ value ^ 0x9e3779b97f4a7c15ULL} * 0xd6e8feb86659fd93ULL;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// Seeded hash of any bytes; not stable between processes, so never for anything that is stored.
[[nodiscard]] std::uint64_t hash_bytes(Bytes bytes) noexcept;

/// Transparent hash for string keys: lookup by string_view without a copy.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return hash_bytes(as_bytes(text)); }
};

}  // namespace tapestry
