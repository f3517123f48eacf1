#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tapestry::dtmf {

/// Two of the eight frequencies of ITU-T Q.23, by index: 697, 770, 852, 941 Hz and 1209, 1336, 1477, 1633 Hz.
struct Pair {
  unsigned row = 0;
  unsigned column = 0;
  [[nodiscard]] char key() const noexcept;
  friend bool operator==(const Pair&, const Pair&) = default;
};

/// Mean square of what a window holds at two frequencies.
struct PairPower {
  float row = 0;
  float column = 0;
};

/// Judges one window of about 12.75 ms by its power at DTMF's frequencies. Any thread.
class ToneBank {
 public:
  explicit ToneBank(std::uint32_t rate_hz);

  /// Samples of a window; all functions read so many.
  [[nodiscard]] std::size_t window() const noexcept { return window_; }
  /// The pair that makes up the window: above -40 dBFS, neither frequency too strong against the other (-10 to +6 dB),
  /// other frequencies of their groups weaker by 4 dB, and little power anywhere else.
  [[nodiscard]] std::optional<Pair> judge(const std::int16_t* window) const noexcept;
  /// Which part of the samples' power two steady sines near the pair's frequencies make up; for more than one window.
  [[nodiscard]] float purity(std::span<const std::int16_t> samples, Pair pair) const noexcept;
  [[nodiscard]] PairPower power(const std::int16_t* window, Pair pair) const noexcept;

 private:
  using Lanes = float __attribute__((vector_size(16)));  // one lane for each frequency of a group
  using Table = std::vector<Lanes>;                      // cosine and sine for each sample
  [[nodiscard]] Table make_table(std::span<const float, 4> group, std::uint32_t rate_hz) const;
  [[nodiscard]] Lanes project(const std::int16_t* window, const Table& table) const noexcept;
  [[nodiscard]] float energy(const std::int16_t* window) const noexcept;

  std::uint32_t rate_hz_;
  std::size_t window_;
  Table rows_;
  Table columns_;
};

}  // namespace tapestry::dtmf
