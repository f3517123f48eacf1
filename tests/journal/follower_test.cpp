#include "journal/follower.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "journal/records.h"
#include "spool/log_reader.h"
#include "spool/log_writer.h"
#include "spool/segment.h"
#include "tests/journal/taped.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

constexpr spool::LogLimits kSmall{.segment_bytes = 1024};

void write_ticks(spool::LogWriter& writer, int from, int to) {
  for (int second = from; second < to; ++second)
    REQUIRE(writer.append(journal::tick_record(Time(std::chrono::seconds(second)))));
  writer.write(true);
  writer.sync();
}

/// Packet times of the ticks that can be read, in seconds.
std::vector<long> ticks(FakeDisk& disk) {
  spool::KeyTable keys(disk, test_master_key());
  spool::LogReader reader(disk, keys);
  spool::LogPlace place;
  std::vector<long> seconds;
  while (const auto record = reader.next(place))
    seconds.push_back(std::chrono::floor<std::chrono::seconds>(record->first.time_since_epoch()).count());
  return seconds;
}

}  // namespace

TEST_CASE("What belongs to no call can be read for as long as its segment is there, whenever it was sealed") {
  FakeDisk disk;
  {
    spool::KeyTable keys(disk, test_master_key());
    spool::LogWriter writer(disk, keys, {}, kSmall);
    // More than a segment waits for the disk: some is sealed before its segment begins.
    write_ticks(writer, 0, 100);
  }
  const std::size_t segments = spool::segments_on(disk)->size();
  REQUIRE(segments > 3);
  {
    spool::KeyTable keys(disk, test_master_key());
    const app::Config config;
    LogSide side(disk, keys, config);
    CHECK_FALSE(side.follower.follow(1000));
    REQUIRE(keys.sync());
  }
  REQUIRE(spool::segments_on(disk)->size() == 1);
  const auto left = ticks(disk);
  REQUIRE(left.size() > 1);
  CHECK(left.back() == 99);
  CHECK(left.front() == 100 - static_cast<long>(left.size()));
}

TEST_CASE("Keys of what belongs to no call go with the segments, but for those that are still used") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  spool::LogWriter writer(disk, keys, {}, kSmall);
  const app::Config config;
  LogSide side(disk, keys, config);
  for (int round = 0; round < 20; ++round) {
    write_ticks(writer, 100 * round, 100 * round + 100);
    CHECK_FALSE(side.follower.follow(1000));
    REQUIRE(keys.sync());
    CHECK(keys.live().size() < 40);  // those of one round
  }
  const auto left = ticks(disk);
  REQUIRE_FALSE(left.empty());
  CHECK(left.back() == 1999);
}

TEST_CASE("A segment stays whose records are in another one that was never safe") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  spool::LogWriter writer(disk, keys, {});
  const app::Config config;
  LogSide side(disk, keys, config);
  const auto turn = [&] {
    writer.write(true);
    writer.sync();
    CHECK_FALSE(side.follower.follow(100));
  };
  const auto fail_once = [&](FakeDisk::What what) {
    disk.fails = [what](std::size_t, FakeDisk::What asked) { return asked == what ? EIO : 0; };
    turn();
    CHECK(writer.status() == EIO);
    disk.fails = {};
    turn();
    CHECK(writer.status() == 0);
  };
  const spool::KeyId key = keys.create();
  REQUIRE(writer.append(journal::tick_record(Time(std::chrono::seconds(1)))));
  turn();
  spool::Record record = journal::shared_media_record("a@example", "b@example", Time(std::chrono::seconds(2)));
  record.key = key;
  REQUIRE(writer.append(std::move(record)));
  fail_once(FakeDisk::What::Sync);  // so it is in a second segment as well, and safe there alone
  REQUIRE(writer.append(journal::tick_record(Time(std::chrono::seconds(3)))));
  fail_once(FakeDisk::What::Write);  // a third one
  CHECK(spool::segments_on(disk) == std::vector<std::uint32_t>{1, 2, 3});
  side.follower.closed({{.call_id = "a@example"}}, 1);
  side.follower.committed(1);
  CHECK(spool::segments_on(disk) == std::vector<std::uint32_t>{3});
}

TEST_CASE("The segment of the newest message stays, and no other one because of it") {
  FakeDisk disk;
  spool::KeyTable keys(disk, test_master_key());
  spool::LogWriter writer(disk, keys, {}, kSmall);
  const app::Config config;
  LogSide side(disk, keys, config);
  const auto say = [&](int second) {
    REQUIRE(writer.append(journal::message_record({}, {Time(std::chrono::seconds(second)), {}, {}, "UDP"}, "OPTIONS")));
  };
  write_ticks(writer, 0, 50);
  say(50);
  write_ticks(writer, 51, 100);
  CHECK_FALSE(side.follower.follow(1000));
  REQUIRE(spool::segments_on(disk)->size() == 2);
  const std::uint32_t kept = spool::segments_on(disk)->front();
  say(100);
  write_ticks(writer, 101, 150);
  CHECK_FALSE(side.follower.follow(1000));
  CHECK(spool::segments_on(disk)->size() == 2);
  CHECK(spool::segments_on(disk)->front() > kept);
}
