#include "journal/store.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "journal/records.h"
#include "tests/journal/taped.h"

using namespace tapestry;
using namespace tapestry::testing;
using journal::Room;
using journal::Store;

namespace {

spool::Record tick(int second) { return journal::tick_record(Time(std::chrono::seconds(second))); }

std::vector<int> ticks_on(FakeDisk& disk) {
  spool::KeyTable keys(disk, test_master_key());
  spool::LogReader reader(disk, keys);
  spool::LogPlace place;
  std::vector<int> seconds;
  while (const auto record = reader.next(place)) {
    seconds.push_back(static_cast<int>(record->first.time_since_epoch() / std::chrono::seconds(1)));
  }
  return seconds;
}

}  // namespace

TEST_CASE("A store whose disk is full keeps what it is given, and writes it when there is room again") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  Store store(disk, keys, {});
  store.append(tick(1));
  store.turn();
  CHECK(store.status() == 0);
  disk.fails = [](std::size_t, FakeDisk::What) { return ENOSPC; };
  for (const int second : {2, 3, 4}) {
    store.append(tick(second));
    store.turn();
    CHECK(store.status() == ENOSPC);
  }
  CHECK(ticks_on(disk) == std::vector{1});
  disk.fails = {};
  store.append(tick(5));
  store.turn();
  CHECK(store.status() == 0);
  CHECK(ticks_on(disk) == std::vector{1, 2, 3, 4, 5});
}

TEST_CASE("A store tells how full its disk is") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  Store store(disk, keys, {});
  const std::vector<std::pair<std::uint64_t, Room>> cases = {
      {50, Room::Enough}, {21, Room::Enough},      {20, Room::Warning},     {11, Room::Warning}, {10, Room::Alarm},
      {6, Room::Alarm},   {5, Room::MetadataOnly}, {0, Room::MetadataOnly}, {30, Room::Enough}};
  for (const auto& [free, room] : cases) {
    disk.space_now = {100, free};
    store.turn();
    CHECK(store.room() == room);
  }
}

TEST_CASE("What waits for a store is bounded and counted") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  constexpr std::size_t kLong = spool::LogLimits::kShort + 1;
  Store store(disk, keys, {}, {.queue_bytes = 5 * kLong});
  for (int second = 1; second <= 8; ++second) {
    spool::Record record = tick(second);
    record.payload.resize(kLong);
    store.append(std::move(record));
  }
  CHECK(store.dropped() == 3);
  store.turn();
  CHECK(ticks_on(disk) == std::vector{1, 2, 3, 4, 5});
  const auto counters = store.counters();
  const auto dropped = std::ranges::find(counters, "spool.queue_dropped", &Counter::name);
  REQUIRE(dropped != counters.end());
  CHECK(dropped->value == 3);
}

TEST_CASE("Short records, as pauses are, are dropped last") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  Store store(disk, keys, {}, {.log = {.unsafe_bytes = 1}, .queue_bytes = 1});
  for (int second = 1; second <= 3; ++second) store.append(tick(second));
  store.turn();
  CHECK(ticks_on(disk) == std::vector{1, 2, 3});
  CHECK(store.dropped() == 0);
}

TEST_CASE("A store tells up to which packet time all is safe") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  Store store(disk, keys, {});
  CHECK(store.safe_time() == Time::min());
  store.append(tick(1));
  store.append(tick(2));
  CHECK(store.safe_time() == Time::min());
  store.turn();
  CHECK(store.safe_time() == Time(std::chrono::seconds(2)));
  disk.fails = [](std::size_t, FakeDisk::What) { return ENOSPC; };
  store.append(tick(3));
  store.turn();
  CHECK(store.safe_time() == Time(std::chrono::seconds(2)));
}

TEST_CASE("A turn with much to write makes it safe bit by bit, so that less memory is taken") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  Store store(disk, keys, {}, {.log = {.write_bytes = 64U << 10U}, .sync_bytes = 1U << 20U});
  std::size_t syncs = 0;
  disk.fails = [&syncs](std::size_t, FakeDisk::What what) {
    syncs += what == FakeDisk::What::Sync ? 1U : 0U;
    return 0;
  };
  const spool::KeyId key = keys.create();
  for (int n = 0; n < 100; ++n) {
    spool::Record record{.kind = static_cast<std::uint16_t>(journal::Kind::Media), .key = key};
    record.payload.resize(100'000);
    store.append(std::move(record));
  }
  store.turn();
  CHECK(syncs >= 9);
  CHECK(syncs < 20);
  CHECK(store.status() == 0);
  CHECK(payloads_on(disk).size() == 100);
}

TEST_CASE("What somebody waits for is made safe at once, and one is told when the disk does not take it") {
  std::atomic<bool> failing = false;
  FakeDisk disk;
  disk.fails = [&failing](std::size_t, FakeDisk::What) { return failing ? EIO : 0; };
  spool::KeyTable keys(disk, test_master_key());
  Store store(disk, keys, {});
  std::atomic<unsigned> also = 0;
  store.start([&also] { ++also; });
  store.append(tick(1));
  CHECK(store.make_safe(std::chrono::seconds(10)));
  CHECK(also > 0);
  failing = true;
  store.append(tick(2));
  CHECK_FALSE(store.make_safe(std::chrono::milliseconds(20)));
  store.stop();
  failing = false;
  CHECK(ticks_on(disk) == std::vector{1});
}

TEST_CASE("A store's own thread writes, and the last of it when it stops") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  {
    Store store(disk, keys, {});
    store.start();
    store.append(tick(1));
    std::this_thread::sleep_for(2 * Store::kEvery);
    store.append(tick(2));
  }
  CHECK(ticks_on(disk) == std::vector{1, 2});
}

TEST_CASE("What is appended while a store's thread is at its last turn is written, too") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  Store store(disk, keys, {});
  std::atomic<bool> syncing = false;
  std::atomic<bool> appended = false;
  disk.fails = [&](std::size_t, FakeDisk::What what) {
    if (what != FakeDisk::What::Sync || syncing.exchange(true)) return 0;
    while (!appended) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // stop() is called meanwhile
    return 0;
  };
  store.append(tick(1));
  store.start();
  while (!syncing) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  store.append(tick(2));
  appended = true;
  store.stop();
  CHECK(ticks_on(disk) == std::vector{1, 2});
}

TEST_CASE("When the disk is nearly full new calls are written without media, and open ones go on") {
  const scenes::Scene scene = scene_in_order("pause_info_record");
  const app::Config config = config_of(scene);
  for (const bool from_the_beginning : {true, false}) {
    FakeDisk disk;
    {
      spool::KeyTable keys(disk, test_master_key());
      LiveSide live(disk, keys, config);
      for (std::size_t n = 0; n < scene.frames.size(); ++n) {
        if (n == (from_the_beginning ? 0 : scene.frames.size() / 2)) live.writer().set_metadata_only(true);
        live.add(scene.frames[n]);
      }
      live.finish();
    }
    spool::KeyTable keys(disk, test_master_key());
    LogSide side(disk, keys, config);
    while (side.follower.follow(100)) {
    }
    side.follower.finish();
    CHECK(side.collected.conversations.size() == 1);
    CHECK(side.collected.arrivals.empty() == from_the_beginning);
  }
}
