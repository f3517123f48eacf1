#include "mux/beep.h"

#include <algorithm>
#include <cmath>

#include "studio.h"

namespace tapestry::mux {
namespace {

constexpr Position kBeep = 800;  // samples at 8 kHz

/// A loud recording of 10 s with a pause from 2 s to 5 s.
Heard paused(Format format, bool beep, Duration length = 3s) {
  Studio studio;
  studio.beep = beep;
  for (const std::size_t channel : {0U, 1U}) studio.play(channel, Sender{.signal = sine(1000)}.packets(500));
  studio.plan.gaps = {
      {.reason = GapReason::Pci, .start = kStart + 2s, .end = kStart + 2s + length, .channels = {0, 1}, .detail = {}}};
  const Rendered rendered = studio.render(format);
  CHECK(rendered.beeps == beep);
  return listen(rendered.path);
}

double level(const std::vector<std::int16_t>& samples, Position from, Position to) {
  double sum = 0;
  for (Position n = from; n < to; ++n) sum += std::pow(samples[static_cast<std::size_t>(n)], 2);
  return std::sqrt(sum / static_cast<double>(to - from)) / 32'768;
}

int peak(const std::vector<std::int16_t>& samples, Position from, Position to) {
  int most = 0;
  for (Position n = from; n < to; ++n) most = std::max(most, std::abs(int{samples[static_cast<std::size_t>(n)]}));
  return most;
}

}  // namespace

TEST_CASE("a pause begins and ends with a beep when that is wanted, and is digital silence else") {
  for (const Format format : {Format::Wav, Format::G711}) {
    const Heard heard = paused(format, true);
    for (const auto* channel : {&heard.left, &heard.right}) {
      CHECK(level(*channel, 16'000, 16'000 + kBeep) == Approx(0.0707).epsilon(0.02));  // -20 dBFS, of a sine
      CHECK(level(*channel, 40'000 - kBeep, 40'000) == Approx(0.0707).epsilon(0.02));
      CHECK(peak(*channel, 16'000 + kBeep, 40'000 - kBeep) <= 8);
      CHECK(peak(*channel, 40'000, 41'000) > 7000);
    }
    CHECK(peak(paused(format, false).left, 16'000, 40'000) <= 8);
  }
}

TEST_CASE("a pause without room for two beeps has none") {
  CHECK(peak(paused(Format::Wav, true, 199ms).left, 16'000, 17'592) == 0);
  CHECK(beeps_in({{0, 1600}, {2000, 3599}}, kNarrowband) == Intervals{{0, 800}, {800, 1600}});
  CHECK(beeps_in({{0, 16'000}}, kWideband) == Intervals{{0, 1600}, {14'400, 16'000}});
}

TEST_CASE("a beep is one of 440 Hz, a tenth as loud as can be") {
  int crossings = 0;
  int most = 0;
  for (Position n = 0; n < kBeep; ++n) {
    most = std::max<int>(most, beep_sample(n, kNarrowband));
    crossings += beep_sample(n, kNarrowband) >= 0 && beep_sample(n + 1, kNarrowband) < 0 ? 1 : 0;
  }
  CHECK(most == 3277);
  CHECK(crossings == 44);
}

}  // namespace tapestry::mux
