// What is left of a log when power is lost at any moment, and when the disk fails at any operation.
#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <string>

#include "spool/log_reader.h"
#include "spool/log_writer.h"
#include "tests/support/fake_disk.h"

using namespace tapestry;
using namespace tapestry::spool;
using namespace tapestry::testing;

namespace {

constexpr int kCutPoints = 2000;
constexpr LogLimits kSmall{.segment_bytes = 8192, .write_bytes = 2048};
/// About half of the writes, so that each kind comes behind the other.
constexpr LogLimits kByBlocks{.segment_bytes = 32768, .write_bytes = 2048, .block_bytes = 2048};

Secret master() {
  std::vector<std::uint8_t> bytes(kKeyBytes, 0x5a);
  return Secret{Bytes(bytes)};
}

/// Length and content tell the number.
Record numbered(KeyId key, std::uint64_t number) {
  Record record{.kind = 3, .key = key, .first = Time(std::chrono::seconds(number))};
  record.payload.resize(8 + number * 37 % 900);
  for (std::size_t n = 0; n < record.payload.size(); ++n) record.payload[n] = static_cast<std::uint8_t>(number * 7 + n);
  store(std::span(record.payload), number);
  return record;
}

std::uint64_t number_of(const Record& record) {
  const auto number = load<std::uint64_t>(record.payload);
  REQUIRE(record.payload == numbered(record.key, number).payload);
  return number;
}

/// What a writer had promised when so many operations were done.
struct Promise {
  std::uint64_t safe = 0;          ///< records
  std::uint64_t given = 0;         ///< records that the log was given by then
  std::vector<KeyId> destroyed{};  ///< for good
  std::vector<KeyId> maybe{};      ///< or about to be
};

struct Story {
  FakeDisk disk;
  std::map<std::size_t, Promise> promises;  ///< by operations done
  std::map<std::uint64_t, KeyId> keys;      ///< by record
};

/// Calls come and go; segments are small, so that there are many.
Story tell(std::uint64_t seed, const LogLimits& limits) {
  Story story;
  Dice dice(seed);
  KeyTable keys(story.disk, master());
  LogWriter writer(story.disk, keys, {}, limits);
  std::vector<KeyId> open;
  Promise promise;
  const auto note = [&] {
    promise.safe = writer.safe_sequence();
    promise.given = writer.last_sequence();
    story.promises[story.disk.operations()] = promise;
  };
  for (int step = 0; step < 400; ++step) {
    if (open.empty() || dice.below(12) == 0) open.push_back(keys.create());
    const KeyId key = open[dice.below(open.size())];
    REQUIRE(writer.append(numbered(key, writer.last_sequence() + 1)));
    story.keys[writer.last_sequence()] = key;
    note();
    writer.write(dice.below(3) == 0);
    note();
    if (dice.below(7) == 0) writer.sync();
    note();
    if (open.size() > 3 && dice.below(20) == 0) {
      promise.maybe.push_back(open.front());
      note();
      keys.destroy({open.front()});
      open.erase(open.begin());
      REQUIRE(keys.sync());
      promise.destroyed.push_back(promise.maybe.back());
      note();
    }
  }
  return story;
}

void check_after(const Story& story, std::size_t operations, Dice& dice) {
  FakeDisk disk(story.disk, operations, dice);
  // What was promised before the last operation holds; what was given by the next note may be there.
  const auto after = story.promises.lower_bound(operations);
  const Promise& before = after == story.promises.begin() ? after->second : std::prev(after)->second;
  const Promise& possible = after == story.promises.end() ? before : after->second;
  const bool exact = after != story.promises.end() && after->first == operations;
  const Promise& sure = exact ? after->second : before;
  KeyTable keys(disk, master());
  LogReader reader(disk, keys);
  LogPlace place;
  std::map<std::uint64_t, int> found;
  std::uint64_t last = 0;
  while (const auto record = reader.next(place)) {
    const std::uint64_t number = number_of(*record);
    REQUIRE(number > last);
    REQUIRE(number <= possible.given);
    REQUIRE(story.keys.at(number) == record->key);
    REQUIRE(std::ranges::find(sure.destroyed, record->key) == sure.destroyed.end());
    last = number;
    ++found[number];
  }
  for (std::uint64_t number = 1; number <= sure.safe; ++number) {
    if (std::ranges::find(possible.maybe, story.keys.at(number)) != possible.maybe.end()) continue;
    REQUIRE(found[number] == 1);
  }
  // And it goes on from there.
  REQUIRE(reader.cut());
  LogWriter writer(disk, keys, reader.end());
  const std::uint64_t next = reader.end().sequence + 1;
  REQUIRE(writer.append(numbered(keys.create(), 1'000'000 + next)));
  writer.write(true);
  writer.sync();
  REQUIRE(writer.status() == 0);
  const auto record = reader.next(place);
  REQUIRE(record);
  REQUIRE(number_of(*record) == 1'000'000 + next);
}

/// Gives records to a disk that fails by `fails`, heals it, and tells the numbers that are there in the end.
std::vector<std::uint64_t> read_after_faults(const std::function<int(std::size_t, FakeDisk::What)>& fails,
                                             std::size_t& operations, const LogLimits& limits) {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {}, limits);
  std::size_t asked = 0;
  disk.fails = [&](std::size_t number, FakeDisk::What what) {
    asked = number;
    return fails(number, what);
  };
  // A process of its own, which sees what was written whether that was safe or not.
  LogReader follower(disk, keys);
  std::vector<std::uint64_t> followed;
  const auto follow = [&] {
    LogPlace place;
    while (const auto record = follower.next(place)) followed.push_back(number_of(*record));
  };
  std::uint64_t safe = 0;
  for (std::uint64_t number = 1; number <= 40; ++number) {
    REQUIRE(writer.append(numbered(keys.create(), number)));
    writer.write(number % 2 == 0);
    follow();
    if (number % 3 == 0) writer.sync();
    follow();
    REQUIRE(writer.safe_sequence() >= safe);
    safe = writer.safe_sequence();
  }
  operations = asked;
  disk.fails = {};
  writer.write(true);
  writer.sync();
  REQUIRE(writer.status() == 0);
  REQUIRE(writer.safe_sequence() == 40);
  follow();
  std::vector<std::uint64_t> given(40);
  std::iota(given.begin(), given.end(), 1);
  REQUIRE(followed == given);
  KeyTable again(disk, master());
  LogReader reader(disk, again);
  LogPlace place;
  std::vector<std::uint64_t> numbers;
  while (const auto record = reader.next(place)) numbers.push_back(number_of(*record));
  return numbers;
}

}  // namespace

TEST_CASE("After a loss of power at 2,000 moments no record is wrong, and all that was safe is there") {
  constexpr int kStories = 10;
  for (int n = 0; n < kStories; ++n) {
    const LogLimits& limits = n % 2 == 0 ? kSmall : kByBlocks;
    const Story story = tell(static_cast<std::uint64_t>(n) + 1, limits);
    REQUIRE((story.disk.block_writes() > 20) == (n % 2 != 0));
    Dice dice(static_cast<std::uint64_t>(n) + 77);
    for (int cut = 0; cut < kCutPoints / kStories; ++cut) {
      check_after(story, dice.below(story.disk.operations() + 1), dice);
    }
  }
}

TEST_CASE("Whatever operation fails once, with whatever error, nothing is lost and nothing comes twice") {
  const auto limits = GENERATE(LogLimits{.segment_bytes = 4096, .write_bytes = 1024},
                               LogLimits{.segment_bytes = 16384, .write_bytes = 1024, .block_bytes = 1024});
  std::vector<std::uint64_t> all(40);
  for (std::size_t n = 0; n < all.size(); ++n) all[n] = n + 1;
  std::size_t operations = 0;
  REQUIRE(read_after_faults([](std::size_t, FakeDisk::What) { return 0; }, operations, limits) == all);
  const std::size_t count = operations;
  REQUIRE(count > 50);
  std::size_t ignored = 0;
  for (const int error : {ENOSPC, EIO, EROFS}) {
    for (std::size_t at = 0; at <= count; ++at) {
      const auto once = [=](std::size_t number, FakeDisk::What) { return number == at ? error : 0; };
      REQUIRE(read_after_faults(once, ignored, limits) == all);
      const auto from_then_on = [=](std::size_t number, FakeDisk::What) { return number >= at ? error : 0; };
      REQUIRE(read_after_faults(from_then_on, ignored, limits) == all);
    }
  }
}
