#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dtmf/tone_bank.h"

namespace tapestry::dtmf {

/// A key's tone, heard from sample `from` up to `to`, both counted since the first one given to the detector.
struct Tone {
  char key = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// Finds DTMF (ITU-T Q.23) in 16-bit samples, with decisions like those of ITU-T Q.24 and hard on speech: tones of 40
/// ms and more from -40 dBFS up, in which the two frequencies outweigh all else. Edges are within 5 ms where nothing
/// else sounds. Interruptions of up to 20 ms belong to the tone. Any thread, one at a time.
class ToneDetector {
 public:
  /// A tone that begins at sample `s` is told of by settled() when kLatency more samples (at the rate) were added.
  static constexpr std::chrono::milliseconds kLatency{160};
  [[nodiscard]] static constexpr std::int64_t latency_samples(std::uint32_t rate_hz) noexcept {
    return std::int64_t{rate_hz} * kLatency.count() / 1000;
  }

  /// At 8,000, 16,000 or 48,000 samples a second; any rate from 4,000 on works.
  explicit ToneDetector(std::uint32_t rate_hz);

  /// The next samples. Appends the tones that are over, in order; of one that goes on, nothing.
  void add(std::span<const std::int16_t> samples, std::vector<Tone>& found);
  /// The end of the samples: appends a tone that goes on to it.
  void finish(std::vector<Tone>& found);

  /// The first sample of a tone that is known to be one and is not yet over.
  [[nodiscard]] std::optional<std::int64_t> sounding() const noexcept;
  /// All samples before it are decided: those of tones that were told or from sounding() on are tone, others are not.
  /// At least what was added less kLatency; all of it after finish().
  [[nodiscard]] std::int64_t settled() const noexcept;

 private:
  /// A tone that may have begun.
  struct Open {
    Pair pair;
    PairPower full;  ///< of a window within the tone
    std::int64_t from = 0;
    std::int64_t last = 0;  ///< the last window with the tone
    std::int64_t next = 0;  ///< the next one to look at
    bool sure = false;
  };
  /// One window further; false when more samples are needed.
  bool step(std::vector<Tone>& found);
  void begin(Pair pair);
  bool follow(std::vector<Tone>& found);
  void close(std::int64_t to, std::vector<Tone>& found);
  void reject() noexcept;
  [[nodiscard]] PairPower full_power(Pair pair) const noexcept;
  [[nodiscard]] bool sounds_at(std::int64_t at) const noexcept;
  /// Whether the tone is one all the time from its beginning up to `to`.
  [[nodiscard]] bool steady(std::int64_t to) const noexcept;
  [[nodiscard]] bool reached(std::int64_t end) const noexcept { return end <= end_; }
  [[nodiscard]] const std::int16_t* at(std::int64_t position) const noexcept {
    return &held_[static_cast<std::size_t>(position - base_)];
  }
  void forget();

  ToneBank bank_;
  std::int64_t window_;
  std::int64_t stride_;
  std::int64_t hop_;
  std::int64_t shortest_;
  std::int64_t edge_;  ///< by how much an edge may be wrong
  std::int64_t longest_break_;
  std::vector<std::int16_t> held_;
  std::int64_t base_ = 0;   ///< position of held_'s first sample
  std::int64_t end_ = 0;    ///< of what was added
  std::int64_t next_ = 0;   ///< the next window to scan
  std::int64_t floor_ = 0;  ///< no tone that is still to be told begins before
  bool finished_ = false;
  std::optional<Open> open_;
};

}  // namespace tapestry::dtmf
