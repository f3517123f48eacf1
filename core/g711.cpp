#include "core/g711.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdlib>

namespace tapestry {
namespace {

constexpr int kMuBias = 0x84;
constexpr int kMuClip = 32635;

constexpr std::int16_t expand_mu(unsigned code) noexcept {
  const unsigned inverted = ~code & 0xffU;
  const unsigned exponent = inverted >> 4U & 7U;
  const int magnitude = static_cast<int>(((inverted & 0xfU) << 3U) + kMuBias) << exponent;
  return static_cast<std::int16_t>((inverted & 0x80U) != 0 ? kMuBias - magnitude : magnitude - kMuBias);
}

constexpr std::int16_t expand_a(unsigned code) noexcept {
  const unsigned toggled = code ^ 0x55U;
  const unsigned exponent = toggled >> 4U & 7U;
  const unsigned mantissa = ((toggled & 0xfU) << 4U) + 8U;
  const unsigned magnitude = exponent == 0 ? mantissa : (mantissa + 0x100U) << (exponent - 1U);
  return static_cast<std::int16_t>((toggled & 0x80U) != 0 ? static_cast<int>(magnitude) : -static_cast<int>(magnitude));
}

using Table = std::array<std::int16_t, 256>;

constexpr Table make_table(Law law) noexcept {
  Table table{};
  for (unsigned code = 0; code < table.size(); ++code) table[code] = law == Law::Mu ? expand_mu(code) : expand_a(code);
  return table;
}

constexpr std::array<Table, 2> kTables{make_table(Law::Mu), make_table(Law::A)};

const Table& table_of(Law law) noexcept { return kTables[law == Law::Mu ? 0 : 1]; }

std::uint8_t compress_mu(int sample) noexcept {
  const unsigned sign = sample < 0 ? 0x80U : 0U;
  const unsigned magnitude = static_cast<unsigned>(std::min(std::abs(sample), kMuClip) + kMuBias);
  const unsigned exponent = static_cast<unsigned>(std::bit_width(magnitude)) - 8U;
  return static_cast<std::uint8_t>(~(sign | exponent << 4U | (magnitude >> (exponent + 3U) & 0xfU)));
}

std::uint8_t compress_a(int sample) noexcept {
  const unsigned sign = sample >= 0 ? 0x80U : 0U;
  const unsigned magnitude = static_cast<unsigned>(sample >= 0 ? sample : -sample - 1);
  const unsigned width = static_cast<unsigned>(std::bit_width(magnitude));
  const unsigned exponent = width > 8 ? width - 8U : 0U;
  const unsigned mantissa = magnitude >> (exponent == 0 ? 4U : exponent + 3U) & 0xfU;
  return static_cast<std::uint8_t>((sign | exponent << 4U | mantissa) ^ 0x55U);
}

}  // namespace

std::int16_t decode(Law law, std::uint8_t code) noexcept { return table_of(law)[code]; }

void decode(Law law, Bytes codes, std::span<std::int16_t> samples) noexcept {
  assert(codes.size() == samples.size());
  const Table& table = table_of(law);
  std::ranges::transform(codes, samples.begin(), [&table](std::uint8_t code) { return table[code]; });
}

std::uint8_t encode(Law law, std::int16_t sample) noexcept {
  return law == Law::Mu ? compress_mu(sample) : compress_a(sample);
}

}  // namespace tapestry
