#include "mux/quality.h"

#include <catch2/catch.hpp>
#include <random>

#include "studio.h"

namespace tapestry::mux {
namespace {

StreamQuality quality_of(std::vector<Sent> packets) {
  Studio studio(60s);
  studio.play(0, packets);
  const Rendered rendered = studio.render();
  REQUIRE(rendered.streams.size() == 1);
  return rendered.streams.front();
}

std::vector<Sent> steady(std::size_t count) { return Sender{.first = 100ms}.packets(count); }

bool same(const StreamQuality& a, const StreamQuality& b) {
  return a.packets.expected == b.packets.expected && a.packets.received == b.packets.received &&
         a.packets.lost == b.packets.lost && a.packets.reordered == b.packets.reordered && a.discarded == b.discarded &&
         a.jitter.mean_ms == b.jitter.mean_ms && a.jitter.most_ms == b.jitter.most_ms && a.bursts == b.bursts &&
         a.e_model->mos == b.e_model->mos;
}

}  // namespace

TEST_CASE("losses nearer than sixteen packets are a burst, single ones belong to a gap") {
  BurstMeter meter;
  meter.received(100);
  meter.lost();  // alone
  meter.received(16);
  meter.lost(2);
  meter.received(15);
  meter.lost();  // 2 + 15 + 1 = 18 packets, 3 losses
  meter.received(40);
  meter.lost(4);  // 4 packets, 4 losses
  meter.received(200);
  const Bursts bursts = meter.finish();
  CHECK(bursts.packets == 379);
  CHECK(bursts.losses == 8);
  CHECK(bursts.runs == 4);
  CHECK(bursts.count == 2);
  CHECK(bursts.burst_density == Approx(7.0 / 22));
  CHECK(bursts.gap_density == Approx(1.0 / 357));
  CHECK(bursts.burst_packets == Approx(11));
  CHECK(bursts.gap_packets == Approx(119));
}

TEST_CASE("a stream without losses is one gap, one of nothing has no figures") {
  BurstMeter meter;
  meter.received(50);
  CHECK(meter.finish().gap_packets == 50);
  CHECK(BurstMeter().finish() == Bursts{});
}

TEST_CASE("a perfect stream has no jitter and the best rating of its codec") {
  const StreamQuality quality = quality_of(steady(500));
  CHECK(quality.packets.expected == 500);
  CHECK(quality.packets.lost == 0);
  CHECK(quality.discarded == 0);
  CHECK(quality.jitter.most_ms == 0);
  CHECK(quality.bursts.count == 0);
  CHECK(quality.codecs == std::vector<std::string>{"PCMU"});
  CHECK(quality.packet_time == 20ms);
  REQUIRE(quality.e_model);
  CHECK(quality.e_model->r == Approx(93.2));
}

TEST_CASE("jitter is that of RFC 3550 A.8") {
  auto packets = steady(4);
  packets[1].at += 16ms;  // D = 16: J = 1
  packets[2].at += 16ms;  // D = 0: J = 15/16
  packets[3].at += 8ms;   // D = -8: J = 15/16 + (8 - 15/16) / 16
  const double third = 15.0 / 16;
  const double fourth = third + (8 - third) / 16;
  const StreamQuality quality = quality_of(packets);
  CHECK(quality.jitter.most_ms == Approx(fourth));
  CHECK(quality.jitter.mean_ms == Approx((1 + third + fourth) / 4));
}

TEST_CASE("packets more than 60 ms behind the least delayed one are discarded") {
  auto packets = steady(200);
  packets[50].at += 59ms;
  packets[80].at += 61ms;
  packets[81].at += 45ms;
  packets[120].at += 300ms;
  const StreamQuality quality = quality_of(packets);
  CHECK(quality.discarded == 2);
  CHECK(quality.packets.lost == 0);
  CHECK(quality.bursts.losses == 2);
  CHECK(quality.e_model->r < 93);
}

TEST_CASE("a receiver that gets everything too late for half a second begins anew") {
  auto packets = steady(300);
  for (std::size_t i = 100; i < packets.size(); ++i) packets[i].at += 200ms;
  CHECK(quality_of(packets).discarded == 25);
}

TEST_CASE("a sender with a slow clock loses nothing") {
  auto packets = steady(2900);
  for (std::size_t i = 0; i < packets.size(); ++i) packets[i].at += i * 8us;  // 400 ppm
  CHECK(quality_of(packets).discarded == 0);
}

TEST_CASE("duplicates change nothing but their own figure") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937 random(seed);
    auto packets = steady(1000);
    for (Sent& packet : packets) packet.at += random() % 80'000 * 1us;
    std::erase_if(packets, [&](const Sent&) { return random() % 20 == 0; });
    const StreamQuality plain = quality_of(packets);
    auto twice = packets;
    for (const Sent& packet : packets) {
      if (random() % 3 != 0) continue;
      twice.push_back(packet);
      twice.back().at += random() % 100 * 1ms;
    }
    const StreamQuality copied = quality_of(twice);
    CHECK(copied.packets.duplicate == twice.size() - packets.size());
    CHECK(same(plain, copied));
    CHECK(plain.packets.lost > 10);
  }
}

TEST_CASE("what was not heard because of hold is no loss") {
  auto packets = steady(1000);
  Studio studio(30s);
  const std::size_t track = studio.add_track(packets);
  studio.plan.channels[1].spans.push_back({track, studio.plan.start, studio.plan.start + 5s});
  studio.plan.channels[1].spans.push_back({track, studio.plan.start + 10s, studio.plan.end});
  const Rendered rendered = studio.render();
  REQUIRE(rendered.streams.size() == 1);
  CHECK(rendered.streams[0].channel == 1);
  CHECK(rendered.streams[0].packets.lost == 0);
  CHECK(rendered.streams[0].bursts.losses == 0);
}

TEST_CASE("a wideband codec has figures and no MOS") {
  auto packets = steady(100);
  for (Sent& packet : packets) packet.type = 9;
  const StreamQuality quality = quality_of(packets);
  CHECK(quality.codecs == std::vector<std::string>{"G722"});
  CHECK_FALSE(quality.e_model);
}

}  // namespace tapestry::mux
