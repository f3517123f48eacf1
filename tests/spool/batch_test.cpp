#include "spool/batch.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using namespace tapestry;
using namespace tapestry::spool;

namespace {

constexpr std::uint32_t kEpoch = 5;

Record record(const std::string& text, int second, int seconds) {
  const Bytes bytes = as_bytes(text);
  return {.kind = 7,
          .key = 1,
          .first = Time(std::chrono::seconds(second)),
          .span = std::chrono::seconds(seconds),
          .payload = {bytes.begin(), bytes.end()}};
}

/// What is read of it again.
std::vector<std::string> texts(const Batch& batch, const Secret& key) {
  std::vector<std::uint8_t> bytes(batch.bytes().begin(), batch.bytes().end());
  std::vector<std::string> all;
  std::span<std::uint8_t> rest(bytes);
  while (!rest.empty()) {
    const auto head = head_in(rest);
    REQUIRE(head);
    REQUIRE(is_whole(*head, rest));
    const auto found = opened(*head, rest, kEpoch, key);
    REQUIRE(found);
    all.emplace_back(as_text(found->payload));
    rest = rest.subspan(head->size());
  }
  return all;
}

}  // namespace

TEST_CASE("A batch holds its records as they are read, and knows their numbers and times") {
  const Secret key = random_key();
  Batch batch;
  CHECK(batch.empty());
  batch.append(record("one", 10, 5), 3, kEpoch, key);
  batch.append(record("two", 8, 1), 4, kEpoch, key);
  batch.append(record("", 9, 0), 5, kEpoch, key);
  CHECK(texts(batch, key) == std::vector<std::string>{"one", "two", ""});
  CHECK(batch.bytes().size() == size_on_disk(3) + size_on_disk(3) + size_on_disk(0));
  CHECK(batch.free() + batch.bytes().size() == Batch::kBytes);
  CHECK(batch.first_sequence() == 3);
  CHECK(batch.last_sequence() == 5);
  CHECK(batch.first() == Time(std::chrono::seconds(8)));
  CHECK(batch.last() == Time(std::chrono::seconds(15)));
}

TEST_CASE("Memory that serves again shows nothing of what it held") {
  const Secret key = random_key();
  Batch batch;
  batch.append(record(std::string(200, 'x'), 1, 9), 1, kEpoch, key);
  batch.clear();
  CHECK(batch.empty());
  batch.append(record("y", 20, 0), 9, kEpoch, key);
  CHECK(texts(batch, key) == std::vector<std::string>{"y"});
  CHECK(batch.first_sequence() == 9);
  CHECK(batch.first() == Time(std::chrono::seconds(20)));
  const Bytes behind = batch.bytes().subspan(kAlignment + 1);
  CHECK(std::ranges::all_of(behind, [](std::uint8_t byte) { return byte == 0; }));
}

TEST_CASE("A batch is made of whole blocks by a pad, which shows nothing of what was there and is no record") {
  const Secret key = random_key();
  Batch batch;
  batch.append(record(std::string(2 * Disk::kBlock, 'x'), 1, 0), 1, kEpoch, key);
  batch.clear();
  CHECK(batch.pad() == 0);
  batch.append(record("y", 1, 0), 1, kEpoch, key);
  const std::size_t used = batch.bytes().size();
  CHECK(batch.pad() == Disk::kBlock - used);
  CHECK(batch.pad() == 0);
  CHECK(batch.last_sequence() == 1);
  std::vector<std::uint8_t> pad(batch.bytes().begin() + static_cast<std::ptrdiff_t>(used), batch.bytes().end());
  CHECK(std::all_of(pad.begin() + kAlignment, pad.end(), [](std::uint8_t byte) { return byte == 0; }));
  const auto head = head_in(pad);
  REQUIRE(head);
  CHECK(head->pad);
  CHECK(head->size() == pad.size());
  CHECK(is_whole(*head, pad));
  CHECK_FALSE(opened(*head, pad, kEpoch, key));
  pad[20] ^= 1U;
  CHECK_FALSE(is_whole(*head_in(pad), pad));
}

TEST_CASE("The longest record has room in a batch") {
  const Secret key = random_key();
  Batch batch;
  REQUIRE(size_on_disk(kMaxPayload) <= batch.free());
  batch.append(record(std::string(kMaxPayload, 'z'), 1, 0), 1, kEpoch, key);
  CHECK(texts(batch, key).front().size() == kMaxPayload);
}
