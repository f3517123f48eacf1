#include "mux/timeline.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "studio.h"

namespace tapestry::mux {
namespace {

/// Seconds into the recording at which each of ticks()'s impulses is heard.
std::vector<double> impulses(const std::vector<std::int16_t>& samples) {
  std::vector<double> seconds;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i] > 5000) seconds.push_back(static_cast<double>(i) / 8000);
  }
  return seconds;
}

std::size_t zeros(const std::vector<std::int16_t>& samples) {
  return static_cast<std::size_t>(std::ranges::count(samples, 0));
}

/// A signal that is never digital silence.
double hum(double seconds) { return 4000 + 3000 * std::sin(seconds * 700); }

}  // namespace

TEST_CASE("packets that come late by up to a second, in whatever order, give the same samples") {
  const auto packets = Sender{.signal = hum}.packets(1500);
  Studio plain(30s);
  plain.play(0, packets);
  const auto expected = plain.heard().left;
  CHECK(zeros(expected) == 0);
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    std::mt19937 random(seed);
    auto delayed = packets;
    for (Sent& packet : delayed) {
      if (random() % 2 == 0) packet.at += random() % 990 * 1ms;
    }
    Studio studio(30s);
    studio.play(0, delayed);
    const Rendered rendered = studio.render();
    CHECK((listen(rendered.path).left == expected));
    CHECK(rendered.packets.reordered > 100);
    CHECK(rendered.packets.lost == 0);
    CHECK(rendered.gaps.size() == 1);  // channel 1 is one-way
  }
}

TEST_CASE("a duplicate changes nothing but its counter") {
  auto packets = Sender{.signal = hum}.packets(500);
  Studio plain;
  plain.play(0, packets);
  const auto expected = plain.heard().left;
  for (const std::size_t i : {0U, 1U, 77U, 398U}) {
    Sent copy = packets[i];
    copy.at += i % 2 == 0 ? 3ms : 230ms;
    packets.push_back(copy);
  }
  Studio studio;
  studio.play(0, packets);
  const Rendered rendered = studio.render();
  CHECK((listen(rendered.path).left == expected));
  CHECK(rendered.packets.duplicate == 4);
  CHECK(rendered.packets.received == 500);
  CHECK(rendered.packets.expected == 500);
}

TEST_CASE("a recording made at another time sounds the same") {
  const auto packets = Sender{.signal = hum, .first = 123456789ns}.packets(400);
  Studio now;
  now.play(1, packets);
  Studio then(10s, kStart - 100000h - 1234567ns);
  then.play(1, packets);
  const Rendered first = now.render();
  const Rendered second = then.render();
  CHECK((listen(first.path).right == listen(second.path).right));
  CHECK(describe(first.gaps, now.plan.start) == describe(second.gaps, then.plan.start));
}

TEST_CASE("jitter moves no audio") {
  std::mt19937 random(5);
  auto packets = Sender{.signal = ticks, .first = 250ms}.packets(3000);
  for (Sent& packet : packets) packet.at += random() % 100'000 * 1us;
  Studio studio(60s);
  studio.play(0, packets);
  const auto heard = impulses(studio.heard().left);
  REQUIRE(heard.size() == 60 - 1);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    CHECK(std::abs(heard[i] - static_cast<double>(i + 1)) < 0.005);
    if (i > 0) CHECK(std::abs(heard[i] - heard[i - 1] - 1) < 1e-9);
  }
}

TEST_CASE("late first packets and a stall of the network move no audio") {
  auto packets = Sender{.signal = ticks}.packets(3000);
  for (std::size_t i = 0; i < 60; ++i) packets[i].at = 1200ms;
  for (std::size_t i = 1000; i < 1150; ++i) packets[i].at = packets[1150].at - 1us;
  Studio studio(60s);
  studio.play(0, packets);
  const auto heard = impulses(studio.heard().left);
  REQUIRE(heard.size() == 60);
  for (std::size_t i = 0; i < heard.size(); ++i) CHECK(std::abs(heard[i] - static_cast<double>(i)) < 1e-9);
}

TEST_CASE("a sender whose clock drifts by 200 ppm is followed without clicks") {
  for (const double ppm : {200.0, -200.0}) {
    const double hertz = 300;
    std::mt19937 random(6);
    auto packets = Sender{.signal = sine(hertz)}.packets(30'000);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      packets[i].at = from_seconds(static_cast<double>(i) * 0.02 * (1 + ppm * 1e-6)) + random() % 20'000 * 1us;
    }
    Studio studio(595s);
    studio.play(0, packets);
    const auto heard = studio.heard().left;
    int jump = 0;
    double error = 0;
    double crossings = 0;
    for (std::size_t i = 8000; i < heard.size(); ++i) {
      jump = std::max(jump, std::abs(heard[i] - heard[i - 1]));
      if (heard[i - 1] >= 0 || heard[i] < 0) continue;
      // The n-th upward crossing of the sine was sent at n / hertz.
      const double part = heard[i - 1] / static_cast<double>(heard[i - 1] - heard[i]);
      const double seconds = (static_cast<double>(i - 1) + part) / 8000;
      if (crossings == 0) crossings = std::round(seconds * hertz);
      error = std::max(error, std::abs(seconds - crossings / hertz * (1 + ppm * 1e-6)));
      ++crossings;
    }
    const double steepest = 8000 * 2 * 3.1416 * hertz / 8000;
    CHECK(jump < steepest * 1.25);
    CHECK(error < 0.005);
    CHECK(crossings > 594 * hertz);
  }
}

TEST_CASE("G.711 codes of a drifting sender are dropped or repeated one by one") {
  auto packets = Sender{.signal = hum}.packets(6000);
  for (std::size_t i = 0; i < packets.size(); ++i) packets[i].at = from_seconds(static_cast<double>(i) * 0.02 * 1.0005);
  Studio studio(120s);
  studio.play(0, packets);
  const auto exact = [](double seconds) {
    return decode(Law::Mu, encode(Law::Mu, static_cast<std::int16_t>(hum(seconds))));
  };
  const auto heard = listen(studio.render(Format::G711).path).left;
  CHECK(zeros(heard) == 0);
  const double end = static_cast<double>(heard.size() - 1) / 8000;
  CHECK(std::abs(heard.back() - exact(end / 1.0005)) < 600);
  std::size_t repeated = 0;
  for (std::size_t i = 1; i < heard.size(); ++i) repeated += std::abs(heard[i] - heard[i - 1]) > 600 ? 1U : 0U;
  CHECK(repeated == 0);
}

TEST_CASE("sequence numbers and timestamps wrap around unheard") {
  Studio studio;
  studio.play(0, Sender{.signal = hum, .sequence = 65'400, .timestamp = 0xffff'ff00U - 300 * 160}.packets(500));
  const Rendered rendered = studio.render();
  CHECK(zeros(listen(rendered.path).left) == 0);
  CHECK(rendered.packets.expected == 500);
  CHECK(rendered.packets.lost == 0);
}

TEST_CASE("a new SSRC and a restarted sequence are placed by their arrival") {
  auto packets = Sender{.signal = ticks}.packets(150);
  auto other_ssrc = Sender{.signal = ticks, .first = 3s, .sequence = 90, .timestamp = 77}.packets(150);
  for (Sent& packet : other_ssrc) packet.ssrc = 99;
  auto restarted = Sender{.signal = ticks, .first = 6s, .sequence = 40'000, .timestamp = 1'000'000}.packets(200);
  for (Sent& packet : restarted) packet.ssrc = 99;
  std::ranges::copy(other_ssrc, std::back_inserter(packets));
  std::ranges::copy(restarted, std::back_inserter(packets));
  Studio studio;
  studio.play(0, packets);
  studio.play(1, packets);
  const Rendered rendered = studio.render();
  CHECK(impulses(listen(rendered.path).left) == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(rendered.packets.expected == 1000);
  CHECK(rendered.packets.received == 1000);
  CHECK(rendered.gaps.empty());
}

TEST_CASE("a timestamp that leaves the wall clock for good begins anew where its packets arrive") {
  auto packets = Sender{.signal = ticks}.packets(500);
  for (std::size_t i = 200; i < 500; ++i) packets[i].timestamp += 50'000'000;
  Studio studio;
  studio.play(0, packets);
  CHECK(impulses(studio.heard().left) == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("one packet with a wild timestamp or sequence number leaves the others where they are") {
  auto packets = Sender{.signal = ticks}.packets(500);
  packets[120].timestamp += 40'000;
  packets[230].sequence = 60'000;
  Studio studio;
  studio.play(0, packets);
  const Rendered rendered = studio.render();
  CHECK(impulses(listen(rendered.path).left) == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(rendered.packets.received == 500);
}

TEST_CASE("a track is heard in its stretches only, to the sample") {
  Studio studio;
  const std::size_t track = studio.add_track(Sender{.signal = hum, .first = -2s}.packets(700));
  studio.plan.channels[0].spans.push_back({track, kStart - 1s, kStart + 1s});
  studio.plan.channels[0].spans.push_back({track, kStart + 2500ms, kStart + 3500125us});
  const auto heard = studio.heard().left;
  REQUIRE(heard.size() == 80'000);
  CHECK(zeros(heard) == 80'000 - 8000 - 8001);
  CHECK(heard[7999] != 0);
  CHECK(heard[8000] == 0);
  CHECK(heard[19'999] == 0);
  CHECK(heard[20'000] != 0);
  CHECK(heard[28'000] != 0);
  CHECK(heard[28'001] == 0);
}

TEST_CASE("where packets overlap, the first one is heard") {
  auto packets = Sender{.signal = [](double) { return 1000.0; }}.packets(10);
  auto more = Sender{.signal = [](double) { return 3000.0; }, .first = 190ms, .sequence = 110}.packets(10);
  for (std::size_t i = 0; i < more.size(); ++i) more[i].timestamp = 5000 + 1520 + static_cast<std::uint32_t>(i) * 160;
  std::ranges::copy(more, std::back_inserter(packets));
  Studio studio(1s);
  studio.play(0, packets);
  const auto heard = studio.heard().left;
  CHECK(heard[1599] < 1100);
  CHECK(heard[1600] > 2900);
  CHECK(heard[1520 + 1599] > 2900);
  CHECK(heard[1520 + 1600] == 0);
}

}  // namespace tapestry::mux
