#include <algorithm>
#include <cmath>
#include <random>

#include "captured.h"
#include "encoders.h"

namespace tapestry::mux {
namespace {

/// A codec of which no free encoder is at hand; FFmpeg's command decodes the same frames from a file.
struct Case {
  const char* encoding;
  std::uint32_t clock_hz;
  std::uint32_t ticks;
  const char* capture;
  std::uint8_t type;
  const char* parameters;
  const char* format;  ///< of FFmpeg's demuxer
  const char* magic;   ///< that the file begins with
  std::size_t header;  ///< bytes of a payload that no file has
  double lag_ms;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"G729", 8000, 160, "rtp_g729_stream.pcap", 18, "", "g729", "", 0, 5},
      {"G723", 8000, 240, "rtp_g723_a.pcap", 4, "", "g723_1", "", 0, 7.5},
      {"GSM", 8000, 160, "gen_gsm.pcap", 3, "", "gsm", "", 0, 0},
      {"AMR", 8000, 160, "gen_amr_nb.pcap", 96, "octet-align=1", "amr", "#!AMR\n", 1, 5},
      {"AMR-WB", 16'000, 320, "gen_amr_wb.pcap", 96, "octet-align=1", "amr", "#!AMR-WB\n", 1, 6.875},
  };
  return all;
}

std::vector<std::int16_t> by_command(const Case& one, const Payloads& payloads) {
  const Bytes magic = as_bytes(one.magic);
  std::vector<std::uint8_t> file(magic.begin(), magic.end());
  for (const auto& payload : payloads) {
    file.insert(file.end(), payload.begin() + static_cast<std::ptrdiff_t>(one.header), payload.end());
  }
  return decode_by_command(file, std::string("-f ") + one.format, static_cast<int>(one.clock_hz));
}

Heard play(const Case& one, const Payloads& payloads, const std::string& parameters) {
  const double seconds = static_cast<double>(payloads.size() * one.ticks) / one.clock_hz;
  Studio studio(from_seconds(seconds));
  const auto track = studio.play(0, send(payloads, one.ticks, one.clock_hz));
  map_codec(studio, track, one.encoding, one.clock_hz, parameters);
  const Rendered rendered = studio.render();
  CHECK(rendered.codecs == std::vector<std::string>{one.encoding});
  CHECK(rendered.sample_rate_hz == one.clock_hz);
  CHECK(rendered.gaps.size() == 1);  // the other channel is one-way
  return listen(rendered.path);
}

/// The bandwidth-efficient form (RFC 4867 §4.3) of an octet-aligned payload with one frame.
std::vector<std::uint8_t> pack(const std::vector<std::uint8_t>& aligned) {
  std::vector<bool> bits;
  const auto add = [&bits](unsigned value, unsigned count) {
    for (unsigned i = count; i-- > 0;) bits.push_back((value >> i & 1U) != 0);
  };
  add(aligned[0] >> 4U, 4);
  add(aligned[1] >> 2U, 6);
  for (std::size_t i = 2; i < aligned.size(); ++i) add(aligned[i], 8);
  std::vector<std::uint8_t> packed((bits.size() + 7) / 8);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) packed[i / 8] = static_cast<std::uint8_t>(packed[i / 8] | 0x80U >> i % 8);
  }
  return packed;
}

/// Bits of AMR-NB's frame types.
constexpr std::array<std::size_t, 9> kBits{95, 103, 118, 134, 148, 159, 204, 244, 39};

}  // namespace

TEST_CASE("payloads of real phones sound as FFmpeg's own reading of them") {
  for (const Case& one : cases()) {
    const Payloads payloads = captured_payloads(one.capture, one.type);
    if (payloads.empty()) continue;
    const auto expected = by_command(one, payloads);
    INFO(one.encoding << ", " << payloads.size() << " packets");
    if (expected.empty()) {
      WARN("no ffmpeg: skipped");
      continue;
    }
    const Heard heard = play(one, payloads, one.parameters);
    const Likeness likeness = compare(heard.left, expected, static_cast<int>(one.clock_hz));
    CHECK(likeness.correlation > 0.99);
    CHECK(likeness.later_ms == Approx(-one.lag_ms));
    const auto lag = static_cast<std::size_t>(one.lag_ms * one.clock_hz / 1000);
    CHECK(spectral_distance(heard.left, std::span(expected).subspan(lag)) < 0.5);
    CHECK(std::abs(std::ssize(heard.left) - std::ssize(expected)) <= static_cast<std::ptrdiff_t>(one.ticks));
  }
}

TEST_CASE("several frames in a packet sound as one in each") {
  for (const Case& one : cases()) {
    if (one.header != 0) continue;
    Payloads payloads = captured_payloads(one.capture, one.type);
    if (payloads.empty()) continue;
    payloads.resize(payloads.size() / 3 * 3);
    INFO(one.encoding);
    const Heard single = play(one, payloads, "");
    Payloads joined(payloads.size() / 3);
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      joined[i / 3].insert(joined[i / 3].end(), payloads[i].begin(), payloads[i].end());
    }
    Case three = one;
    three.ticks *= 3;
    CHECK((play(three, joined, "").left == single.left));
  }
}

TEST_CASE("AMR sounds the same in both packings, and several frames at once") {
  const Case& amr = cases()[3];
  Payloads payloads = captured_payloads(amr.capture, amr.type);
  if (payloads.empty()) return;
  payloads.resize(payloads.size() / 2 * 2);
  const Heard aligned = play(amr, payloads, "octet-align=1");
  Payloads packed;
  for (const auto& payload : payloads) {
    packed.push_back(pack(payload));
    packed.back().resize((10 + kBits[payload[1] >> 3U & 15U] + 7) / 8);
  }
  CHECK((play(amr, packed, "").left == aligned.left));
  // SDP that names the other packing does not matter, as only one fits.
  CHECK((play(amr, packed, "octet-align=1").left == aligned.left));
  Payloads pairs;
  for (std::size_t i = 0; i < payloads.size(); i += 2) {
    const auto& first = payloads[i];
    const auto& second = payloads[i + 1];
    std::vector<std::uint8_t> pair{first[0], static_cast<std::uint8_t>(first[1] | 0x80U), second[1]};
    pair.insert(pair.end(), first.begin() + 2, first.end());
    pair.insert(pair.end(), second.begin() + 2, second.end());
    pairs.push_back(pair);
  }
  Case two = amr;
  two.ticks = 320;
  CHECK((play(two, pairs, "octet-align=1").left == aligned.left));
}

TEST_CASE("AMR frames that are damaged, silence or not sent are silence of their length") {
  const std::vector<std::uint8_t> none{0xf0, 0x7c};
  const std::vector<std::uint8_t> silence{0xf0, 0x44, 1, 2, 3, 4, 5};
  std::vector<std::uint8_t> damaged(2 + 31, 0x5a);
  damaged[0] = 0xf0;
  damaged[1] = 0x38;
  for (const auto& payload : {none, silence, damaged}) {
    const Heard heard = play(cases()[3], Payloads(50, payload), "octet-align=1");
    REQUIRE(heard.left.size() == 8000);
    CHECK(std::ranges::count(heard.left, 0) == 8000);
  }
}

TEST_CASE("AMR in a form that is not read is a gap that says so") {
  Studio studio(2s);
  const auto track = studio.play(0, send(Payloads(100, {0xf0, 0x7c}), 160, 8000));
  map_codec(studio, track, "AMR", 8000, "octet-align=1; interleaving=30");
  CHECK(describe(studio.render().gaps) ==
        std::vector<std::string>{"codec 0 0-2 AMR with interleaving", "one-way 1 0-2 never arrived"});
}

TEST_CASE("iLBC is cut by the mode of its fmtp or the one that fits") {
  std::mt19937 random(3);
  for (const bool shorter : {true, false}) {
    Payloads payloads;
    for (int i = 0; i < 50; ++i) {
      payloads.emplace_back(shorter ? 38 : 50);
      for (auto& byte : payloads.back()) byte = static_cast<std::uint8_t>(random());
      payloads.back().back() &= 0xfeU;  // the last bit marks an empty frame
    }
    const Case one{"ILBC", 8000, shorter ? 160U : 240U, "", 0, "", "ilbc", shorter ? "#!iLBC20\n" : "#!iLBC30\n", 0, 0};
    const auto expected = by_command(one, payloads);
    if (expected.empty()) {
      WARN("no ffmpeg: skipped");
      return;
    }
    for (const char* const parameters : {"mode=20", "mode=30", ""}) {
      CHECK(compare(play(one, payloads, parameters).left, expected, 8000, 2).correlation > 0.999);
    }
  }
}

TEST_CASE("after a silence descriptor of G.729 B its sender may stop for as long as it likes") {
  auto payloads = captured_payloads("rtp_g729_stream.pcap", 18);
  if (payloads.empty()) return;
  payloads.resize(150);
  payloads[49] = {payloads[49].begin(), payloads[49].begin() + 10};
  payloads[49].insert(payloads[49].end(), {0x12, 0x34});
  auto packets = send(payloads, 160, 8000);
  for (std::size_t i = 50; i < packets.size(); ++i) {
    packets[i].at += 5s;
    packets[i].timestamp += 40'000;
  }
  Studio studio(8s);
  const auto track = studio.play(0, packets);
  map_codec(studio, track, "G729", 8000, "annexb=yes");
  const Rendered rendered = studio.render();
  CHECK(describe(rendered.gaps) == std::vector<std::string>{"one-way 1 0-8 never arrived"});
  const Heard heard = listen(rendered.path);
  CHECK(std::all_of(heard.left.begin() + 8000, heard.left.begin() + 48'000, [](std::int16_t s) { return s == 0; }));
  CHECK(std::ranges::count(std::span(heard.left).subspan(48'000, 8000), 0) < 4000);
}

}  // namespace tapestry::mux
