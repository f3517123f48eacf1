#include "calls/voice_ear.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Hearing;
using calls::VoiceEar;

namespace {

constexpr int kRate = 8000;

/// A voice of its own: filtered noise.
std::vector<int> voice(unsigned seed, double seconds) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> step(-6000, 6000);
  std::vector<int> samples;
  int last = 0;
  for (int n = 0; n < static_cast<int>(seconds * kRate); ++n) samples.push_back(last = (last * 3 + step(random)) / 4);
  return samples;
}

std::vector<int> sum(const std::vector<int>& one, const std::vector<int>& other, std::size_t later) {
  std::vector<int> both = one;
  for (std::size_t n = later; n < both.size(); ++n) both[n] += other[n - later];
  return both;
}

/// A conversation of a supervisor's call 1 and an agent's call 2, both under way for as long as the samples last.
struct Lines {
  VoiceEar ear{};
  calls::Conversation conversation{};
  calls::Call supervisors{};
  calls::Call agents{};

  Lines() {
    conversation.calls = {1, 2};
    supervisors.serial = 1;
    agents.serial = 2;
  }

  void say(const std::vector<int>& supervisor, const std::vector<int>& agent, std::uint8_t type = 0) {
    for (std::size_t second = 0; (second + 1) * kRate <= supervisor.size(); ++second) {
      chunk(supervisors, 10, supervisor, second, type);
      chunk(agents, 20, agent, second, type);
    }
  }

  void chunk(const calls::Call& call, calls::TrackId id, const std::vector<int>& samples, std::size_t second,
             std::uint8_t type) {
    rtp::Chunk chunk(1);
    for (std::size_t n = 0; n < 50; ++n) {
      const std::size_t at = second * kRate + n * 160;
      std::vector<std::uint8_t> payload;
      for (std::size_t k = 0; k < 160; ++k)
        payload.push_back(encode(type == 0 ? Law::Mu : Law::A, static_cast<std::int16_t>(samples[at + k])));
      const auto bytes =
          rtp_packet(type, static_cast<std::uint16_t>(at / 160), static_cast<std::uint32_t>(at), 1, false, payload);
      const Time arrival = scene_time(static_cast<double>(at) / kRate);
      chunk.append(*rtp::parse_packet(bytes, arrival, rtp::Padding::Counted));
    }
    calls::Track track;
    track.id = id;
    track.sender = calls::Side::Caller;
    ear.on_media(conversation, call, track, chunk);
  }
};

}  // namespace

TEST_CASE("a supervisor's voice is found in what an agent's phone mixed, also later and softer") {
  for (const std::uint8_t type : {std::uint8_t{0}, std::uint8_t{8}}) {
    Lines lines;
    lines.ear.watch(lines.supervisors, calls::Side::Caller);
    const auto said = voice(1, 12);
    auto softer = said;
    for (int& sample : softer) sample /= 2;
    lines.say(said, sum(voice(2, 12), softer, 2400), type);
    const auto found = lines.ear.close(lines.conversation);
    REQUIRE(found.size() == 1);
    CHECK(found[0].heard);
    CHECK(found[0].speaker == 10);
    CHECK(found[0].stream == 20);
    CHECK(scene_seconds(found[0].from) < 0.1);
    CHECK(scene_seconds(found[0].to) > 9);
  }
}
TEST_CASE("a supervisor's voice is not found where others speak") {
  Lines lines;
  lines.ear.watch(lines.supervisors, calls::Side::Caller);
  lines.say(voice(1, 12), voice(2, 12));
  const auto found = lines.ear.close(lines.conversation);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].heard);
}
TEST_CASE("who says nothing is found nowhere") {
  Lines lines;
  lines.ear.watch(lines.supervisors, calls::Side::Caller);
  lines.say(std::vector<int>(12 * kRate, 3), voice(2, 12));
  CHECK(lines.ear.close(lines.conversation).empty());
}
TEST_CASE("nobody listens without a supervisor, nor to other codecs") {
  Lines lines;
  lines.say(voice(1, 6), voice(1, 6));
  CHECK(lines.ear.close(lines.conversation).empty());
  Lines others;
  others.ear.watch(others.supervisors, calls::Side::Caller);
  others.say(voice(1, 6), voice(1, 6), 9);
  CHECK(others.ear.close(others.conversation).empty());
}
TEST_CASE("a trace keeps the last seconds, and silence where nothing came") {
  calls::VoiceTrace trace;
  const auto add = [&](double at, std::uint32_t timestamp, std::uint8_t code) {
    const auto bytes = rtp_packet(0, 1, timestamp, 1, false, std::vector<std::uint8_t>(160, code));
    trace.add(*rtp::parse_packet(bytes, scene_time(at), rtp::Padding::Counted), Law::Mu);
  };
  add(1, 8000, 0x80);
  add(1.04, 8320, 0x80);
  const auto tick = calls::VoiceTrace::tick_of(scene_time(1));
  CHECK(trace.at(tick) > 30'000);
  CHECK(trace.at(tick + 40) == 0);
  CHECK(trace.at(tick + 80) > 30'000);
  CHECK(trace.at(tick + 120) == 0);
  CHECK(trace.at(tick - 1) == 0);
  add(60, 480'000, 0x80);
  CHECK(trace.at(tick) == 0);
  CHECK(trace.end() - trace.begin() <= calls::VoiceTrace::kTicks);
  CHECK(trace.at(calls::VoiceTrace::tick_of(scene_time(60))) > 30'000);
}
