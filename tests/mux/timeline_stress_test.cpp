#include <algorithm>
#include <cmath>
#include <random>

#include "mux/timeline.h"
#include "studio.h"

// Senders whose timestamps or sources are not what RFC 3550 asks for.
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

/// Whether an impulse is heard at each full second up to `last`, within 5 ms of the wall clock, and none besides.
bool each_second(const std::vector<std::int16_t>& samples, std::size_t last) {
  const std::vector<double> heard = impulses(samples);
  if (heard.size() != last + 1) return false;
  for (std::size_t i = 0; i <= last; ++i) {
    if (std::abs(heard[i] - static_cast<double>(i)) > 0.005) return false;
  }
  return true;
}

std::vector<Sent> ticking(std::size_t packets = 500) { return Sender{.signal = ticks}.packets(packets); }

std::vector<std::int16_t> heard(const std::vector<Sent>& packets) {
  Studio studio(10s);
  studio.play(0, packets);
  return studio.heard().left;
}

std::vector<Sent> jittered(std::vector<Sent> packets, unsigned most_ms) {
  std::mt19937 random(7);
  for (Sent& packet : packets) packet.at += random() % most_ms * 1ms;
  return packets;
}

}  // namespace

TEST_CASE("a timestamp set back or forward while packets go on does not move the audio") {
  for (const int step : {-3200, -800, 800, 3200, 40'000, -40'000}) {
    CAPTURE(step);
    auto packets = ticking();
    for (std::size_t i = 225; i < packets.size(); ++i) packets[i].timestamp += static_cast<std::uint32_t>(step);
    CHECK(each_second(heard(packets), 9));
    CHECK(impulses(heard(jittered(packets, 30))).size() == 10);
  }
}

TEST_CASE("timestamps that stand still are replaced by the count of packets") {
  auto packets = ticking();
  for (Sent& packet : packets) packet.timestamp = 77;
  CHECK(each_second(heard(packets), 9));
}

TEST_CASE("timestamps at random are replaced by the count of packets") {
  std::mt19937 random(8);
  auto packets = ticking();
  for (Sent& packet : packets) packet.timestamp = static_cast<std::uint32_t>(random());
  CHECK(each_second(heard(packets), 9));
}

TEST_CASE("timestamps of another clock than the codec's are replaced by the count of packets") {
  for (const std::uint32_t factor : {2U, 6U}) {
    CAPTURE(factor);
    auto packets = ticking();
    for (Sent& packet : packets) packet.timestamp *= factor;
    CHECK(each_second(heard(packets), 9));
  }
}

TEST_CASE("where timestamps lie, losses and pauses keep their length") {
  auto packets = ticking();
  for (Sent& packet : packets) packet.timestamp = 0;
  packets.erase(packets.begin() + 110, packets.begin() + 130);
  // The sender stops for a second and counts on where it was.
  for (std::size_t i = 255; i < packets.size(); ++i)
    packets[i].sequence = static_cast<std::uint16_t>(packets[i].sequence - 50);
  packets.erase(packets.begin() + 205, packets.begin() + 255);
  Studio studio(10s);
  studio.play(0, packets);
  const Rendered rendered = studio.render();
  CHECK(impulses(listen(rendered.path).left) == std::vector<double>{0, 1, 2, 3, 4, 6, 7, 8, 9});
  CHECK(std::ranges::count(describe(rendered.gaps), "loss 0 2.2-2.6 20 packets") == 1);
}

TEST_CASE("silence that a sender leaves out is no step of its timestamps") {
  auto packets = ticking();
  // Voice activity detection: from 2.5 to 3.5 s and from 5.1 to 7.9 s nothing is sent, timestamps go on, sequence does
  // not.
  std::vector<Sent> sent;
  for (const Sent& packet : jittered(packets, 25)) {
    const double at = static_cast<double>(packet.timestamp - packets.front().timestamp) / 8000;
    if ((at >= 2.5 && at < 3.5) || (at >= 5.1 && at < 7.9)) continue;
    sent.push_back(packet);
    sent.back().sequence = static_cast<std::uint16_t>(100 + sent.size());
  }
  CHECK(impulses(heard(sent)) == std::vector<double>{0, 1, 2, 4, 5, 8, 9});
}

TEST_CASE("one sender's packets are not torn apart by those of another that took its SSRC") {
  auto packets = ticking();
  auto intruder =
      Sender{.signal = [](double) { return 3000.0; }, .first = 4s, .sequence = 30'000, .timestamp = 9'000'000}.packets(
          100);
  for (Sent& packet : intruder) packet.at += 7ms;
  std::ranges::copy(intruder, std::back_inserter(packets));
  Studio studio(10s);
  studio.play(0, packets);
  const auto left = studio.heard().left;
  CHECK(impulses(left) == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("two sources on one channel are heard together") {
  Studio studio(10s);
  studio.play(0, ticking());
  auto other = Sender{.signal = [](double) { return 1000.0; }, .first = 2s}.packets(100);
  for (Sent& packet : other) packet.ssrc = 0x9999;
  studio.play(0, other);
  const auto left = studio.heard().left;
  CHECK(impulses(left).size() == 10);
  CHECK(left[8 * 2500] > 900);
  CHECK(left[8 * 1500] == 0);
}

TEST_CASE("a delay that grows for good moves the audio as little as the wall clock asks") {
  auto packets = ticking();
  for (std::size_t i = 240; i < packets.size(); ++i) packets[i].at += 100ms;
  const auto found = impulses(heard(packets));
  REQUIRE(found.size() == 10);
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - static_cast<double>(i)) <= 0.1);
}

}  // namespace tapestry::mux
