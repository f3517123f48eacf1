#pragma once
#include <cstdint>
#include <span>

namespace tapestry::bench {

/// Calls of one round that keep their ports apart from those of the five rounds after it.
inline constexpr std::uint32_t kCallsPerRound = 4000;

/// Makes speech in G.711 that of one stream alone, by its least significant bits: what is the same in two streams would
/// be taken for relayed media. Of equal seeds the same.
void individualize(std::span<std::uint8_t> payload, std::uint64_t seed);

/// Makes a frame of write_load() (G.711, no tunnel) one of another round: SSRCs, media ports, payloads, Call-IDs and
/// customers' numbers differ by the round, length and order stay. Rounds are 1, 2, 3, ... up to 65,535. UDP checksums
/// are left out.
void renumber(std::span<std::uint8_t> frame, std::uint32_t round);

}  // namespace tapestry::bench
