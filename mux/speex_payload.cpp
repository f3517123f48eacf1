#include "mux/speex_payload.h"

#include <array>

#include "mux/bit_reader.h"

namespace tapestry::mux {
namespace {

constexpr unsigned kTerminator = 15;
constexpr unsigned kUserRequest = 13;
constexpr unsigned kRequest = 14;
constexpr unsigned kFewestBits = 5;  ///< fewer are filling

/// Bits of each submode, with those that name it; 0: reserved. The Speex Codec Manual, tables 9.1 and 10.1.
constexpr std::array<std::uint16_t, 9> kBits{5, 43, 119, 160, 220, 300, 364, 492, 79};
constexpr std::array<std::uint16_t, 8> kHighBits{4, 36, 112, 192, 352, 0, 0, 0};

/// Bits of an in-band request after its 4 bits of number (§5.5).
std::size_t request_bits(unsigned number) noexcept {
  if (number < 2) return 1;
  if (number < 8) return 4;
  if (number < 10) return 8;
  if (number < 12) return 16;
  return number < 14 ? 32 : 64;
}

/// The layer above the narrow band, when there is one; false when its submode is reserved.
bool skip_high_band(BitReader& bits) noexcept {
  BitReader ahead = bits;
  if (ahead.left() < 4 || ahead.read(1) == 0) return true;
  const std::uint16_t length = kHighBits[ahead.read(3)];
  if (length == 0) return false;
  bits.skip(length);
  return true;
}

}  // namespace

std::optional<std::uint32_t> count_speex_frames(Bytes payload, std::uint32_t sample_hz) noexcept {
  BitReader bits(payload);
  std::uint32_t frames = 0;
  while (bits.left() >= kFewestBits && bits.ok()) {
    const bool wide = bits.read(1) != 0;
    if (wide) return std::nullopt;
    const unsigned submode = bits.read(4);
    if (submode == kTerminator) break;
    if (submode == kRequest) {
      bits.skip(request_bits(bits.read(4)));
      continue;
    }
    if (submode == kUserRequest) {
      bits.skip(std::size_t{8} * bits.read(4));
      continue;
    }
    if (submode >= kBits.size()) return std::nullopt;
    bits.skip(kBits[submode] - kFewestBits);
    for (std::uint32_t band = 8000; band < sample_hz; band *= 2) {
      if (!skip_high_band(bits)) return std::nullopt;
    }
    ++frames;
  }
  if (!bits.ok() || frames == 0) return std::nullopt;
  return frames;
}

}  // namespace tapestry::mux
