#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mux/position.h"

struct SwrContext;

namespace tapestry::mux {

/// Changes the rate of a stream of samples, by FFmpeg's libswresample. What comes out lags behind by delay().
class Resampler {
 public:
  /// Throws std::runtime_error.
  Resampler(std::uint32_t from_hz, std::uint32_t to_hz);

  /// What comes next does not continue what came before, but follows silence.
  void restart();
  /// Samples of output by which the next one is earlier than the next input.
  [[nodiscard]] Position delay() const noexcept { return delay_; }
  /// Replaces `out`. With `ends`, silence follows until all of `in` has come out: delay() samples more.
  void convert(std::span<const std::int16_t> in, bool ends, std::vector<std::int16_t>& out);

 private:
  struct Free {
    void operator()(SwrContext* context) const noexcept;
  };
  void append(std::span<const std::int16_t> in, std::vector<std::int16_t>& out);

  std::uint32_t from_hz_;
  std::uint32_t to_hz_;
  std::unique_ptr<SwrContext, Free> context_;
  std::vector<std::int16_t> silence_;
  std::vector<std::int16_t> unused_;
  Position delay_ = 0;
};

}  // namespace tapestry::mux
