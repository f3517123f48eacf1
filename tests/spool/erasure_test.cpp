#include "spool/erasure.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <string>

#include "spool/log_reader.h"
#include "spool/log_writer.h"
#include "tests/support/fake_disk.h"

using namespace tapestry;
using namespace tapestry::spool;
using namespace tapestry::testing;

namespace {

Secret master() {
  const std::vector<std::uint8_t> bytes(kKeyBytes, 0x33);
  return Secret{Bytes(bytes)};
}

Time at(int seconds) { return Time(std::chrono::seconds(seconds)); }

/// A second of what is said, beginning at `second`.
Record said(KeyId key, int second) {
  return {.kind = 1,
          .key = key,
          .first = at(second),
          .span = std::chrono::milliseconds(980),
          .payload = WipedBytes(100, static_cast<std::uint8_t>('a' + second))};
}

/// Leaves a shorter payload.
bool silence(Record& record, Time, Time) {
  record.payload.assign(50, '.');
  return true;
}

bool drop(Record&, Time, Time) { return false; }

Io<std::uint64_t> erase(Disk& disk, KeyTable& keys, const Erasure& erasure, const Mask& mask,
                        const SegmentSpans& spans = {}) {
  HalfErased half;
  return spool::erase(disk, keys, erasure, mask, spans, half);
}

/// Payloads of the call's records as they are on the disk, by second.
std::vector<std::vector<std::uint8_t>> payloads(FakeDisk& disk, KeyId key) {
  std::vector<std::vector<std::uint8_t>> found;
  const auto numbers = segments_on(disk);
  for (const std::uint32_t number : *numbers) {
    Bytes rest = Bytes(disk.file(segment_name(number))).subspan(SegmentHead::kHeadBytes);
    while (const auto head = head_in(rest)) {
      if (head->key == key) found.emplace_back(rest.begin() + kAlignment, rest.begin() + kAlignment + head->length);
      rest = rest.subspan(head->size());
    }
  }
  return found;
}

/// A log of ten seconds, of which every second is another call's.
SegmentSpans write_log(FakeDisk& disk, KeyTable& keys, KeyId key, KeyId other) {
  LogWriter writer(disk, keys, {}, {.segment_bytes = 600});
  for (int second = 0; second < 10; ++second) {
    REQUIRE(writer.append(said(key, second)));
    REQUIRE(writer.append(said(other, second)));
  }
  writer.write(true);
  writer.sync();
  REQUIRE(writer.status() == 0);
  return writer.spans();
}

/// First octets of the call's payloads.
std::string heard(Disk& disk, KeyTable& keys, KeyId key) {
  LogReader reader(disk, keys);
  LogPlace place;
  std::string text;
  while (const auto record = reader.next(place)) {
    if (record->key == key) text.push_back(static_cast<char>(record->payload.front()));
  }
  return text;
}

}  // namespace

TEST_CASE("What is erased is masked in its place, and doing it again changes nothing") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  const KeyId key = keys.create();
  const KeyId other = keys.create();
  write_log(disk, keys, key, other);
  CHECK(erase(disk, keys, {key, at(3), at(5)}, silence) == 2);
  CHECK(heard(disk, keys, key) == "abc..fghij");
  CHECK(heard(disk, keys, other) == "abcdefghij");
  CHECK(erase(disk, keys, {key, at(3), at(5)}, silence) == 0);
  CHECK(erase(disk, keys, {key, at(7), at(8)}, drop) == 1);
  CHECK(heard(disk, keys, key) == "abc..fgij");
  CHECK(erase(disk, keys, {key, at(7), at(8)}, drop) == 0);
}

TEST_CASE("Who reads while records are overwritten waits for what stays of them") {
  std::size_t operations = 1;
  for (std::size_t moment = 0; moment < operations; ++moment) {
    FakeDisk disk;
    KeyTable keys(disk, master());
    const KeyId key = keys.create();
    write_log(disk, keys, key, keys.create());
    LogReader reader(disk, keys);
    reader.wait_for_changes(100);
    std::string text;
    const auto read = [&] {
      LogPlace place;
      while (const auto record = reader.next(place)) {
        if (record->key == key) text.push_back(static_cast<char>(record->payload.front()));
      }
    };
    operations = 0;
    disk.fails = [&](std::size_t, FakeDisk::What) {
      if (operations++ == moment) read();
      return 0;
    };
    REQUIRE(erase(disk, keys, {key, at(3), at(5)}, silence) == 2);
    disk.fails = {};
    read();
    INFO(moment << " of " << operations);
    CHECK((text == "abcdefghij" || text == "abc.efghij" || text == "abc..fghij"));
  }
  CHECK(operations > 6);
}

TEST_CASE("What stays half overwritten is waited for so many times, and then passed over") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  const KeyId key = keys.create();
  write_log(disk, keys, key, keys.create());
  std::size_t asked = 0;
  disk.fails = [&asked](std::size_t, FakeDisk::What) { return ++asked > 2 ? EIO : 0; };  // a payload half way
  REQUIRE_FALSE(erase(disk, keys, {key, at(3), at(5)}, drop));
  disk.fails = {};
  const std::string passed = heard(disk, keys, key);
  REQUIRE(passed.size() < 10);
  LogReader reader(disk, keys);
  reader.wait_for_changes(3);
  LogPlace place;
  std::size_t found = 0;
  std::size_t waits = 0;
  for (int look = 0; look < 20; ++look) {
    while (reader.next(place)) ++found;
    waits += found < passed.size() + 10 ? 1U : 0U;
  }
  CHECK(waits >= 3);
  CHECK(found == passed.size() + 10);
}

TEST_CASE("What writer and reader know of segments' times leaves out reading, and nothing else") {
  FakeDisk written;
  KeyTable first_keys(written, master());
  const KeyId key = first_keys.create();
  const SegmentSpans of_writer = write_log(written, first_keys, key, first_keys.create());
  LogReader reader(written, first_keys);
  LogPlace place;
  while (reader.next(place)) {
  }
  for (int from = -1; from <= 10; ++from) {
    for (int to = from; to <= 12; ++to) {
      const auto erased = [&](const SegmentSpans& spans, std::size_t& reads) {
        FakeDisk disk = written;
        KeyTable keys(disk, master());
        disk.reading_fails = [&reads] { return reads++, 0; };
        const auto changed = erase(disk, keys, {key, at(from), at(to)}, drop, spans);
        REQUIRE(changed);
        disk.reading_fails = {};
        return heard(disk, keys, key);
      };
      std::size_t all = 0;
      std::size_t fewer = 0;
      std::size_t of_reader = 0;
      const std::string expected = erased({}, all);
      CHECK(erased(of_writer, fewer) == expected);
      CHECK(erased(reader.spans(), of_reader) == expected);
      CHECK(of_reader == fewer);
      if (to - from <= 2) CHECK(fewer * 2 < all);
    }
  }
}

TEST_CASE("What stood there is overwritten, so that not even the key brings it back") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  const KeyId key = keys.create();
  write_log(disk, keys, key, keys.create());
  LogReader reader(disk, keys);
  LogPlace place;
  REQUIRE(reader.next(place));
  const auto& bytes = disk.file("segment-0000000001");
  const auto payload = [&] { return std::vector(bytes.begin() + 64 + 64, bytes.begin() + 64 + 64 + 100); };
  const auto before = payload();
  REQUIRE(erase(disk, keys, {key, at(0), at(1)}, silence) == 1);
  CHECK(payload() != before);
  const auto masked = payload();
  REQUIRE(erase(disk, keys, {key, at(0), at(1)}, drop) == 1);
  CHECK(payload() == std::vector<std::uint8_t>(100, 0));
  CHECK(masked != before);
}

TEST_CASE(
    "An erasure that a loss of power or an error interrupts harms nothing else, and is whole when it is done again") {
  FakeDisk made;
  KeyTable first_keys(made, master());
  const KeyId key = first_keys.create();
  const KeyId other = first_keys.create();
  write_log(made, first_keys, key, other);
  const std::size_t begun = made.operations();
  REQUIRE(erase(made, first_keys, {key, at(2), at(6)}, silence) == 4);
  Dice dice(9);
  for (std::size_t cut = begun; cut <= made.operations(); ++cut) {
    for (int again = 0; again < 10; ++again) {
      FakeDisk disk(made, cut, dice);
      KeyTable keys(disk, master());
      INFO(cut);
      CHECK(heard(disk, keys, other) == "abcdefghij");
      const auto cruel = heard(disk, keys, key);
      CHECK(cruel.starts_with("ab"));
      CHECK(cruel.ends_with("ghij"));
      REQUIRE(erase(disk, keys, {key, at(2), at(6)}, silence));
      const auto now = heard(disk, keys, key);
      CHECK(now.find_first_of("cdef") == std::string::npos);
    }
  }
}

TEST_CASE("A disk that refuses to erase says so, and what was to stay is there when it works again") {
  for (std::size_t failing = 0; failing < 20; ++failing) {
    INFO(failing);
    FakeDisk disk;
    KeyTable keys(disk, master());
    const KeyId key = keys.create();
    write_log(disk, keys, key, keys.create());
    const auto before = payloads(disk, key);
    REQUIRE(before.size() == 10);
    std::size_t asked = 0;
    disk.fails = [&](std::size_t, FakeDisk::What) { return asked++ == failing ? EIO : 0; };
    HalfErased half;
    const auto refused = spool::erase(disk, keys, {key, at(3), at(5)}, silence, {}, half);
    disk.fails = {};
    if (asked <= failing) {
      CHECK(failing > 3);
      break;
    }
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == EIO);
    REQUIRE(spool::erase(disk, keys, {key, at(3), at(5)}, silence, {}, half));
    CHECK(half.changes.empty());
    CHECK(heard(disk, keys, key) == "abc..fghij");
    const auto after = payloads(disk, key);
    REQUIRE(after.size() == 10);
    for (std::size_t second = 0; second < 10; ++second)
      CHECK((after[second] == before[second]) == (second != 3 && second != 4));
  }
}

TEST_CASE("What a loss of power left of an erasure is overwritten when it is done again") {
  FakeDisk made;
  KeyTable first_keys(made, master());
  const KeyId key = first_keys.create();
  write_log(made, first_keys, key, first_keys.create());
  const auto before = payloads(made, key);
  const std::size_t begun = made.operations();
  REQUIRE(erase(made, first_keys, {key, at(2), at(6)}, silence) == 4);
  Dice dice(11);
  for (std::size_t cut = begun; cut <= made.operations(); ++cut) {
    for (int again = 0; again < 10; ++again) {
      INFO(cut);
      FakeDisk disk(made, cut, dice);
      KeyTable keys(disk, master());
      REQUIRE(erase(disk, keys, {key, at(2), at(6)}, silence));
      const auto after = payloads(disk, key);
      REQUIRE(after.size() == 10);
      for (std::size_t second = 2; second < 6; ++second) CHECK(after[second] != before[second]);
    }
  }
}
