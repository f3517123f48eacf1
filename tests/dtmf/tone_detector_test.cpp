#include "dtmf/tone_detector.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "tests/support/dtmf_tone.h"
#include "tests/support/voice.h"

namespace tapestry::dtmf {
namespace {

using testing::dtmf_tone;
using testing::DtmfTone;
using Samples = std::vector<std::int16_t>;

constexpr std::string_view kKeys = "123A456B789C*0#D";

void append(Samples& to, const Samples& more) { to.insert(to.end(), more.begin(), more.end()); }

void append_silence(Samples& to, double seconds, std::uint32_t rate_hz) {
  to.resize(to.size() + static_cast<std::size_t>(seconds * rate_hz));
}

std::vector<Tone> detect(const Samples& samples, std::uint32_t rate_hz, std::size_t portion = 160) {
  ToneDetector detector(rate_hz);
  std::vector<Tone> found;
  for (std::size_t from = 0; from < samples.size(); from += portion) {
    detector.add(std::span(samples).subspan(from, std::min(portion, samples.size() - from)), found);
  }
  detector.finish(found);
  return found;
}

std::string keys_of(const std::vector<Tone>& tones) {
  std::string keys;
  for (const Tone& tone : tones) keys += tone.key;
  return keys;
}

/// All sixteen keys with silence around; `change` may alter each.
template <class Change>
Samples dial(std::uint32_t rate_hz, double seconds, double pause, Change change) {
  Samples samples;
  append_silence(samples, 0.1137, rate_hz);
  double phase = 0;
  for (const char key : kKeys) {
    DtmfTone tone{.key = key, .seconds = seconds, .phase = phase};
    change(tone);
    append(samples, dtmf_tone(tone, rate_hz));
    append_silence(samples, pause, rate_hz);
    phase += 0.7;
  }
  return samples;
}

void add_noise(Samples& samples, double amplitude) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, amplitude);
  for (std::int16_t& sample : samples) {
    sample = static_cast<std::int16_t>(std::clamp(std::lround(sample + noise(random)), -32768L, 32767L));
  }
}

/// What a byte of G.711 leaves of a sample: eight bits with three of exponent.
std::int16_t companded(std::int16_t sample, bool a_law) {
  const int bias = a_law ? 0 : 132;
  const int magnitude = std::min(std::abs(int{sample}) + bias, 32767);
  int step = a_law ? 16 : 8;
  while (magnitude >= step * 32 && step < 1024) step *= 2;
  const int kept = std::max(magnitude / step * step + step / 2 - bias, 0);
  return static_cast<std::int16_t>(sample < 0 ? -kept : kept);
}

}  // namespace

TEST_CASE("all sixteen keys are heard at every rate, for 40 ms and longer, with true edges") {
  for (const std::uint32_t rate : {8000U, 16'000U, 48'000U}) {
    for (const double seconds : {0.04, 0.05, 0.08, 0.5}) {
      const double pause = 0.05;
      const Samples samples = dial(rate, seconds, pause, [](DtmfTone&) {});
      const std::vector<Tone> tones = detect(samples, rate);
      INFO(rate << " Hz, " << seconds << " s");
      REQUIRE(keys_of(tones) == kKeys);
      for (std::size_t n = 0; n < tones.size(); ++n) {
        const double from = 0.1137 + static_cast<double>(n) * (seconds + pause);
        CHECK(static_cast<double>(tones[n].from) / rate == Approx(from).margin(0.005));
        CHECK(static_cast<double>(tones[n].to) / rate == Approx(from + seconds).margin(0.005));
      }
    }
  }
}

TEST_CASE("tones are heard wherever they begin, however they are portioned") {
  for (unsigned shift = 0; shift < 220; shift += 7) {
    Samples samples(shift);
    append(samples, dial(8000, 0.04, 0.04, [](DtmfTone&) {}));
    INFO(shift);
    CHECK(keys_of(detect(samples, 8000, 1 + shift)) == kKeys);
  }
}

TEST_CASE("tones are heard under noise of 15 dB below them") {
  Samples samples = dial(8000, 0.05, 0.05, [](DtmfTone&) {});
  add_noise(samples, 4000 * std::pow(10.0, -15.0 / 20));
  CHECK(keys_of(detect(samples, 8000)) == kKeys);
}

TEST_CASE("tones are heard through both laws of G.711, loud and quiet") {
  for (const bool a_law : {false, true}) {
    for (const double level : {600.0, 4000.0, 14'000.0}) {
      Samples samples = dial(8000, 0.05, 0.05, [level](DtmfTone& tone) { tone.level = level; });
      for (std::int16_t& sample : samples) sample = companded(sample, a_law);
      INFO(a_law << ' ' << level);
      CHECK(keys_of(detect(samples, 8000)) == kKeys);
    }
  }
}

TEST_CASE("tones are heard with the twist and the detuning that ITU-T Q.24 allows") {
  for (const double twist : {-8.0, -4.0, 4.0}) {
    for (const double detune : {-0.015, 0.0, 0.015}) {
      const Samples samples = dial(8000, 0.05, 0.05, [&](DtmfTone& tone) {
        tone.twist_db = twist;
        tone.detune = detune;
      });
      INFO(twist << " dB, " << detune);
      CHECK(keys_of(detect(samples, 8000)) == kKeys);
    }
  }
}

TEST_CASE("what is too quiet, too short, too twisted or off its frequency is no tone") {
  CHECK(detect(dial(8000, 0.05, 0.05, [](DtmfTone& tone) { tone.level = 200; }), 8000).empty());
  CHECK(detect(dial(8000, 0.02, 0.08, [](DtmfTone&) {}), 8000).empty());
  CHECK(detect(dial(8000, 0.05, 0.05, [](DtmfTone& tone) { tone.twist_db = 12; }), 8000).empty());
  CHECK(detect(dial(8000, 0.05, 0.05, [](DtmfTone& tone) { tone.detune = 0.045; }), 8000).empty());
}

TEST_CASE("a short break does not make two tones of one, and a change of key needs no break") {
  Samples samples;
  append(samples, dtmf_tone({.key = '7', .seconds = 0.1}, 8000));
  append_silence(samples, 0.01, 8000);
  append(samples, dtmf_tone({.key = '7', .seconds = 0.1}, 8000));
  append(samples, dtmf_tone({.key = '8', .seconds = 0.1}, 8000));
  append_silence(samples, 0.2, 8000);
  CHECK(keys_of(detect(samples, 8000)) == "78");
}

TEST_CASE("a tone at either end of the samples is heard to the very end") {
  const std::vector<Tone> tones = detect(dtmf_tone({.key = '#', .seconds = 0.3}, 8000), 8000);
  REQUIRE(keys_of(tones) == "#");
  CHECK(tones[0].from == 0);
  CHECK(tones[0].to == 2400);
  CHECK(detect({}, 8000).empty());
}

TEST_CASE("a tone is known before its latency is over, and nothing that was settled is taken back") {
  for (const std::uint32_t rate : {8000U, 16'000U}) {
    for (const double seconds : {0.04, 0.06, 1.0}) {
      const Samples samples = dial(rate, seconds, 0.06, [](DtmfTone&) {});
      const std::vector<Tone> truth = detect(samples, rate);
      ToneDetector detector(rate);
      std::vector<Tone> found;
      std::int64_t settled = 0;
      std::vector<bool> tone(samples.size());
      for (std::size_t at = 0; at < samples.size(); at += 40) {
        const auto portion = std::span(samples).subspan(at, std::min<std::size_t>(40, samples.size() - at));
        detector.add(portion, found);
        const auto added = static_cast<std::int64_t>(at + portion.size());
        CHECK(detector.settled() >= settled);
        CHECK(detector.settled() >= added - ToneDetector::latency_samples(rate));
        CHECK(detector.settled() <= added);
        for (; settled < detector.settled(); ++settled) {
          const bool told = !found.empty() && settled < found.back().to && settled >= found.back().from;
          const bool sounds = detector.sounding() && settled >= *detector.sounding();
          tone[static_cast<std::size_t>(settled)] = told || sounds;
        }
      }
      for (const Tone& one : truth) {
        for (std::int64_t at = one.from; at < std::min(one.to, settled); ++at) {
          if (!tone[static_cast<std::size_t>(at)]) FAIL(rate << " Hz, " << seconds << " s: missed at " << at);
        }
      }
    }
  }
}

TEST_CASE("voices and music never sound like keys") {
  for (const double pitch : {85.0, 110.0, 140.0, 174.25, 190.0, 220.0, 233.0, 260.0}) {
    Samples samples(8000 * 60);
    for (std::size_t n = 0; n < samples.size(); ++n) {
      samples[n] = testing::voice_sample({.pitch_hz = pitch}, static_cast<double>(n) / 8000);
    }
    INFO(pitch << " Hz");
    CHECK(detect(samples, 8000).empty());
  }
  Samples music(8000 * 20);
  for (std::size_t n = 0; n < music.size(); ++n) music[n] = testing::music_sample(static_cast<double>(n) / 8000);
  CHECK(detect(music, 8000).empty());
}

TEST_CASE("recorded voices never sound like keys") {
  const std::filesystem::path folder = std::filesystem::path(TAPESTRY_SHARED) / "captures/scenes/voices";
  if (!std::filesystem::is_directory(folder)) {
    WARN("no " << folder << ", nothing checked");
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".raw") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    Samples samples(bytes.size() / 2);
    for (std::size_t n = 0; n < samples.size(); ++n) {
      const auto low = static_cast<unsigned char>(bytes[2 * n]);
      const auto high = static_cast<unsigned char>(bytes[2 * n + 1]);
      samples[n] = static_cast<std::int16_t>(low | high << 8U);
    }
    INFO(entry.path().filename());
    CHECK(detect(samples, 8000).empty());
  }
}

}  // namespace tapestry::dtmf
