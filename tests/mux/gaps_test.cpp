#include "mux/gaps.h"

#include <algorithm>

#include "studio.h"

namespace tapestry::mux {
namespace {

using Lines = std::vector<std::string>;

/// A clean stream of 10 s for the channel that a test does not look at.
std::vector<Sent> clean() { return Sender{.signal = sine(440)}.packets(500); }

std::vector<Sent> without(std::vector<Sent> packets, std::size_t from, std::size_t to) {
  packets.erase(packets.begin() + static_cast<std::ptrdiff_t>(from), packets.begin() + static_cast<std::ptrdiff_t>(to));
  return packets;
}

Gap planned(GapReason reason, Duration from, Duration to, std::vector<int> channels) {
  return {.reason = reason, .start = kStart + from, .end = kStart + to, .channels = std::move(channels), .detail = {}};
}

Lines gaps_of(const std::vector<Sent>& packets, Format format = Format::Wav) {
  Studio studio;
  studio.play(0, packets);
  studio.play(1, clean());
  return describe(studio.render(format).gaps);
}

}  // namespace

TEST_CASE("a loss of up to 60 ms is concealed, a longer one is a gap") {
  CHECK(gaps_of(without(clean(), 100, 103)).empty());
  CHECK(gaps_of(without(clean(), 100, 104)) == Lines{"loss 0 2-2.08 4 packets"});
}

TEST_CASE("what is missing across a pause was not lost") {
  Studio studio;
  studio.plan.gaps.push_back(planned(GapReason::Pci, 2s, 6s, {0, 1}));
  studio.play(0, without(clean(), 100, 301));
  studio.play(1, without(clean(), 99, 330));
  CHECK(describe(studio.render().gaps) == Lines{"pci 0,1 2-6", "loss 1 6-6.6"});
}

TEST_CASE("a side that was paused nearly all the time is not one-way") {
  Studio studio;
  studio.plan.gaps.push_back(planned(GapReason::Pci, 200ms, 9900ms, {0, 1}));
  studio.play(0, without(clean(), 10, 495));
  studio.play(1, without(clean(), 10, 495));
  CHECK(describe(studio.render().gaps) == Lines{"pci 0,1 0.2-9.9"});
}

TEST_CASE("in G.711 files every loss is a gap, since nothing is invented there") {
  CHECK(gaps_of(without(clean(), 100, 101), Format::G711) == Lines{"loss 0 2-2.02 1 packet"});
}

TEST_CASE("ciphertext is not decoded but named with its suite") {
  Studio studio;
  studio.encrypt(studio.play(0, clean()), "AES_CM_128_HMAC_SHA1_80");
  studio.play(1, clean());
  CHECK(describe(studio.render().gaps) == Lines{"undecryptable 0 0-10 AES_CM_128_HMAC_SHA1_80"});
}

TEST_CASE("a sender who stops while the other end is on hold is on hold, too") {
  Studio studio;
  studio.plan.gaps.push_back(planned(GapReason::Hold, 2s, 6s, {0}));
  studio.play(0, clean());
  std::vector<Sent> paused = clean();
  for (std::size_t n = 300; n < paused.size(); ++n)
    paused[n].sequence = static_cast<std::uint16_t>(paused[n].sequence - 195);
  studio.play(1, without(paused, 105, 300));
  CHECK(describe(studio.render().gaps) == Lines{"hold 0 2-6", "hold 1 2.1-6"});
}

TEST_CASE("a channel that has no packets while the other has is one-way") {
  Studio studio;
  studio.play(1, clean());
  CHECK(describe(studio.render().gaps) == Lines{"one-way 0 0-10 never arrived"});
  studio.plan.drops_touched = true;
  CHECK(describe(studio.render().gaps) == Lines{"one-way 0 0-10 dropped by the recorder"});
}

TEST_CASE("a channel whose packets were nearly all lost on the way is one-way, too") {
  Studio studio;
  studio.play(0, without(clean(), 10, 495));
  studio.play(1, clean());
  CHECK(describe(studio.render().gaps) == Lines{"one-way 0 0-10 lost on the way, 485 packets"});
}

TEST_CASE("what is missing while capture lost packets was dropped by the recorder") {
  Studio studio;
  studio.plan.gaps.push_back(planned(GapReason::Drop, 3s, 4s, {}));
  studio.play(0, without(without(clean(), 160, 180), 50, 70));
  studio.play(1, clean());
  CHECK(describe(studio.render().gaps) ==
        Lines{"loss 0 1-1.4 20 packets", "drop  3-4", "drop 0 3.2-3.6 20 packets dropped by the recorder"});
}

TEST_CASE("a recording without any packet has no media") {
  Studio studio(300ms);
  CHECK(describe(studio.render().gaps) == Lines{"no-media 0,1 0-0.3"});
}

TEST_CASE("what is missing at the beginning and at the end is told beyond a fifth of a second") {
  CHECK(gaps_of(without(clean(), 0, 10)).empty());
  CHECK(gaps_of(without(clean(), 0, 11)) == Lines{"late-start 0 0-0.22"});
  CHECK(gaps_of(without(clean(), 490, 500)).empty());
  CHECK(gaps_of(without(clean(), 489, 500)) == Lines{"early-end 0 9.78-10"});
}

TEST_CASE("a sender who stops without losing a packet is inactive") {
  for (const bool timestamps_go_on : {true, false}) {
    auto packets = Sender{.signal = sine(440)}.packets(300);
    for (std::size_t i = 100; i < 300; ++i) {
      packets[i].at += 3s;
      if (timestamps_go_on) packets[i].timestamp += 24'000;
    }
    CHECK(gaps_of(packets) == Lines{"inactive 0 2-5", "early-end 0 9-10"});
  }
}

TEST_CASE("comfort noise and a short pause of the sender are silence, not gaps") {
  auto packets = Sender{.signal = sine(440)}.packets(400);
  for (std::size_t i = 100; i < 400; ++i) {
    packets[i].at += 2s;
    packets[i].timestamp += 16'000;
  }
  packets[99].type = 13;
  packets[99].payload = {0x40};
  for (std::size_t i = 350; i < 400; ++i) packets[i].timestamp += 3200;
  for (std::size_t i = 350; i < 400; ++i) packets[i].at += 400ms;
  CHECK(gaps_of(without(packets, 380, 400)) == Lines{});
}

TEST_CASE("a telephone-event stands for the audio that it replaces") {
  Studio studio;
  auto packets = Sender{.signal = sine(440)}.packets(500);
  for (std::size_t i = 100; i < 160; ++i) {
    packets[i].type = 101;
    packets[i].timestamp = packets[100].timestamp;
    packets[i].payload = {5, 10, 0, 160};
  }
  studio.map(studio.play(0, packets), 101, "TELEPHONE-EVENT");
  studio.play(1, clean());
  const Rendered rendered = studio.render();
  CHECK(rendered.gaps.empty());
  CHECK(rendered.codecs == Lines{"PCMU"});
  CHECK(rendered.packets.lost == 0);
  const auto heard = listen(rendered.path).left;
  CHECK(std::all_of(heard.begin() + 16'000, heard.begin() + 25'600, [](std::int16_t one) { return one == 0; }));
}

TEST_CASE("packets of an unknown codec are one gap per stretch, with the codec's name") {
  Studio studio;
  auto packets = clean();
  for (std::size_t i = 50; i < 100; ++i) packets[i].type = 96;
  for (std::size_t i = 150; i < 200; ++i) packets[i].type = 97;
  studio.map(studio.play(0, packets), 96, "OPUS");
  studio.play(1, clean());
  const Rendered rendered = studio.render();
  CHECK(describe(rendered.gaps) == Lines{"codec 0 1-2 OPUS", "codec 0 3-4 payload type 97"});
  CHECK(rendered.codecs == Lines{"PCMU"});
}

TEST_CASE("a payload type means what was mapped last before the packet came") {
  Studio studio;
  auto packets = clean();
  for (Sent& packet : packets) packet.type = 96;
  const std::size_t track = studio.play(0, packets);
  studio.map(track, 96, "PCMU", 1s);
  studio.map(track, 96, "EVS", 4s);
  studio.map(track, 96, "PCMU", 6s);
  studio.play(1, clean());
  CHECK(describe(studio.render().gaps) == Lines{"codec 0 4-6 EVS"});
}

/// As calls plans a hold: the held stream has no stretch there, and a gap says why.
void hold(Studio& studio, int channel, Duration from, Duration to) {
  auto& spans = studio.plan.channels[static_cast<std::size_t>(channel)].spans;
  REQUIRE(spans.size() == 1);
  const calls::TrackSpan whole = spans.front();
  spans = {{whole.track, whole.from, kStart + from}, {whole.track, kStart + to, whole.to}};
  studio.plan.gaps.push_back(planned(GapReason::Hold, from, to, {channel}));
}

TEST_CASE("a planned hold silences its channels only and hides what else is missing there") {
  Studio studio;
  studio.play(0, without(clean(), 100, 200));
  studio.play(1, clean());
  studio.plan.gaps = {planned(GapReason::Pci, 5s, 6s, {0, 1}), planned(GapReason::Inactive, 8s, 9s, {1})};
  hold(studio, 0, 1900ms, 3s);
  const Rendered rendered = studio.render();
  CHECK(describe(rendered.gaps) == Lines{"hold 0 1.9-3", "loss 0 3-4 100 packets", "pci 0,1 5-6", "inactive 1 8-9"});
  const Heard heard = listen(rendered.path);
  const auto silent = [](const std::vector<std::int16_t>& samples, int from, int to) {
    return std::all_of(samples.begin() + from, samples.begin() + to, [](std::int16_t one) { return one == 0; });
  };
  CHECK(silent(heard.left, 15'200, 24'000));
  CHECK_FALSE(silent(heard.left, 15'190, 15'200));
  CHECK_FALSE(silent(heard.right, 15'200, 24'000));
  CHECK(silent(heard.left, 40'000, 48'000));
  CHECK(silent(heard.right, 40'000, 48'000));
  CHECK_FALSE(silent(heard.right, 64'000, 72'000));
}

TEST_CASE("absences that only frame a hold are not told") {
  Studio studio;
  auto packets = clean();
  studio.play(0, without(packets, 100, 200));
  studio.tracks[0].payloads.clear();
  studio.play(1, clean());
  hold(studio, 0, 1900ms, 4100ms);
  CHECK(describe(studio.render().gaps) == Lines{"hold 0 1.9-4.1"});
}

TEST_CASE("no time is inactive on a channel while another of its tracks is there") {
  Studio studio;
  studio.play(0, Sender{.signal = sine(440)}.packets(250));
  studio.play(0, Sender{.signal = sine(440), .first = 5s}.packets(250));
  studio.play(1, clean());
  CHECK(describe(studio.render().gaps) == Lines{});
}

TEST_CASE("gaps beyond the bound are joined, not dropped") {
  std::vector<Sent> packets;
  for (const Sent& packet : Sender{}.packets(45'000)) {
    if (packet.sequence % 2 == 0) packets.push_back(packet);
  }
  Studio studio(900s);
  studio.play(0, packets);
  studio.play(1, packets);
  const auto gaps = studio.render(Format::G711).gaps;
  CHECK(gaps.size() <= kMaxGaps);
  REQUIRE(gaps.size() >= 2);
  CHECK(gaps.front().detail == "22499 packets");
}

}  // namespace tapestry::mux
