#include "spool/block_log.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/spool/chunks.h"
#include "tests/spool/system_view.h"

namespace tapestry::spool {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kBlock = 4096;
constexpr std::size_t kRecord = 1000;  // four to a block

Time at(Duration since) { return Time(since); }

/// Fills exactly one block with records of `value` that arrived at `time`.
std::vector<Place> fill(BlockLog& log, std::uint8_t value, Time time) {
  const std::vector<std::uint8_t> body(kRecord, value);
  std::vector<Place> places;
  for (std::size_t n = 0; n < kBlock / kRecord; ++n) places.push_back(log.append({}, body, time));
  return places;
}

Limits limits(std::uint64_t blocks) { return {.memory_bytes = blocks * kBlock, .block_bytes = kBlock}; }

}  // namespace

TEST_CASE("nothing goes to disk before the delay has passed, however much memory that takes") {
  const Folder folder;
  BlockLog log(folder.path, limits(2));
  Time now = at(1000s);
  log.advance(now);
  for (int tick = 0; tick < 29; ++tick) {
    fill(log, 7, now + 50ms);
    now += 100ms;
    log.advance(now);
    REQUIRE(log.bytes_on_disk() == 0);
    REQUIRE(log.bytes_in_memory() == static_cast<std::uint64_t>(tick + 1) * kBlock);
  }
  CHECK(log.most_above_limit() == 27 * kBlock);
  for (int tick = 29; tick < 100; ++tick) {
    fill(log, 7, now + 50ms);
    now += 100ms;
    log.advance(now);
    CHECK(log.bytes_in_memory() <= 31 * kBlock);
  }
  CHECK(log.bytes_on_disk() == 70 * kBlock);
  log.advance(now + 500ms);
  log.advance(now + 1000ms);
  log.advance(now + 2000ms);
  log.advance(now + 3100ms);
  CHECK(log.bytes_in_memory() == 2 * kBlock);
}

TEST_CASE("a block is old enough when its newest record is, to the nanosecond") {
  const Folder folder;
  BlockLog log(folder.path, limits(1));
  log.advance(at(100s));
  fill(log, 1, at(100s));
  log.append({}, std::vector<std::uint8_t>(96), at(100s + 700ms));
  fill(log, 2, at(100s + 700ms));
  for (const Duration later : {1000ms, 2000ms, 3000ms, 3600ms}) log.advance(at(100s + later));
  log.advance(at(103s + 700ms - 1ns));
  CHECK(log.bytes_on_disk() == 0);
  log.advance(at(103s + 700ms));
  CHECK(log.bytes_on_disk() == kBlock);
}

TEST_CASE("a clock that goes back neither frees the delay line early nor holds it for ever") {
  const Folder folder;
  BlockLog log(folder.path, limits(1));
  log.advance(at(1'000'000s));
  fill(log, 1, at(1'000'000s));
  log.advance(at(500s));
  fill(log, 2, at(1'000'001s));
  fill(log, 3, at(500s));
  CHECK(log.bytes_on_disk() == 0);
  Time now = at(500s);
  for (; now < at(502s + 900ms); now += 100ms) log.advance(now);
  CHECK(log.bytes_on_disk() == 0);
  for (; now < at(504s + 100ms); now += 100ms) log.advance(now);
  CHECK(log.bytes_on_disk() == 2 * kBlock);
  CHECK(log.bytes_in_memory() == kBlock);
}

TEST_CASE("a clock that jumps ahead and back does not empty the delay line") {
  const Folder folder;
  BlockLog log(folder.path, limits(1));
  log.advance(at(100s));
  for (std::uint8_t n = 0; n < 5; ++n) fill(log, n, at(100s));
  log.advance(at(1'000'000s));
  log.advance(at(100s + 100ms));
  log.advance(at(100s + 200ms));
  CHECK(log.bytes_on_disk() == 0);
}

TEST_CASE("a block that is full of dropped records never goes to disk") {
  const Folder folder;
  BlockLog log(folder.path, {.memory_bytes = kBlock, .block_bytes = kBlock, .delay = Duration(0)}, file_key());
  log.drop(fill(log, 1, at(1s)));
  fill(log, 2, at(1s));
  CHECK(log.bytes_on_disk() == 0);
}

TEST_CASE("memory that held records is overwritten before it is kept in reserve") {
  const Folder folder;
  BlockLog log(folder.path, {.memory_bytes = 64 * kBlock, .block_bytes = kBlock, .delay = Duration(0)}, file_key());
  const std::vector<Place> places = fill(log, 0xa7, at(1s));
  fill(log, 0x11, at(1s));
  CHECK(runs_of(undumped_memory(), 0xa7, kRecord) == 1);
  log.drop(places);
  CHECK(runs_of(undumped_memory(), 0xa7, 8) == 0);
  CHECK(runs_of(undumped_memory(), 0x11, kRecord) == 1);
}

TEST_CASE("memory whose records went to disk is overwritten, and they are encrypted there") {
  const Folder folder;
  BlockLog log(folder.path, {.memory_bytes = kBlock, .block_bytes = kBlock, .delay = Duration(0)}, file_key());
  fill(log, 0xa7, at(1s));
  fill(log, 0x11, at(1s));
  CHECK(runs_of(undumped_memory(), 0xa7, 8) == 0);
  CHECK(runs_of(unnamed_files_in_clear(), 0xa7, kRecord) == 1);
  CHECK(unnamed_files().size() == kBlock);
  CHECK(runs_of(unnamed_files(), 0xa7, 8) == 0);
}

TEST_CASE("a record is rewritten where it is, in memory or on disk") {
  const Folder folder;
  BlockLog log(folder.path, {.memory_bytes = kBlock, .block_bytes = kBlock, .delay = Duration(0)}, file_key());
  const Place on_disk = fill(log, 0xa7, at(1s))[1];
  const Place in_memory = fill(log, 0x11, at(1s))[2];
  const auto zero = [](std::span<std::uint8_t> bytes) {
    std::ranges::fill(bytes, std::uint8_t{0});
    return true;
  };
  CHECK_FALSE(log.rewrite(on_disk, [](std::span<std::uint8_t>) { return false; }));
  CHECK(log.rewrite(on_disk, zero));
  CHECK_FALSE(log.rewrite(in_memory, zero));
  CHECK(runs_of(unnamed_files_in_clear(), 0xa7, kRecord) == 2);
  CHECK(runs_of(undumped_memory(), 0x11, kRecord) == 2);
  Borrower borrower(log);
  CHECK(std::ranges::count(borrower.lend(on_disk), 0) == kRecord);
  CHECK(std::ranges::count(borrower.lend(in_memory), 0) == kRecord);
}

}  // namespace tapestry::spool
