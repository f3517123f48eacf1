// Spool::erase: what a pause covers is nowhere any more.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <thread>

#include "tests/spool/chunks.h"
#include "tests/spool/system_view.h"

namespace tapestry::spool {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kSecret = 0xc7;
constexpr std::uint8_t kOther = 0x11;
constexpr std::size_t kPayload = 160;

Time at(Duration since) { return Time(since); }

/// 50 packets, 20 ms apart.
rtp::Chunk second_of(TrackId track, Time from, std::uint8_t value) {
  rtp::Chunk chunk(track);
  const std::vector<std::uint8_t> payload(kPayload, value);
  for (int n = 0; n < 50; ++n) {
    rtp::Packet packet;
    packet.arrival = from + n * 20ms;
    packet.ssrc = static_cast<std::uint32_t>(track);
    packet.payload = payload;
    chunk.append(packet);
  }
  return chunk;
}

std::vector<Time> arrivals(const Spool& spool, TrackId track) {
  std::vector<Time> all;
  const auto reader = spool.read(track);
  for (Bytes bytes = reader->next(); !bytes.empty(); bytes = reader->next()) {
    rtp::Chunk::for_each(bytes, [&](const rtp::Packet& packet) { all.push_back(packet.arrival); });
  }
  return all;
}

std::uint64_t counter(const Spool& spool, std::string_view name) {
  for (const Counter& one : spool.counters()) {
    if (one.name == name) return one.value;
  }
  throw std::logic_error("no such counter");
}

std::size_t secrets_left() {
  return runs_of(undumped_memory(), kSecret, kPayload) + runs_of(unnamed_files_in_clear(), kSecret, kPayload);
}

/// Two tracks, second by second; the first one's seconds from 100 on are secret.
void append_seconds(Spool& spool, int from, int to) {
  for (int second = from; second < to; ++second) {
    const Time time = at(std::chrono::seconds(second));
    spool.append(1, second_of(1, time, second < 100 ? kOther : kSecret));
    spool.append(2, second_of(2, time, kOther));
    for (int tick = 1; tick <= 10; ++tick) spool.advance(time + tick * 100ms);
  }
}

}  // namespace

TEST_CASE("within the delay a pause is erased in memory, and never was on disk") {
  const Folder folder;
  Spool spool(folder.path, {.memory_bytes = 64U << 10U, .block_bytes = 16U << 10U}, file_key());
  append_seconds(spool, 0, 103);
  CHECK(spool.bytes_on_disk() > 500'000);
  CHECK(runs_of(unnamed_files_in_clear(), kSecret, kPayload) == 0);
  CHECK(runs_of(undumped_memory(), kSecret, kPayload) == 150);
  spool.erase(1, at(100s), at(103s));
  CHECK(secrets_left() == 0);
  CHECK(spool.erased_on_disk() == 0);
  CHECK(counter(spool, "spool.erased_packets") == 150);
  CHECK(counter(spool, "spool.memory_above_limit") > 0);
  CHECK(arrivals(spool, 1).size() == 5000);
  CHECK(arrivals(spool, 1).back() == at(100s - 20ms));
  CHECK(arrivals(spool, 2).size() == 5150);
}

TEST_CASE("a pause that reaches back further than the delay is erased on disk as well, and that is counted") {
  const Folder folder;
  Spool spool(folder.path, {.memory_bytes = 64U << 10U, .block_bytes = 16U << 10U}, file_key());
  append_seconds(spool, 0, 200);
  CHECK(runs_of(unnamed_files_in_clear(), kSecret, kPayload) > 4000);
  spool.erase(1, at(100s), at(200s));
  CHECK(secrets_left() == 0);
  CHECK(spool.erased_on_disk() > 80);
  CHECK(counter(spool, "spool.erased_on_disk") == spool.erased_on_disk());
  CHECK(counter(spool, "spool.erased_packets") == 5000);
  CHECK(arrivals(spool, 1).size() == 5000);
  CHECK(arrivals(spool, 2).size() == 10'000);
  const std::uint64_t before = spool.erased_on_disk();
  spool.erase(1, at(100s), at(200s));
  CHECK(spool.erased_on_disk() == before);
}

TEST_CASE("only packets whose arrival lies in the half-open time are erased") {
  const Folder folder;
  Spool spool(folder.path);
  spool.append(1, second_of(1, at(10s), kOther));
  spool.erase(1, at(10s + 200ms), at(10s + 400ms));
  const std::vector<Time> left = arrivals(spool, 1);
  CHECK(left.size() == 40);
  CHECK(std::ranges::count(left, at(10s + 180ms)) == 1);
  CHECK(std::ranges::count(left, at(10s + 200ms)) == 0);
  CHECK(std::ranges::count(left, at(10s + 380ms)) == 0);
  CHECK(std::ranges::count(left, at(10s + 400ms)) == 1);
  spool.erase(1, at(11s), at(10s));
  spool.erase(1, Time::max(), Time::min());
  spool.erase(7, Time::min(), Time::max());
  CHECK(arrivals(spool, 1).size() == 40);
  spool.erase(1, Time::min(), Time::max());
  CHECK(arrivals(spool, 1).empty());
}

TEST_CASE("where the clock stepped, chunks before the step are erased all the same") {
  const Folder folder;
  Spool spool(folder.path, {.memory_bytes = 16U << 10U, .block_bytes = 16U << 10U, .delay = Duration(0)}, file_key());
  spool.append(1, second_of(1, at(100'000s), kSecret));
  for (int second = 0; second < 300; ++second) {
    spool.append(1, second_of(1, at(std::chrono::seconds(second)), kOther));
  }
  spool.erase(1, at(100'000s), at(100'001s));
  CHECK(secrets_left() == 0);
  CHECK(arrivals(spool, 1).size() == 15'000);
}

TEST_CASE("a chunk of one stray packet from another time hides nothing before it") {
  const Folder folder;
  Spool spool(folder.path);
  spool.append(1, second_of(1, at(5000s), kSecret));
  rtp::Chunk odd = second_of(1, at(5001s), kSecret);
  rtp::Packet stray;
  stray.arrival = at(1s);
  odd.append(stray);
  spool.append(1, odd);
  rtp::Chunk early(1);
  early.append(stray);
  spool.append(1, early);
  spool.erase(1, at(5000s), at(5002s));
  CHECK(secrets_left() == 0);
  CHECK(arrivals(spool, 1) == std::vector{at(1s), at(1s)});
}

TEST_CASE("erasing the end of a long call does not read its beginning") {
  const Folder folder;
  Spool spool(folder.path, {.memory_bytes = 16U << 10U, .block_bytes = 16U << 10U, .delay = Duration(0)}, file_key());
  for (int second = 0; second < 4000; ++second) {
    spool.append(1, second_of(1, at(std::chrono::seconds(second)), kOther));
  }
  const auto began = std::chrono::steady_clock::now();
  for (int n = 0; n < 200; ++n) spool.erase(1, at(3999s), at(4000s));
  CHECK(std::chrono::steady_clock::now() - began < 10s);
}

TEST_CASE("erasing at random leaves what a simple model says, and no trace of the rest") {
  const Folder folder;
  std::mt19937 random(20261121);  // NOLINT: the same every time
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  for (int round = 0; round < 8; ++round) {
    Spool spool(folder.path, {.memory_bytes = 32U << 10U, .block_bytes = 8U << 10U, .delay = 1s * below(3)},
                file_key());
    std::map<TrackId, std::vector<Time>> model;
    Time now = at(1'000'000s);
    for (int step = 0; step < 400; ++step) {
      const TrackId track = 1 + static_cast<TrackId>(below(3));
      if (below(40) == 0) now += (below(2) == 0 ? 1 : -1) * below(400) * 1s;
      if (below(5) != 0) {
        rtp::Chunk chunk(track);
        for (int n = below(30) + 1; n > 0; --n) {
          rtp::Packet packet;
          const std::vector<std::uint8_t> payload(static_cast<std::size_t>(below(300)), kSecret);
          packet.arrival = now + (below(60) - 30) * 1ms;
          packet.payload = payload;
          chunk.append(packet);
          model[track].push_back(packet.arrival);
          now += below(30) * 1ms;
        }
        spool.append(track, chunk);
      } else {
        const Time from = now - below(90'000) * 1ms;
        const Time to = from + below(20'000) * 1ms;
        spool.erase(track, from, to);
        std::erase_if(model[track], [&](Time time) { return time >= from && time < to; });
      }
      spool.advance(now);
    }
    for (const auto& [track, expected] : model) REQUIRE(arrivals(spool, track) == expected);
    for (const auto& [track, expected] : model) spool.erase(track, Time::min(), Time::max());
    REQUIRE(runs_of(undumped_memory(), kSecret, 8) + runs_of(unnamed_files_in_clear(), kSecret, 8) == 0);
  }
}

TEST_CASE("a track is erased while others are read and released on other threads") {
  const Folder folder;
  Spool spool(folder.path, {.memory_bytes = 64U << 10U, .block_bytes = 16U << 10U, .delay = 100ms}, file_key());
  std::atomic<TrackId> done = 0;
  std::atomic<unsigned> wrong = 0;
  std::thread reader([&] {
    for (TrackId track = 1; track <= 30; ++track) {
      while (done.load() < track) std::this_thread::yield();
      if (arrivals(spool, track).size() != 19 * 50) ++wrong;
      spool.release(track);
    }
  });
  for (TrackId track = 1; track <= 30; ++track) {
    for (int second = 0; second < 20; ++second) {
      const Time time = at(std::chrono::seconds(second + 20 * static_cast<int>(track)));
      spool.append(track, second_of(track, time, kSecret));
      spool.erase(track, time - 500ms, time);
      spool.erase(track, time + 500ms, time + 1s);
      spool.append(track, second_of(track, time, kOther));
      spool.erase(track, time + 500ms, time + 1s);
      spool.advance(time);
    }
    spool.erase(track, Time::min(), Time::max());
    for (int second = 0; second < 19; ++second) spool.append(track, second_of(track, at(1s * second), kOther));
    done = track;
  }
  reader.join();
  CHECK(wrong == 0);
}

}  // namespace tapestry::spool
