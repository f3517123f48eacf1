#include "mux/opus_channel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "encoders.h"
#include "mux/ogg_opus_writer.h"
#include "studio.h"

namespace tapestry::mux {
namespace {

using Samples = std::vector<std::int16_t>;

/// A stretch of time, in seconds.
struct Part {
  double from;
  double to;
};

/// A voice that is heard in `parts` only; elsewhere noise of that peak, or digital silence.
Samples spoken(Rate rate, double seconds, const std::vector<Part>& parts, int noise = 0) {
  const Samples voice = mux::voice(seconds, static_cast<int>(rate.hz));
  Samples out(voice.size());
  std::minstd_rand random(7);
  std::uniform_int_distribution<int> any(-noise, noise);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double at = static_cast<double>(i) / rate.hz;
    const bool heard = std::ranges::any_of(parts, [at](const Part& part) { return part.from <= at && at < part.to; });
    out[i] = heard ? voice[i] : static_cast<std::int16_t>(any(random));
  }
  return out;
}

/// What an Ogg Opus file of two channels decodes to, at 48 kHz.
struct Decoded {
  Samples left;
  Samples right;
};

bool have(const std::string& decoder) {
  if (std::system(("ffmpeg -v error -h decoder=" + decoder + " >/dev/null 2>&1").c_str()) == 0) return true;
  WARN("no ffmpeg with decoder " + decoder + ": skipped");
  return false;
}

class OpusFile {
 public:
  OpusFile(Rate rate, const OpusSettings& settings, const Samples& left, const Samples& right)
      : path_(studio_.folder / "x.ogg") {
    const auto writer = make_ogg_opus_writer({path_, {}}, {.uuid = "u", .title = "t", .start = kStart}, rate, settings);
    writer->write(left, right);
    writer->finish();
  }
  [[nodiscard]] std::uintmax_t size() const { return std::filesystem::file_size(path_); }
  [[nodiscard]] Decoded decode(const std::string& decoder) const {
    const std::string command =
        "ffmpeg -v error -c:a " + decoder + " -i '" + path_.string() + "' -ar 48000 -f s16le - 2>/dev/null";
    Samples both(1U << 23U);
    FILE* pipe = popen(command.c_str(), "r");
    both.resize(std::fread(both.data(), sizeof both[0], both.size(), pipe));
    if (pclose(pipe) != 0) both.clear();
    Decoded decoded;
    for (std::size_t i = 0; i + 1 < both.size(); i += 2) {
      decoded.left.push_back(both[i]);
      decoded.right.push_back(both[i + 1]);
    }
    return decoded;
  }

 private:
  Studio studio_;
  std::filesystem::path path_;
};

int peak(const Samples& samples, double from, double to) {
  int most = 0;
  const auto end = std::min(samples.size(), static_cast<std::size_t>(to * 48'000));
  for (auto i = static_cast<std::size_t>(from * 48'000); i < end; ++i) most = std::max(most, std::abs(int{samples[i]}));
  return most;
}

/// The largest step from one sample to the next.
int steepest(const Samples& samples, double from, double to) {
  int most = 0;
  const auto end = std::min(samples.size(), static_cast<std::size_t>(to * 48'000));
  for (auto i = static_cast<std::size_t>(from * 48'000); i + 1 < end; ++i) {
    most = std::max(most, std::abs(samples[i + 1] - samples[i]));
  }
  return most;
}

double energy(const Samples& samples, double from, double to) {
  double sum = 1;
  const auto end = std::min(samples.size(), static_cast<std::size_t>(to * 48'000));
  for (auto i = static_cast<std::size_t>(from * 48'000); i < end; ++i) sum += std::pow(samples[i], 2);
  return sum;
}

/// Between two moments, at the recording's rate.
Samples thinned(const Samples& samples, Rate rate, const Part& part) {
  const std::size_t step = 48'000 / rate.hz;
  Samples out;
  for (auto i = static_cast<std::size_t>(part.from * rate.hz); i < static_cast<std::size_t>(part.to * rate.hz); ++i) {
    out.push_back(samples.at(i * step));
  }
  return out;
}

constexpr double kSeconds = 12;
const std::vector<Part> kTalk{{0.5, 2.21}, {3.003, 4.4}, {7, 9.313}, {11.0, 11.6}};
const std::vector<Part> kAnswer{{0, 0.8}, {1.9, 3.3}, {5.2, 6.4}, {9.4, 12}};
/// The hangover, a frame that is cut, the look-ahead, and what decoders need to settle.
constexpr double kSettled = 0.3 + 0.1;
const std::vector<std::string> kDecoders{"opus", "libopus"};

/// Where nobody has spoken for a while, and nobody will for a packet and the look-ahead.
std::vector<Part> pauses(const std::vector<Part>& parts) {
  std::vector<Part> between;
  double end = 0;
  for (const Part& part : parts) {
    if (part.from - 0.03 > end + kSettled) between.push_back({end + kSettled, part.from - 0.03});
    end = part.to;
  }
  if (kSeconds > end + kSettled) between.push_back({end + kSettled, kSeconds});
  return between;
}

}  // namespace

TEST_CASE("what is silent for longer than 300 ms decodes to zeros in any mode of Opus, and no sample is missing") {
  for (const Rate rate : {kNarrowband, kWideband}) {
    for (const int bitrate : {6'000, 10'000, 24'000, 96'000}) {
      const OpusFile file(rate, {.bitrate_bps = bitrate}, spoken(rate, kSeconds, kTalk),
                          spoken(rate, kSeconds, kAnswer, SilenceGate::kFloor));
      for (const std::string& decoder : kDecoders) {
        if (!have(decoder)) continue;
        INFO(rate.hz << " Hz, " << bitrate << " bit/s, by " << decoder);
        const Decoded heard = file.decode(decoder);
        REQUIRE(heard.left.size() == static_cast<std::size_t>(kSeconds * 48'000));
        for (const Part& pause : pauses(kTalk)) CHECK(peak(heard.left, pause.from, pause.to) == 0);
        for (const Part& pause : pauses(kAnswer)) CHECK(peak(heard.right, pause.from, pause.to) == 0);
      }
    }
  }
}

TEST_CASE("gating does not change what is said") {
  for (const Rate rate : {kNarrowband, kWideband}) {
    const Samples said = spoken(rate, kSeconds, kTalk);
    const OpusFile gated(rate, {.gating = true}, said, said);
    const OpusFile whole(rate, {.gating = false}, said, said);
    CHECK(gated.size() < whole.size());
    for (const std::string& decoder : kDecoders) {
      if (!have(decoder)) continue;
      const Decoded ours = gated.decode(decoder);
      const Decoded all = whole.decode(decoder);
      for (const Part& part : kTalk) {
        INFO(rate.hz << " Hz from " << part.from << " by " << decoder);
        const auto hz = static_cast<int>(rate.hz);
        const Samples in(said.begin() + std::lround(part.from * hz), said.begin() + std::lround(part.to * hz));
        const Likeness with = compare(thinned(ours.left, rate, part), in, hz, 3);
        const Likeness without = compare(thinned(all.left, rate, part), in, hz, 3);
        CHECK(with.correlation > without.correlation - 0.02);
        CHECK(with.later_ms == without.later_ms);
      }
    }
  }
}

TEST_CASE("a sound that begins after a silence is neither cut nor does it click") {
  for (const Rate rate : {kNarrowband, kWideband}) {
    Samples tone(static_cast<std::size_t>(3 * rate.hz));
    for (std::size_t i = 2 * rate.hz + 77; i < tone.size(); ++i) {
      tone[i] = static_cast<std::int16_t>(sine(300)(static_cast<double>(i - 2 * rate.hz - 77) / rate.hz));
    }
    const OpusFile gated(rate, {.gating = true}, tone, tone);
    const OpusFile whole(rate, {.gating = false}, tone, tone);
    for (const std::string& decoder : kDecoders) {
      if (!have(decoder)) continue;
      INFO(rate.hz << " Hz by " << decoder);
      const Decoded ours = gated.decode(decoder);
      const Decoded all = whole.decode(decoder);
      const double begin = 2 + 77.0 / rate.hz;
      CHECK(energy(ours.left, begin, begin + 0.02) > 0.7 * energy(all.left, begin, begin + 0.02));
      CHECK(energy(ours.left, begin, begin + 0.1) > 0.9 * energy(all.left, begin, begin + 0.1));
      CHECK(steepest(ours.left, begin - 0.1, begin + 0.1) < 1.3 * steepest(all.left, begin - 0.1, begin + 0.1));
    }
  }
}

TEST_CASE("a silent packet is of the mode and bandwidth of those before it, and one frame of 20 ms") {
  for (const unsigned config : {1U, 5U, 9U, 19U, 23U}) {
    const auto toc = static_cast<std::uint8_t>(config << 3U);
    REQUIRE(silent_packet(toc).size() > 1);
    CHECK(silent_packet(toc)[0] == toc);
  }
  CHECK(silent_packet(0).empty());              // 10 ms
  CHECK(silent_packet(1U << 3U | 4U).empty());  // stereo
}

}  // namespace tapestry::mux
