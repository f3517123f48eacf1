// A recorder that works from its log finds what one without a log finds, and goes on where it was killed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/journal/taped.h"
#include "tests/support/scenes/scenes.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return texts;
}

/// The capturing side dies with each of `kills` frames, and another one goes on with the next.
void tape(FakeDisk& disk, const scenes::Scene& scene, const std::set<std::size_t>& kills) {
  const app::Config config = config_of(scene);
  std::optional<spool::KeyTable> keys(std::in_place, disk, test_master_key());
  std::optional<LiveSide> live(std::in_place, disk, *keys, config);
  for (std::size_t n = 0; n < scene.frames.size(); ++n) {
    live->add(scene.frames[n]);
    if (!kills.contains(n)) continue;
    live.reset();
    keys.emplace(disk, test_master_key());
    live.emplace(disk, *keys, config);
  }
  live->finish();
}

/// The same, with a capture ring that outlives it: the other one reads again what was not safe.
void tape_from_ring(FakeDisk& disk, const scenes::Scene& scene, const std::set<std::size_t>& kills) {
  const app::Config config = config_of(scene);
  std::optional<spool::KeyTable> keys(std::in_place, disk, test_master_key());
  std::optional<LiveSide> live(std::in_place, disk, *keys, config);
  Time safe = Time::min();
  for (std::size_t n = 0; n < scene.frames.size(); ++n) {
    live->add(scene.frames[n]);
    safe = std::max(safe, live->safe_time());
    if (!kills.contains(n)) continue;
    live.reset();
    keys.emplace(disk, test_master_key());
    live.emplace(disk, *keys, config);
    for (std::size_t again = 0; again <= n; ++again) {
      if (scene.frames[again].time > safe) live->add(scene.frames[again]);
    }
  }
  live->finish();
}

/// What a restart forgets (docs/spool.md): keys that were half keyed, and that a request was a retransmission.
bool forgets(std::string_view scene) { return scene == "keyed_six_digits" || scene == "pause_late_retransmission"; }

/// Chunks end elsewhere behind a kill, so a pause's edge may be found a chunk later, on the safe side.
void check_around_pauses(const Collected& found, const Collected& direct) {
  constexpr Duration kChunk = std::chrono::seconds(1);
  const auto near_pause = [&](Time at, Duration margin) {
    return std::ranges::any_of(direct.pauses,
                               [&](const auto& p) { return at >= p.start - margin && at < p.end + margin; });
  };
  std::multiset<Time> missing(direct.arrivals.begin(), direct.arrivals.end());
  for (const Time at : found.arrivals) {
    const auto same = missing.find(at);
    if (same == missing.end()) {
      CHECK_FALSE(near_pause(at, Duration(0)));
    } else {
      missing.erase(same);
    }
  }
  CHECK(std::ranges::all_of(missing, [&](Time at) { return near_pause(at, kChunk); }));
}

Collected follow(FakeDisk& disk, const scenes::Scene& scene) {
  spool::KeyTable keys(disk, test_master_key());
  LogSide side(disk, keys, config_of(scene));
  while (side.follower.follow(100)) {
  }
  side.follower.finish();
  return std::move(side.collected);
}

/// How many conversations there were.
std::size_t commit_all(FakeDisk& disk, const scenes::Scene& scene) {
  spool::KeyTable keys(disk, test_master_key());
  LogSide side(disk, keys, config_of(scene));
  while (side.follower.follow(100)) {
  }
  side.follower.finish();
  for (const std::uint64_t number : side.collected.numbers) side.follower.committed(number);
  side.follower.destroy_unused();
  REQUIRE(keys.sync());
  return side.collected.numbers.size();
}

bool names_a_card(const std::string& payload) { return payload.find("4111111111111111") != std::string::npos; }

}  // namespace

TEST_CASE("From the log of every scene the same conversations come as without one") {
  for (const scenes::SceneEntry& entry : scenes::all_scenes()) {
    DYNAMIC_SECTION(entry.name) {
      const scenes::Scene scene = scene_in_order(entry.name);
      const Collected direct = collected_directly(scene);
      FakeDisk disk;
      tape(disk, scene, {});
      CHECK(sorted(follow(disk, scene).conversations) == sorted(direct.conversations));
    }
  }
}

TEST_CASE(
    "A recorder that is killed again and again makes each conversation once, and loses seconds of media at most") {
  constexpr std::size_t kPacketsPerSecond = 50;
  // The delay, a turn of the store, and the chunk that was being filled, of each stream.
  constexpr std::size_t kLostPerKill = 5 * kPacketsPerSecond;
  for (const char* name : {"pause_info_record", "transfer_blind", "transfer_consultative", "conference_focus"}) {
    const scenes::Scene scene = scene_in_order(name);
    const Collected direct = collected_directly(scene);
    for (std::size_t seed = 1; seed <= 5; ++seed) {
      Dice dice(seed);
      std::set<std::size_t> kills;
      // Not while the first call is set up: what nobody wrote down nobody knows.
      while (kills.size() < 3) kills.insert(scene.frames.size() / 2 + dice.below(scene.frames.size() / 2));
      FakeDisk disk;
      tape(disk, scene, kills);
      const Collected found = follow(disk, scene);
      INFO(name << " " << seed);
      const std::set<std::string> different(found.fingerprints.begin(), found.fingerprints.end());
      CHECK(different.size() == found.fingerprints.size());
      CHECK(found.conversations.size() == direct.conversations.size());
      CHECK(follow(disk, scene).conversations == found.conversations);
      constexpr std::size_t kStreams = 8;
      CHECK(found.arrivals.size() + kills.size() * kLostPerKill * kStreams >= direct.arrivals.size());
      CHECK(found.arrivals.size() <= direct.arrivals.size());
    }
  }
}

TEST_CASE("A recorder whose capture ring outlives it loses nothing, however often it is killed") {
  for (const scenes::SceneEntry& entry : scenes::many_scenes()) {
    DYNAMIC_SECTION(entry.name) {
      const scenes::Scene scene = scene_in_order(entry.name);
      const Collected direct = collected_directly(scene);
      Dice dice(7);
      std::set<std::size_t> kills;
      for (int n = 0; n < 4; ++n) kills.insert(dice.below(scene.frames.size()));
      FakeDisk disk;
      tape_from_ring(disk, scene, kills);
      const Collected found = follow(disk, scene);
      if (direct.pauses.empty()) {
        CHECK(sorted(found.conversations) == sorted(direct.conversations));
      } else {
        CHECK(found.conversations.size() == direct.conversations.size());
        if (!forgets(entry.name)) check_around_pauses(found, direct);
      }
    }
  }
}

TEST_CASE("What is committed does not come again from a ring that is read again behind a kill") {
  const journal::StoreLimits limits{.log = {.segment_bytes = GENERATE(256U << 20U, 4096U)}};
  for (const char* name : {"b2bua_session_id", "transfer_blind", "transfer_consultative", "conference_focus"}) {
    INFO(name << " " << limits.log.segment_bytes);
    const scenes::Scene scene = scene_in_order(name);
    const app::Config config = config_of(scene);
    FakeDisk disk;
    Time safe = Time::min();
    {
      spool::KeyTable keys(disk, test_master_key());
      LiveSide live(disk, keys, config, limits);
      for (const TimedFrame& frame : scene.frames) live.add(frame);
      safe = live.safe_time();
      live.finish();
    }
    CHECK(commit_all(disk, scene) > 0);
    {
      spool::KeyTable keys(disk, test_master_key());
      LiveSide live(disk, keys, config, limits);
      for (const TimedFrame& frame : scene.frames) {
        if (frame.time > safe) live.add(frame);
      }
      live.finish();
    }
    CHECK(follow(disk, scene).conversations.empty());
  }
}

TEST_CASE("A pause that began before a kill goes on behind it, and ends when it is resumed") {
  const scenes::Scene scene = scene_in_order("pause_info_record");
  const Collected direct = collected_directly(scene);
  REQUIRE(direct.pauses.size() == 1);
  const calls::Pause& pause = direct.pauses.front();
  for (std::size_t n = 0; n < scene.frames.size(); n += 29) {
    const Time killed = scene.frames[n].time;
    // A second is more than a turn of the store: what was decided then is on the disk.
    const bool inside = killed > pause.start + std::chrono::seconds(1) && killed < pause.end - std::chrono::seconds(1);
    if (!inside) continue;
    FakeDisk disk;
    tape(disk, scene, {n});
    const Collected found = follow(disk, scene);
    REQUIRE(found.pauses.size() == 1);
    CHECK(found.pauses.front().start == pause.start);
    CHECK(found.pauses.front().end == pause.end);
    CHECK(std::ranges::none_of(found.arrivals, [&](Time at) { return at >= pause.start && at < pause.end; }));
  }
}

TEST_CASE("No packet that a pause covers is in a log, whatever paused") {
  for (const scenes::SceneEntry& entry : scenes::many_scenes()) {
    if (!std::string_view(entry.name).starts_with("pause")) continue;
    const scenes::Scene scene = scene_in_order(entry.name);
    const Collected direct = collected_directly(scene);
    if (direct.conversations.size() != 1) continue;
    FakeDisk disk;
    tape(disk, scene, {});
    const Collected found = follow(disk, scene);
    INFO(entry.name);
    const auto paused = [&](Time at) {
      return std::ranges::any_of(direct.pauses, [at](const auto& p) { return at >= p.start && at < p.end; });
    };
    CHECK(std::ranges::none_of(found.arrivals, paused));
  }
}

TEST_CASE("What is committed is gone from the log, and what is not comes again") {
  const scenes::Scene scene = scene_in_order("transfer_blind");
  FakeDisk disk;
  tape(disk, scene, {});
  const Collected direct = follow(disk, scene);
  REQUIRE(direct.conversations.size() == 1);
  CHECK(follow(disk, scene).conversations == direct.conversations);
  CHECK(commit_all(disk, scene) == 1);
  CHECK(follow(disk, scene).conversations.empty());
}

TEST_CASE("No card number of any scene is in its log, which is decrypted for that") {
  for (const scenes::SceneEntry& entry : scenes::many_scenes()) {
    if (!std::string_view(entry.name).starts_with("pause")) continue;
    DYNAMIC_SECTION(entry.name) {
      FakeDisk disk;
      tape(disk, scene_in_order(entry.name), {});
      const auto payloads = payloads_on(disk);
      CHECK(payloads.size() > 100);
      CHECK(std::ranges::count_if(payloads, names_a_card) == 0);
    }
  }
}
