#include "mux/payload_proof.h"

#include "captured.h"

namespace tapestry::mux {
namespace {

using Lines = std::vector<std::string>;
using Payloads = std::vector<std::vector<std::uint8_t>>;

}  // namespace

TEST_CASE("ten bytes for ten milliseconds are G.729, whatever SDP says") {
  Studio studio(2s);
  const auto track = studio.play(0, send(Payloads(100, std::vector<std::uint8_t>(20, 0x35)), 160, 8000));
  map_codec(studio, track, "PCMU", 8000);
  const Rendered rendered = studio.render();
  CHECK(rendered.codecs == Lines{"G729, announced as PCMU"});
  CHECK(describe(rendered.gaps) == Lines{"one-way 1 0-2 never arrived"});
}

TEST_CASE("a byte for each sample under the name of G.729 is the one such codec that SDP offers") {
  Studio studio(2s);
  auto packets = Sender{.signal = sine(440), .law = Law::A}.packets(100);
  for (Sent& packet : packets) packet.type = 18;
  const auto track = studio.play(0, packets);
  map_codec(studio, track, "G729", 8000, {}, 1, 18);
  map_codec(studio, track, "PCMA", 8000, {}, 1, 8);
  const Rendered rendered = studio.render();
  CHECK(rendered.codecs == Lines{"PCMA, announced as G729"});
  Studio plain(2s);
  plain.play(0, Sender{.signal = sine(440), .law = Law::A}.packets(100));
  CHECK((listen(rendered.path).left == plain.heard().left));
}

TEST_CASE("a byte for each sample is a gap when SDP offers several such codecs, or none") {
  for (const bool several : {false, true}) {
    Studio studio(2s);
    auto packets = Sender{.signal = sine(440)}.packets(100);
    for (Sent& packet : packets) packet.type = 18;
    const auto track = studio.play(0, packets);
    map_codec(studio, track, "G729", 8000, {}, 1, 18);
    if (several) map_codec(studio, track, "PCMA", 8000, {}, 1, 8);
    if (several) map_codec(studio, track, "PCMU", 8000, {}, 1, 0);
    const std::string names = several ? "PCMA or PCMU" : "G722 or PCMA or PCMU";
    CHECK(describe(studio.render().gaps) ==
          Lines{"codec 0 0-2 " + names + ", announced as G729", "one-way 1 0-2 never arrived"});
  }
}

TEST_CASE("packets of other lengths prove nothing against their codec") {
  for (const std::size_t bytes : {80U, 240U, 320U}) {
    Studio studio(2s);
    const auto count = 16'000 / bytes;
    const auto ticks = static_cast<std::uint32_t>(bytes);
    studio.play(0, send(Payloads(count, std::vector<std::uint8_t>(bytes, 0x35)), ticks, 8000, {}, 0));
    CHECK(studio.render().codecs == Lines{"PCMU"});
  }
  // Lost time between packets makes no other codec either.
  Studio studio(4s);
  studio.play(0, send(Payloads(100, std::vector<std::uint8_t>(160, 0x35)), 320, 8000, {}, 0));
  CHECK(studio.render().codecs == Lines{"PCMU"});
}

}  // namespace tapestry::mux
