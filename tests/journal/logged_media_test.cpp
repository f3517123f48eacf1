#include "journal/logged_media.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "journal/records.h"
#include "spool/erasure.h"
#include "tests/journal/taped.h"
#include "tests/support/scenes/scenes.h"

using namespace tapestry;
using namespace tapestry::testing;
using spool::KeyTable;

namespace {

using Packets = std::vector<std::pair<Time, std::vector<std::uint8_t>>>;

void add(Packets& packets, Bytes chunk) {
  rtp::Chunk::for_each(chunk, [&packets](const rtp::Packet& packet) {
    packets.emplace_back(packet.arrival, std::vector(packet.raw.begin(), packet.raw.end()));
  });
}

Packets read(const spool::MediaStore& media, spool::TrackId track) {
  Packets packets;
  const auto reader = media.read(track);
  for (Bytes chunk = reader->next(); !chunk.empty(); chunk = reader->next()) add(packets, chunk);
  return packets;
}

/// Keeps media in memory, too, and compares when a conversation is closed.
class Comparing final : public calls::Output {
 public:
  Comparing(spool::Disk& disk, KeyTable& keys) : media(disk, keys) {}

  void keep(calls::TrackId track, const rtp::Chunk& chunk) override {
    media.append(track, chunk);
    chunks_[track].emplace_back(chunk.bytes().begin(), chunk.bytes().end());
  }
  void discard(calls::TrackId track) override {
    media.release(track);
    chunks_.erase(track);
  }
  void erase(calls::TrackId track, Time from, Time to) override {
    media.erase(track, from, to);
    for (auto& chunk : chunks_[track]) erased += rtp::Chunk::erase(chunk, from, to).packets;
  }
  void marker(const calls::MarkerReport&) override {}
  void advanced(Time) override {}
  void closed(calls::Interaction&& interaction) override {
    for (const calls::Track& track : interaction.tracks) {
      Packets kept;
      for (const auto& chunk : chunks_[track.id]) add(kept, chunk);
      const bool same = read(media, track.id) == kept;
      CHECK(same);
      packets += kept.size();
      if (release) media.release(track.id);
    }
    interactions.push_back(std::move(interaction));
  }
  void stream_ended(const calls::StreamReport&) override {}

  journal::LoggedMedia media;
  std::vector<calls::Interaction> interactions;
  bool release = true;
  std::size_t packets = 0;
  std::size_t erased = 0;

 private:
  std::map<calls::TrackId, std::vector<std::vector<std::uint8_t>>> chunks_;
};

struct Side {
  Side(spool::Disk& disk, KeyTable& keys, const app::Config& config)
      : output(disk, keys), correlator(config.rules, output), follower(disk, keys, correlator) {
    output.media.follow(follower.place());
  }
  void follow() {
    while (follower.follow(100)) {
    }
  }
  Comparing output;
  calls::Correlator correlator;
  journal::Follower follower;
};

void tape(FakeDisk& disk, const char* name) {
  KeyTable keys(disk, test_master_key());
  const scenes::Scene scene = scene_in_order(name);
  LiveSide live(disk, keys, config_of(scene));
  for (const TimedFrame& frame : scene.frames) live.add(frame);
  live.end();
}

std::size_t segments_of(FakeDisk& disk) { return spool::segments_on(disk)->size(); }

}  // namespace

TEST_CASE("What is read from the log of every scene is what was kept, without what was erased since") {
  for (const scenes::SceneEntry& entry : scenes::many_scenes()) {
    DYNAMIC_SECTION(entry.name) {
      FakeDisk disk;
      tape(disk, entry.name);
      KeyTable keys(disk, test_master_key());
      Side side(disk, keys, config_of(scene_in_order(entry.name)));
      side.follow();
      CHECK(side.follower.ended());
      CHECK(side.output.interactions.empty() == (std::string_view(entry.name) == "robots_only"));
      CHECK(side.output.media.tracks() == 0);
    }
  }
}

TEST_CASE("What is erased after it was kept is not read any more") {
  FakeDisk disk;
  tape(disk, "transfer_blind");
  KeyTable keys(disk, test_master_key());
  Side side(disk, keys, config_of(scene_in_order("transfer_blind")));
  side.output.release = false;
  side.follow();
  const calls::Track& track = side.output.interactions.front().tracks.front();
  const Packets before = read(side.output.media, track.id);
  REQUIRE(before.size() > 100);
  const Time from = before[20].first;
  const Time to = before[60].first;
  side.output.media.erase(track.id, from, to);
  const Packets after = read(side.output.media, track.id);
  CHECK(after.size() == before.size() - 40);
  CHECK(std::ranges::none_of(after, [&](const auto& one) { return one.first >= from && one.first < to; }));
}

TEST_CASE("A record that is not there any more is an error, and one that was wiped is passed over") {
  FakeDisk disk;
  tape(disk, "transfer_blind");
  KeyTable keys(disk, test_master_key());
  Side side(disk, keys, config_of(scene_in_order("transfer_blind")));
  side.output.release = false;
  side.follow();
  const calls::Track& track = side.output.interactions.front().tracks.front();
  const Packets before = read(side.output.media, track.id);
  const Time second = before.front().first + std::chrono::seconds(1);
  const auto drop = [](spool::Record& record, Time, Time) {
    return record.kind != static_cast<std::uint16_t>(journal::Kind::Media);
  };
  for (const spool::KeyId key : keys.live()) {
    spool::HalfErased half;
    REQUIRE(spool::erase(disk, keys, {key, second, second + std::chrono::milliseconds(10)}, drop, {}, half));
  }
  const Packets wiped = read(side.output.media, track.id);
  CHECK(wiped.size() < before.size());
  CHECK(wiped.size() + 200 > before.size());
  keys.destroy(keys.live());
  CHECK_THROWS_WITH(read(side.output.media, track.id), Catch::Contains("is not there any more"));
  CHECK(read(side.output.media, 999).empty());
}

TEST_CASE("One process writes a log and another one follows, commits and removes, at the same time") {
  for (const char* name : {"pause_info_record", "transfer_consultative", "conference_focus"}) {
    INFO(name);
    const scenes::Scene scene = scene_in_order(name);
    const Collected direct = collected_directly(scene);
    FakeDisk disk;
    KeyTable creates(disk, test_master_key(), KeyTable::Role::Creates);
    KeyTable destroys(disk, test_master_key(), KeyTable::Role::Destroys);
    journal::StoreLimits limits;
    limits.log.segment_bytes = 64U << 10U;
    LiveSide live(disk, creates, config_of(scene), limits);
    LogSide side(disk, destroys, config_of(scene));
    std::size_t committed = 0;
    const auto commit = [&] {
      for (; committed < side.collected.numbers.size(); ++committed) {
        side.follower.committed(side.collected.numbers[committed]);
      }
      REQUIRE(destroys.sync());
    };
    for (std::size_t n = 0; n < scene.frames.size(); ++n) {
      live.add(scene.frames[n]);
      if (n % 40 != 0) continue;
      while (side.follower.follow(7)) {
      }
      commit();
    }
    live.end();
    const std::size_t most = segments_of(disk);
    CHECK(most > 1);
    while (side.follower.follow(7)) {
    }
    CHECK(side.follower.ended());
    commit();
    CHECK(side.follower.uncommitted() == 0);
    auto found = side.collected.conversations;
    auto wanted = direct.conversations;
    std::ranges::sort(found);
    std::ranges::sort(wanted);
    CHECK(found == wanted);
    // The last, and that of the last message.
    CHECK(segments_of(disk) <= 2);
    KeyTable again(disk, test_master_key(), KeyTable::Role::Destroys);
    LogSide later(disk, again, config_of(scene));
    while (later.follower.follow(100)) {
    }
    later.follower.finish();
    CHECK(later.collected.conversations.empty());
    // Of segments, not of calls: destroy_unused() is for what is left.
    CHECK(again.live().size() <= 5);
  }
}
