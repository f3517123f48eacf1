#include <cmath>
#include <span>

#include "captured.h"
#include "core/g711.h"
#include "encoders.h"
#include "studio.h"

namespace tapestry::mux {
namespace {

constexpr double kSeconds = 6;

/// A codec as SDP names it, and who encodes it.
struct Case {
  const char* encoding;
  std::uint32_t clock_hz;
  EncoderSettings encoder;
  std::size_t payload_bytes;  ///< 0: a frame is a payload
  std::uint32_t payload_ticks;
  std::uint32_t recorded_hz;
  double least_correlation = 0.9;
  double latest_ms = 5;
};

std::vector<Case> cases() {
  const auto g726 = [](const char* encoding, const char* encoder, int bits) {
    return Case{encoding, 8000, {.name = encoder, .bit_rate = bits * 8000}, static_cast<std::size_t>(20 * bits),
                160,      8000};
  };
  return {
      {"G722", 8000, {.name = "g722", .sample_hz = 16'000}, 160, 160, 16'000},
      g726("G726-16", "g726le", 2),
      g726("G726-24", "g726le", 3),
      g726("G726-32", "g726le", 4),
      g726("G726-40", "g726le", 5),
      g726("AAL2-G726-16", "g726", 2),
      g726("AAL2-G726-24", "g726", 3),
      g726("AAL2-G726-32", "g726", 4),
      g726("AAL2-G726-40", "g726", 5),
      {"G723", 8000, {.name = "g723_1", .bit_rate = 6300}, 0, 240, 8000, 0.8},
      {"GSM", 8000, {.name = "libgsm"}, 0, 160, 8000},
      {"SPEEX", 8000, {.name = "libspeex", .bit_rate = 24'600}, 0, 160, 8000},
      {"SPEEX", 16'000, {.name = "libspeex", .sample_hz = 16'000, .bit_rate = 42'200}, 0, 320, 16'000},
      {"OPUS", 48'000, {.name = "libopus", .sample_hz = 48'000, .bit_rate = 32'000}, 0, 960, 16'000},
      {"OPUS",
       48'000,
       {.name = "libopus", .sample_hz = 48'000, .bit_rate = 32'000, .options = {{"frame_duration", "60"}}},
       0,
       2880,
       16'000},
      {"L16", 16'000, {.name = "pcm_s16be", .sample_hz = 16'000}, 640, 320, 16'000, 0.999, 0.5},
      {"L16", 44'100, {.name = "pcm_s16be", .sample_hz = 44'100}, 1764, 882, 16'000, 0.99, 0.5},
      {"L16", 44'100, {.name = "pcm_s16be", .sample_hz = 44'100}, 1000, 500, 16'000, 0.99, 0.5},
      {"L16", 8000, {.name = "pcm_s16be"}, 320, 160, 8000, 0.999, 0.5},
  };
}

Payloads payloads_of(const Case& one, double seconds) {
  const Payloads frames = encode_frames(one.encoder, voice(seconds, one.encoder.sample_hz));
  return one.payload_bytes == 0 ? frames : cut(frames, one.payload_bytes);
}

/// 20 ms of DVI4 (RFC 3551 §4.5.1) of FFmpeg's IMA ADPCM blocks, whose first sample is the last of the block before.
Payloads dvi4_payloads(double seconds, int sample_hz) {
  EncoderSettings settings{
      .name = "adpcm_ima_wav", .sample_hz = sample_hz, .overlap = 1, .options = {{"block_size", "64"}}};
  std::vector<std::int16_t> samples = voice(seconds, sample_hz);
  samples.insert(samples.begin(), 0);
  Payloads payloads = encode_frames(settings, samples);
  for (auto& payload : payloads) {
    std::swap(payload[0], payload[1]);
    for (std::size_t i = 4; i < payload.size(); ++i) {
      payload[i] = static_cast<std::uint8_t>(static_cast<unsigned>(payload[i]) << 4U | payload[i] >> 4U);
    }
  }
  return payloads;
}

void check_voice(const Heard& heard, std::uint32_t rate_hz, double seconds, double least, double latest_ms) {
  CHECK(heard.rate_hz == rate_hz);
  const std::vector<std::int16_t> said = voice(seconds, static_cast<int>(rate_hz));
  const Likeness likeness = compare(heard.left, said, static_cast<int>(rate_hz));
  CHECK(likeness.correlation >= least);
  CHECK(std::abs(likeness.later_ms) <= latest_ms);
}

}  // namespace

TEST_CASE("a voice encoded by others is heard at its place, at the rate of its codec") {
  for (const Case& one : cases()) {
    const Payloads payloads = payloads_of(one, kSeconds);
    INFO(one.encoding << "/" << one.clock_hz << " by " << one.encoder.name << ", " << one.payload_ticks << " ticks");
    if (payloads.empty()) {
      WARN("this FFmpeg has no encoder " << one.encoder.name);
      continue;
    }
    Studio studio(from_seconds(kSeconds + 1));
    const auto track = studio.play(0, send(payloads, one.payload_ticks, one.clock_hz));
    map_codec(studio, track, one.encoding, one.clock_hz);
    const Rendered rendered = studio.render();
    CHECK(rendered.codecs == std::vector<std::string>{one.encoding});
    CHECK(rendered.sample_rate_hz == one.recorded_hz);
    CHECK(rendered.samples == static_cast<std::uint64_t>((kSeconds + 1) * one.recorded_hz));
    const Heard heard = listen(rendered.path);
    const double sent = static_cast<double>(payloads.size() * one.payload_ticks) / one.clock_hz;
    check_voice(heard, one.recorded_hz, std::min(sent, kSeconds), one.least_correlation, one.latest_ms);
    const auto end = static_cast<std::size_t>(std::lround(sent * one.recorded_hz));
    CHECK(std::ranges::all_of(std::span(heard.left).subspan(end), [](std::int16_t sample) { return sample == 0; }));
    REQUIRE(rendered.gaps.size() == 2);  // channel 1 is one-way
    CHECK(to_seconds(rendered.gaps[0].end - rendered.gaps[0].start) == Approx(kSeconds + 1));
    CHECK(to_seconds(rendered.gaps[1].start - studio.plan.start) == Approx(sent));
  }
}

TEST_CASE("DVI4 is IMA ADPCM with a header and an order of its own") {
  for (const int hz : {8000, 11'025, 16'000, 22'050}) {
    INFO(hz);
    const Payloads payloads = dvi4_payloads(kSeconds, hz);
    Studio studio(from_seconds(kSeconds));
    const auto track = studio.play(0, send(payloads, 120, static_cast<std::uint32_t>(hz)));
    map_codec(studio, track, "DVI4", static_cast<std::uint32_t>(hz));
    check_voice(studio.heard(), hz > 8000 ? 16'000 : 8000, kSeconds, 0.97, 0.5);
  }
}

TEST_CASE("a narrowband side of a wideband recording is brought to its rate without moving") {
  const Case wide = cases().front();
  Studio studio(from_seconds(kSeconds));
  const auto track = studio.play(1, send(payloads_of(wide, kSeconds), 160, 8000));
  map_codec(studio, track, "G722", 8000);
  auto packets = Sender{}.packets(300);
  const auto samples = voice(kSeconds, 8000);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    for (std::size_t k = 0; k < 160; ++k) packets[i].payload[k] = encode(Law::Mu, samples[i * 160 + k]);
  }
  packets.erase(packets.begin() + 100, packets.begin() + 150);
  studio.play(0, packets);
  const Rendered rendered = studio.render();
  const Heard heard = listen(rendered.path);
  CHECK(rendered.codecs == std::vector<std::string>{"G722", "PCMU"});
  for (const auto& range : {std::pair{0, 32'000}, std::pair{48'000, 96'000}}) {
    const auto part = [from = range.first, to = range.second](const std::vector<std::int16_t>& all) {
      return std::vector(all.begin() + from, all.begin() + to);
    };
    const Likeness likeness = compare(part(heard.left), part(voice(kSeconds, 16'000)), 16'000);
    CHECK(likeness.correlation > 0.99);
    CHECK(std::abs(likeness.later_ms) < 0.2);
  }
  CHECK(std::ranges::all_of(std::span(heard.left).subspan(32'000, 16'000), [](std::int16_t s) { return s == 0; }));
  CHECK(describe(rendered.gaps) == std::vector<std::string>{"loss 0 2-3 50 packets"});
}

TEST_CASE("a recording of narrowband codecs stays at 8 kHz in all formats, one of wideband is at 16 kHz") {
  for (const Format format : {Format::Wav, Format::Flac, Format::G711, Format::Opus}) {
    Studio narrow(1s);
    narrow.play(0, Sender{.signal = sine(440)}.packets(50));
    CHECK(narrow.render(format).sample_rate_hz == 8000);
    Studio wide(1s);
    const auto track = wide.play(0, send(payloads_of(cases().front(), 1), 160, 8000));
    map_codec(wide, track, "G722", 8000);
    wide.play(1, Sender{.signal = sine(440)}.packets(50));
    const Rendered rendered = wide.render(format);
    CHECK(rendered.sample_rate_hz == 16'000);
    CHECK(rendered.samples == 16'000);
  }
}

TEST_CASE("a wideband codec outside of what is recorded does not make the recording wideband") {
  Studio studio(2s);
  auto packets = send(payloads_of(cases().front(), 1), 160, 8000, 3s);
  const auto plain = Sender{.signal = sine(440)}.packets(100);
  packets.insert(packets.end(), plain.begin(), plain.end());
  const auto track = studio.add_track(packets);
  studio.plan.channels[0].spans.push_back({track, studio.plan.start, studio.plan.end});
  map_codec(studio, track, "G722", 8000);
  CHECK(studio.render(Format::G711).sample_rate_hz == 8000);
}

TEST_CASE("a drifting sender of a wideband codec is followed") {
  const Case wide = cases().front();
  auto packets = send(payloads_of(wide, 60), 160, 8000);
  for (Sent& packet : packets) packet.at += packet.at * 200 / 1'000'000;
  Studio studio(60s);
  const auto track = studio.play(0, packets);
  map_codec(studio, track, "G722", 8000);
  const Heard heard = studio.heard();
  const auto said = voice(60, 16'000);
  const Likeness early = compare(std::span(heard.left).first(32'000), std::span(said).first(32'000), 16'000);
  const Likeness late =
      compare(std::span(heard.left).subspan(900'000, 16'000), std::span(said).subspan(900'000, 16'000), 16'000);
  CHECK(std::abs(early.later_ms) < 1);
  CHECK(late.later_ms == Approx(56.75 * 0.2).margin(1));
  CHECK(late.correlation > 0.95);
}

TEST_CASE("both channels of L16 are heard") {
  const auto left = voice(2, 16'000);
  Payloads payloads(100);
  for (std::size_t i = 0; i < 32'000; ++i) {
    for (const int sample : {int{left[i]}, 2000}) {
      payloads[i / 320].push_back(static_cast<std::uint8_t>(static_cast<unsigned>(sample) >> 8U));
      payloads[i / 320].push_back(static_cast<std::uint8_t>(sample));
    }
  }
  Studio studio(2s);
  const auto track = studio.play(0, send(payloads, 320, 16'000));
  map_codec(studio, track, "L16", 16'000, {}, 2);
  const Heard heard = studio.heard();
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < 32'000; ++i) wrong += heard.left[i] != (left[i] + 2000) / 2 ? 1U : 0U;
  CHECK(wrong == 0);
}

}  // namespace tapestry::mux
