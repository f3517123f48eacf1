#include "mux/decoding.h"

#include <cmath>
#include <random>

#include "captured.h"
#include "encoders.h"

namespace tapestry::mux {
namespace {

using Lines = std::vector<std::string>;

EncoderSettings opus(bool fec) {
  return {.name = "libopus",
          .sample_hz = 48'000,
          .bit_rate = 24'000,
          .options = {{"application", "voip"}, {"fec", fec ? "1" : "0"}, {"packet_loss", fec ? "20" : "0"}}};
}

/// How much like the voice the packets sound that were lost: every tenth.
double likeness_of_lost(const Payloads& payloads) {
  auto packets = send(payloads, 960, 48'000);
  std::erase_if(packets, [](const Sent& packet) { return packet.sequence % 10 == 3; });
  Studio studio(6s);
  const auto track = studio.play(0, packets);
  map_codec(studio, track, "OPUS", 48'000, "useinbandfec=1", 2);
  const Rendered rendered = studio.render();
  CHECK(describe(rendered.gaps) == Lines{"one-way 1 0-6 never arrived"});
  const Heard heard = listen(rendered.path);
  const auto said = voice(6, 16'000);
  std::vector<std::int16_t> lost;
  std::vector<std::int16_t> there;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    if ((65'500 + i) % 65'536 % 10 != 3) continue;
    for (std::size_t k = i * 320; k < i * 320 + 320; ++k) {
      lost.push_back(heard.left[k]);
      there.push_back(said[k]);
    }
  }
  return compare(lost, there, 16'000, 1).correlation;
}

/// A RED payload (RFC 2198): `now`, after what was sent `ticks` before it.
std::vector<std::uint8_t> red(const std::vector<std::uint8_t>& before, const std::vector<std::uint8_t>& now,
                              std::uint32_t ticks) {
  const std::uint32_t header = 0x8000'0000U | ticks << 10U | static_cast<std::uint32_t>(before.size());
  std::vector<std::uint8_t> payload;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) payload.push_back(static_cast<std::uint8_t>(header >> shift));
  payload.push_back(0);
  payload.insert(payload.end(), before.begin(), before.end());
  payload.insert(payload.end(), now.begin(), now.end());
  return payload;
}

}  // namespace

TEST_CASE("an Opus packet that was lost comes back from the one after it") {
  const auto samples = voice(6, 48'000);
  const Payloads with = encode_frames(opus(true), samples);
  if (with.empty()) {
    WARN("this FFmpeg has no libopus: skipped");
    return;
  }
  const double restored = likeness_of_lost(with);
  const double concealed = likeness_of_lost(encode_frames(opus(false), samples));
  CHECK(restored > 0.9);
  CHECK(concealed > 0.5);
  CHECK(restored > concealed);
}

TEST_CASE("Opus with holes of DTX is silent there and in its place elsewhere") {
  Payloads payloads = encode_frames(opus(false), voice(6, 48'000));
  if (payloads.empty()) return;
  auto packets = send(payloads, 960, 48'000);
  packets[99].payload.resize(1);
  for (std::size_t i = 100; i < packets.size(); ++i) {
    packets[i].at += 4s;
    packets[i].timestamp += 4 * 48'000;
  }
  Studio studio(10s);
  const auto track = studio.play(0, packets);
  map_codec(studio, track, "OPUS", 48'000, {}, 2);
  const Rendered rendered = studio.render();
  CHECK(describe(rendered.gaps).size() == 1);
  const Heard heard = listen(rendered.path);
  CHECK(std::all_of(heard.left.begin() + 32'000, heard.left.begin() + 95'000, [](std::int16_t s) { return s == 0; }));
  const auto said = voice(6, 16'000);
  const Likeness late = compare(std::span(heard.left).subspan(112'000), std::span(said).subspan(48'000), 16'000);
  CHECK(late.correlation > 0.9);
  CHECK(std::abs(late.later_ms) < 1);
}

TEST_CASE("a lost packet's redundant copy takes its place, sample for sample") {
  const auto plain = Sender{.signal = sine(300)}.packets(200);
  Studio whole(4s);
  whole.play(0, plain);
  const auto expected = whole.heard().left;
  for (const bool both : {false, true}) {
    auto packets = plain;
    for (std::size_t i = 1; i < packets.size(); ++i) {
      packets[i].payload = red(plain[i - 1].payload, plain[i].payload, 160);
      packets[i].type = 96;
    }
    if (both) std::erase_if(packets, [](const Sent& packet) { return packet.sequence % 7 == 1; });
    Studio studio(4s);
    const auto track = studio.play(0, packets);
    map_codec(studio, track, "RED", 8000);
    const Rendered rendered = studio.render();
    CHECK((listen(rendered.path).left == expected));
    CHECK(rendered.codecs == Lines{"PCMU"});
    CHECK(describe(rendered.gaps) == Lines{"one-way 1 0-4 never arrived"});
  }
}

TEST_CASE("a call that changes from G.711 to a codec with another clock goes on in its place") {
  const Payloads payloads = encode_frames(opus(false), voice(6, 48'000));
  if (payloads.empty()) return;
  auto packets = send(payloads, 960, 48'000);
  const auto samples = voice(6, 8000);
  for (std::size_t i = 0; i < 150; ++i) {
    packets[i].type = 0;
    packets[i].timestamp = static_cast<std::uint32_t>(77'000 + i * 160);
    packets[i].payload.resize(160);
    for (std::size_t k = 0; k < 160; ++k) packets[i].payload[k] = encode(Law::Mu, samples[i * 160 + k]);
  }
  for (std::size_t i = 150; i < packets.size(); ++i) {
    packets[i].timestamp = static_cast<std::uint32_t>(77'000 + 150 * 160 + (i - 150) * 960);
  }
  Studio studio(6s);
  const auto track = studio.play(0, packets);
  map_codec(studio, track, "OPUS", 48'000, {}, 2);
  const Rendered rendered = studio.render();
  CHECK(rendered.codecs == Lines{"OPUS", "PCMU"});
  CHECK(describe(rendered.gaps) == Lines{"one-way 1 0-6 never arrived"});
  const Heard heard = listen(rendered.path);
  const auto said = voice(6, 16'000);
  for (const std::size_t from : {0U, 50'000U}) {
    const Likeness part =
        compare(std::span(heard.left).subspan(from, 40'000), std::span(said).subspan(from, 40'000), 16'000);
    CHECK(part.correlation > 0.9);
    CHECK(std::abs(part.later_ms) < 1);
  }
}

TEST_CASE("payloads that are none of their codec are a gap with its name") {
  Studio studio(3s);
  Payloads payloads(150, std::vector<std::uint8_t>(33, 0xd0));
  for (std::size_t i = 50; i < 100; ++i) payloads[i].resize(7 + i % 5);
  const auto track = studio.play(0, send(payloads, 160, 8000));
  map_codec(studio, track, "GSM", 8000);
  const Rendered rendered = studio.render();
  CHECK(describe(rendered.gaps) == Lines{"one-way 1 0-3 never arrived", "codec 0 1-2 GSM, unreadable"});
  CHECK(rendered.codecs == Lines{"GSM"});
}

TEST_CASE("what a decoder refuses is a gap, too") {
  Studio studio(3s);
  Payloads payloads(150, std::vector<std::uint8_t>(84, 0x11));
  for (auto& payload : payloads) payload[2] = 40;
  for (std::size_t i = 50; i < 100; ++i) payloads[i][2] = 89;  // no step size of DVI4
  const auto track = studio.play(0, send(payloads, 160, 8000));
  map_codec(studio, track, "DVI4", 8000);
  CHECK(describe(studio.render().gaps) == Lines{"one-way 1 0-3 never arrived", "codec 0 1-2 DVI4"});
}

TEST_CASE("video and codecs without a decoder stay gaps with their names") {
  Studio studio(1s);
  const auto track = studio.play(0, send(Payloads(50, std::vector<std::uint8_t>(40)), 320, 16'000));
  map_codec(studio, track, "EVS", 16'000);
  CHECK(describe(studio.render().gaps) == Lines{"codec 0 0-1 EVS", "one-way 1 0-1 never arrived"});
}

TEST_CASE("random payloads of any size leave a recording of the right length") {
  struct Mapped {
    const char* encoding;
    std::uint32_t clock_hz;
    const char* parameters = "";
    std::uint8_t channels = 1;
  };
  std::mt19937 random(11);
  for (const Mapped& one :
       {Mapped{"G722", 8000}, Mapped{"G723", 8000}, Mapped{"G726-24", 8000}, Mapped{"AAL2-G726-40", 8000},
        Mapped{"G729", 8000}, Mapped{"GSM", 8000}, Mapped{"ILBC", 8000, "mode=20"}, Mapped{"AMR", 8000},
        Mapped{"AMR", 8000, "octet-align=1"}, Mapped{"AMR-WB", 16'000}, Mapped{"AMR-WB", 16'000, "octet-align=1"},
        Mapped{"SPEEX", 8000}, Mapped{"SPEEX", 16'000}, Mapped{"SPEEX", 32'000}, Mapped{"OPUS", 48'000, "", 2},
        Mapped{"L16", 22'050, "", 2}, Mapped{"DVI4", 11'025}, Mapped{"RED", 8000}}) {
    INFO(one.encoding);
    Payloads payloads(400);
    for (auto& payload : payloads) {
      const std::array<std::size_t, 10> sizes{0, 1, 2, 10, 20, 24, 33, 38, 50, random() % 400};
      payload.resize(sizes[random() % sizes.size()]);
      for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
    }
    auto packets = send(payloads, one.clock_hz / 50, one.clock_hz);
    std::erase_if(packets, [&random](const Sent&) { return random() % 8 == 0; });
    Studio studio(8s);
    const auto track = studio.play(0, packets);
    map_codec(studio, track, one.encoding, one.clock_hz, one.parameters, one.channels);
    const Rendered rendered = studio.render();
    CHECK(rendered.samples == 8 * rendered.sample_rate_hz);
    CHECK(listen(rendered.path).left.size() == rendered.samples);
  }
}

}  // namespace tapestry::mux
