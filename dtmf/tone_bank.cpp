#include "dtmf/tone_bank.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <utility>

namespace tapestry::dtmf {
namespace {

constexpr std::array<float, 4> kRowsHz{697, 770, 852, 941};
constexpr std::array<float, 4> kColumnsHz{1209, 1336, 1477, 1633};
constexpr std::string_view kPad = "123A456B789C*0#D";

constexpr float kFloor = 32768.0F * 32768.0F * 1e-4F;  // -40 dBFS
constexpr float kLeastColumnShare = 0.05F;             // follows from the two below
constexpr float kLeastShare = 0.55F;
constexpr float kLeastTwist = 0.08F;  // -10 dB, as a short window measures it
constexpr float kMostTwist = 4.5F;    // +6 dB
constexpr float kMostOther = 0.4F;
constexpr int kDetunings = 5;  // steps; 2 % of the frequency
constexpr double kDetuning = 0.004;
constexpr unsigned kCoarse = 4;  // bits that energy() drops, so that squares fit

template <class Lanes>
unsigned strongest(const Lanes& powers) noexcept {
  unsigned best = 0;
  for (unsigned n = 1; n < 4; ++n) best = powers[n] > powers[best] ? n : best;
  return best;
}

template <class Lanes>
bool stands_out(const Lanes& powers, unsigned best) noexcept {
  for (unsigned n = 0; n < 4; ++n) {
    if (n != best && powers[n] > kMostOther * powers[best]) return false;
  }
  return true;
}

/// Mean square of a sine of that frequency in the samples, by Goertzel's algorithm.
float sine_power(std::span<const std::int16_t> samples, double hz, std::uint32_t rate_hz) noexcept {
  const auto factor = static_cast<float>(2 * std::cos(2 * std::numbers::pi * hz / rate_hz));
  float last = 0;
  float before = 0;
  for (const std::int16_t sample : samples) {
    before = std::exchange(last, static_cast<float>(sample) + factor * last - before);
  }
  const auto count = static_cast<float>(samples.size());
  return 2 * (last * last + before * before - factor * last * before) / (count * count);
}

/// Of the frequencies around `hz` the one that is there.
float best_power(std::span<const std::int16_t> samples, float hz, std::uint32_t rate_hz) noexcept {
  float best = 0;
  for (int step = -kDetunings; step <= kDetunings; ++step) {
    best = std::max(best, sine_power(samples, double{hz} * (1 + step * kDetuning), rate_hz));
  }
  return best;
}

}  // namespace

char Pair::key() const noexcept { return kPad[4 * row + column]; }

ToneBank::ToneBank(std::uint32_t rate_hz)
    : rate_hz_(rate_hz),
      window_((std::size_t{rate_hz} * 102 + 4000) / 8000),
      rows_(make_table(kRowsHz, rate_hz)),
      columns_(make_table(kColumnsHz, rate_hz)) {}

std::optional<Pair> ToneBank::judge(const std::int16_t* window) const noexcept {
  const float total = energy(window);
  if (total < kFloor) return std::nullopt;
  const Lanes columns = project(window, columns_);
  const unsigned column = strongest(columns);
  if (columns[column] < kLeastColumnShare * total || !stands_out(columns, column)) return std::nullopt;
  const Lanes rows = project(window, rows_);
  const unsigned row = strongest(rows);
  const bool twisted = columns[column] < kLeastTwist * rows[row] || columns[column] > kMostTwist * rows[row];
  if (twisted || !stands_out(rows, row) || rows[row] + columns[column] < kLeastShare * total) return std::nullopt;
  return Pair{row, column};
}

PairPower ToneBank::power(const std::int16_t* window, Pair pair) const noexcept {
  return {project(window, rows_)[pair.row], project(window, columns_)[pair.column]};
}

float ToneBank::purity(std::span<const std::int16_t> samples, Pair pair) const noexcept {
  float total = 0;
  for (const std::int16_t sample : samples) total += static_cast<float>(sample) * static_cast<float>(sample);
  if (total == 0) return 0;
  const float both =
      best_power(samples, kRowsHz[pair.row], rate_hz_) + best_power(samples, kColumnsHz[pair.column], rate_hz_);
  return both * static_cast<float>(samples.size()) / total;
}

ToneBank::Table ToneBank::make_table(std::span<const float, 4> group, std::uint32_t rate_hz) const {
  // With this factor the sum of the squares is a sine's mean square.
  const double scale = std::numbers::sqrt2 / static_cast<double>(window_);
  Table table(2 * window_);
  for (std::size_t n = 0; n < window_; ++n) {
    for (unsigned lane = 0; lane < 4; ++lane) {
      const double phase = 2 * std::numbers::pi * double{group[lane]} * static_cast<double>(n) / rate_hz;
      table[2 * n][lane] = static_cast<float>(scale * std::cos(phase));
      table[2 * n + 1][lane] = static_cast<float>(scale * std::sin(phase));
    }
  }
  return table;
}

ToneBank::Lanes ToneBank::project(const std::int16_t* window, const Table& table) const noexcept {
  Lanes even_cosine{};
  Lanes even_sine{};
  Lanes odd_cosine{};
  Lanes odd_sine{};
  const Lanes* factors = table.data();
  std::size_t n = 0;
  for (; n + 1 < window_; n += 2, factors += 4) {  // two at a time: their sums do not wait for each other
    const float even = window[n];
    const float odd = window[n + 1];
    even_cosine += even * factors[0];
    even_sine += even * factors[1];
    odd_cosine += odd * factors[2];
    odd_sine += odd * factors[3];
  }
  if (n < window_) {
    even_cosine += static_cast<float>(window[n]) * factors[0];
    even_sine += static_cast<float>(window[n]) * factors[1];
  }
  const Lanes cosine = even_cosine + odd_cosine;
  const Lanes sine = even_sine + odd_sine;
  return cosine * cosine + sine * sine;
}

float ToneBank::energy(const std::int16_t* window) const noexcept {
  std::int32_t sum = 0;
  for (std::size_t n = 0; n < window_; ++n) {
    const std::int32_t sample = window[n] >> kCoarse;
    sum += sample * sample;
  }
  return static_cast<float>(sum) * static_cast<float>(1U << (2 * kCoarse)) / static_cast<float>(window_);
}

}  // namespace tapestry::dtmf
