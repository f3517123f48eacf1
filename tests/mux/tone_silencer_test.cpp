#include "mux/tone_silencer.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "encoders.h"
#include "studio.h"
#include "tests/support/dtmf_tone.h"
#include "tests/support/voice.h"

namespace tapestry::mux {
namespace {

using testing::dtmf_tone;

/// A key from that second on.
struct Key {
  char key = '5';
  double at = 0;
  double seconds = 0.1;
};

/// Keys over a quiet hum.
std::function<double(double)> keyed(const std::vector<Key>& keys, double hum = 0) {
  std::vector<std::vector<std::int16_t>> tones;
  tones.reserve(keys.size());
  for (const Key& one : keys) tones.push_back(dtmf_tone({.key = one.key, .seconds = one.seconds}, 8000));
  return [=](double seconds) {
    for (std::size_t n = 0; n < keys.size(); ++n) {
      const auto at = std::lround((seconds - keys[n].at) * 8000);
      if (at >= 0 && at < static_cast<long>(tones[n].size()))
        return static_cast<double>(tones[n][static_cast<std::size_t>(at)]);
    }
    return hum * std::sin(2 * 3.14159265 * 300 * seconds);
  };
}

std::vector<Key> dialled(std::string_view keys, double from, double pace) {
  std::vector<Key> all;
  for (const char key : keys) {
    all.push_back({.key = key, .at = from});
    from += pace;
  }
  return all;
}

/// The loudest sample of the seconds from..to.
int loudest(const std::vector<std::int16_t>& samples, double from, double to, std::uint32_t rate_hz = 8000) {
  int most = 0;
  const auto end = std::min(static_cast<std::size_t>(std::lround(to * rate_hz)), samples.size());
  for (auto n = static_cast<std::size_t>(std::lround(from * rate_hz)); n < end; ++n) {
    most = std::max(most, std::abs(int{samples[n]}));
  }
  return most;
}

std::size_t tones_in(const std::vector<std::int16_t>& samples, std::uint32_t rate_hz) {
  dtmf::ToneDetector detector(rate_hz);
  std::vector<dtmf::Tone> found;
  detector.add(samples, found);
  detector.finish(found);
  return found.size();
}

std::function<double(double)> talking(double pitch_hz) {
  return [=](double seconds) { return static_cast<double>(testing::voice_sample({.pitch_hz = pitch_hz}, seconds)); };
}

}  // namespace

TEST_CASE("a tone is silence in every format, and what is around it stays on its time") {
  const std::vector<Key> keys{{'5', 2.0, 0.06}, {'#', 5.5, 0.04}, {'1', 7.003, 1.5}};
  for (const Format format : {Format::Wav, Format::Flac, Format::G711}) {
    Studio studio;
    studio.play(0, Sender{.signal = keyed(keys, 1000)}.packets(500));
    studio.play(1, Sender{.signal = sine(300)}.packets(500));
    const Rendered rendered = studio.render(format);
    const Heard heard = listen(rendered.path);
    REQUIRE(heard.left.size() == 80'000);
    for (const Key& key : keys) {
      CHECK(loudest(heard.left, key.at - 0.01, key.at + key.seconds + 0.01) <= 8);
      CHECK(loudest(heard.left, key.at - 0.06, key.at - 0.03) > 800);
      CHECK(loudest(heard.left, key.at + key.seconds + 0.03, key.at + key.seconds + 0.06) > 800);
      CHECK(loudest(heard.right, key.at, key.at + key.seconds) > 7000);
    }
    CHECK(tones_in(heard.left, 8000) == 0);
    CHECK(describe(rendered.gaps).empty());
    CHECK_FALSE(rendered.keyed_digits);
  }
}

TEST_CASE("a tone on the border of two blocks is silenced on both sides") {
  for (const double at : {15.9, 15.97, 15.99, 16.0, 16.01}) {
    Studio studio(20s);
    studio.play(1, Sender{.signal = keyed({{'7', at, 0.1}}), .law = Law::A}.packets(1000));
    INFO(at);
    CHECK(loudest(studio.heard().right, 0, 20) <= 8);
  }
}

TEST_CASE("a tone at the very beginning and one that runs to the end are silenced") {
  Studio studio;
  studio.play(0, Sender{.signal = keyed({{'7', 0, 0.1}, {'9', 9.5, 0.5}})}.packets(500));
  CHECK(loudest(studio.heard().left, 0, 10) == 0);
}

TEST_CASE("tones stay where digits are wished for, but for a card's") {
  for (const Digits digits : {Digits::AsIs, Digits::AllDigits}) {
    Studio studio(20s);
    studio.digits = digits;
    studio.play(0, Sender{.signal = keyed(dialled("41111", 1, 0.4))}.packets(1000));
    const Rendered rendered = studio.render(Format::Wav);
    CHECK(tones_in(listen(rendered.path).left, 8000) == 5);
    CHECK_FALSE(rendered.keyed_digits);
    CHECK(std::ranges::count(rendered.gaps, GapReason::Pci, &Gap::reason) == 0);
    Studio card(20s);
    card.digits = digits;
    card.play(0, Sender{.signal = keyed(dialled("4111111111111111", 1, 0.4))}.packets(1000));
    const Rendered paused = card.render(Format::Wav);
    CHECK(tones_in(listen(paused.path).left, 8000) == 0);
    CHECK(paused.keyed_digits);
    CHECK(std::ranges::count(paused.gaps, GapReason::Pci, &Gap::reason) == 1);
  }
}

TEST_CASE("a recording without tones is the same to the bit with and without silencing") {
  for (const Format format : {Format::Wav, Format::G711}) {
    Studio studio(20s);
    studio.play(0, Sender{.signal = talking(120)}.packets(1000));
    studio.play(1, Sender{.signal = talking(210)}.packets(1000));
    const Heard without = listen(studio.render(format).path);
    studio.digits = Digits::AsIs;
    const Heard as_is = listen(studio.render(format).path);
    CHECK((without.left == as_is.left));
    CHECK((without.right == as_is.right));
  }
}

TEST_CASE("no tone is left of wideband channels") {
  Studio studio;
  std::vector<Sent> packets;
  const std::vector<std::int16_t> tone = dtmf_tone({.key = '8', .seconds = 0.1}, 16'000);
  for (std::size_t n = 0; n < 500; ++n) {
    Sent sent{.at = n * 20ms,
              .sequence = static_cast<std::uint16_t>(n),
              .timestamp = static_cast<std::uint32_t>(n * 320),
              .payload = {},
              .type = 96};
    for (std::size_t k = 0; k < 320; ++k) {
      const std::size_t at = n * 320 + k;
      const std::int16_t sample = at >= 48'000 && at < 48'000 + tone.size() ? tone[at - 48'000] : std::int16_t{500};
      sent.payload.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(sample) >> 8U));
      sent.payload.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(sample) & 0xffU));
    }
    packets.push_back(sent);
  }
  const std::size_t track = studio.play(0, packets);
  studio.map(track, 96, "L16");
  studio.tracks[track].payloads.back().clock_hz = 16'000;
  studio.tracks[track].payloads.back().channels = 1;
  const Heard heard = studio.heard();
  REQUIRE(heard.rate_hz == 16'000);
  CHECK(loudest(heard.left, 2.99, 3.11, 16'000) == 0);
  CHECK(loudest(heard.left, 2.9, 2.97, 16'000) == 500);
}

TEST_CASE("of a card's number that is keyed in tones nothing is left on either channel, and a gap tells of it") {
  for (const Format format : {Format::Wav, Format::G711}) {
    Studio studio(40s);
    studio.play(0, Sender{.signal = keyed(dialled("4111111111111111", 14.5, 0.7), 1000)}.packets(2000));
    studio.play(1, Sender{.signal = sine(300)}.packets(2000));
    const Rendered rendered = studio.render(format);
    const Heard heard = listen(rendered.path);
    const double end = 14.5 + 15 * 0.7 + 0.1;
    CHECK(loudest(heard.left, 14.49, end + 0.01) <= 8);
    CHECK(loudest(heard.right, 14.49, end + 0.01) <= 8);
    CHECK(loudest(heard.right, 14, 14.46) > 7000);
    CHECK(loudest(heard.right, end + 0.04, 30) > 7000);
    CHECK(loudest(heard.left, end + 0.04, 30) > 800);
    CHECK(rendered.keyed_digits);
    REQUIRE(rendered.gaps.size() == 1);
    const Gap& gap = rendered.gaps[0];
    CHECK(gap.reason == GapReason::Pci);
    CHECK(gap.channels == std::vector{0, 1});
    CHECK(to_seconds(gap.start - kStart) == Approx(14.5).margin(0.005));
    CHECK(to_seconds(gap.end - kStart) == Approx(end).margin(0.005));
    REQUIRE(gap.pause);
    CHECK(gap.pause->start == gap.start);
    CHECK(gap.pause->end == gap.end);
    CHECK(gap.pause->reason == "pci");
    CHECK(gap.pause->opened.rule == "keyed-digits");
    CHECK(gap.pause->opened.message == "tone");
    CHECK(gap.pause->closed.has_value());
  }
}

TEST_CASE("five digits in a row are a menu's, six are suspicious") {
  for (const std::string_view keys : {"12345", "*12345#", "123456"}) {
    Studio studio(20s);
    studio.play(1, Sender{.signal = keyed(dialled(keys, 2, 0.5))}.packets(1000));
    studio.play(0, Sender{.signal = sine(300)}.packets(1000));
    const Rendered rendered = studio.render(Format::Wav);
    CHECK(rendered.keyed_digits == (keys == "123456"));
    CHECK(rendered.gaps.size() == (keys == "123456" ? 1 : 0));
  }
}

TEST_CASE("telephone-events whose code is masked are events like any other") {
  std::array<std::vector<std::int16_t>, 2> heard;
  std::array<std::vector<std::string>, 2> gaps;
  for (const bool masked : {false, true}) {
    std::vector<Sent> packets = Sender{.signal = sine(300)}.packets(500);
    for (std::size_t n = 200; n < 210; ++n) {
      packets[n].type = 101;
      packets[n].timestamp = packets[200].timestamp;
      const auto duration = static_cast<std::uint8_t>(std::min<std::size_t>(n - 199, 8));
      packets[n].payload = {
          static_cast<std::uint8_t>(masked ? 0xff : 5), static_cast<std::uint8_t>(n < 207 ? 10 : 0x8a),
          static_cast<std::uint8_t>(duration * 160 / 256), static_cast<std::uint8_t>(duration * 160 % 256)};
    }
    Studio studio;
    const std::size_t track = studio.play(0, packets);
    studio.map(track, 0, "PCMU");
    studio.map(track, 101, "TELEPHONE-EVENT");
    const Rendered rendered = studio.render(Format::Wav);
    heard[masked ? 1 : 0] = listen(rendered.path).left;
    gaps[masked ? 1 : 0] = describe(rendered.gaps);
    CHECK(rendered.codecs == std::vector<std::string>{"PCMU"});
  }
  CHECK((heard[0] == heard[1]));
  CHECK(gaps[0] == gaps[1]);
  CHECK(gaps[0].size() <= 1);
}

}  // namespace tapestry::mux
