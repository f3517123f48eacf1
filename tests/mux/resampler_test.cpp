#include "mux/resampler.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "encoders.h"

namespace tapestry::mux {

TEST_CASE("a stream of packets comes out whole, and earlier by just the delay") {
  for (const auto& [from, to] : {std::pair{8000, 16'000}, {44'100, 16'000}, {32'000, 16'000}, {16'000, 8000}}) {
    INFO(from << " to " << to);
    Resampler resampler(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to));
    const auto samples = voice(2, from);
    const auto packet = static_cast<std::size_t>(from / 50);
    std::vector<std::int16_t> all;
    std::vector<std::int16_t> out;
    for (std::size_t at = 0; at < samples.size(); at += packet) {
      resampler.convert(std::span(samples).subspan(at, packet), at + packet == samples.size(), out);
      all.insert(all.end(), out.begin(), out.end());
    }
    CHECK(std::ssize(all) == 2 * to + resampler.delay());
    const Likeness likeness =
        compare(std::span(all).subspan(static_cast<std::size_t>(resampler.delay())), voice(2, to), to, 5);
    CHECK(likeness.correlation > 0.99);
    CHECK(std::abs(likeness.later_ms) <= 1000.0 / to);
  }
}

TEST_CASE("after a restart nothing of what came before is heard") {
  Resampler resampler(8000, 16'000);
  std::vector<std::int16_t> out;
  resampler.convert(std::vector<std::int16_t>(160, 20'000), false, out);
  resampler.restart();
  resampler.convert(std::vector<std::int16_t>(160, 0), false, out);
  CHECK(out == std::vector<std::int16_t>(320, 0));
}

}  // namespace tapestry::mux
