#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <optional>
#include <string>

#include "spool/folder_disk.h"
#include "spool/log_reader.h"
#include "spool/log_writer.h"
#include "spool/record_reader.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/fake_disk.h"

using namespace tapestry;
using namespace tapestry::spool;
using namespace tapestry::testing;

namespace {

Secret master() {
  std::vector<std::uint8_t> bytes(kKeyBytes);
  for (std::size_t n = 0; n < bytes.size(); ++n) bytes[n] = static_cast<std::uint8_t>(n);
  return Secret{Bytes(bytes)};
}

Record record(KeyId key, std::string_view text) {
  const Bytes bytes = as_bytes(text);
  return {.kind = 7,
          .key = key,
          .first = Time(std::chrono::seconds(1000)),
          .span = std::chrono::seconds(1),
          .payload = {bytes.begin(), bytes.end()}};
}

std::vector<std::string> texts(LogReader& reader) {
  std::vector<std::string> all;
  LogPlace place;
  while (const auto found = reader.next(place)) all.emplace_back(as_text(found->payload));
  return all;
}

std::vector<std::string> texts(Disk& disk) {
  KeyTable keys(disk, master());
  LogReader reader(disk, keys);
  return texts(reader);
}

std::vector<std::uint8_t> all_bytes(FakeDisk& disk) {
  std::vector<std::uint8_t> all;
  const auto names = disk.list();
  for (const std::string& name : *names) {
    const auto& bytes = disk.file(name);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

bool contains(const std::vector<std::uint8_t>& bytes, std::string_view text) {
  return as_text(bytes).find(text) != std::string_view::npos;
}

}  // namespace

TEST_CASE("What a log was given comes back, in order and with its head") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {});
  const KeyId key = keys.create();
  REQUIRE(writer.append(record(key, "one")));
  REQUIRE(writer.append(record(0, "two")));
  REQUIRE(writer.append(record(key, "")));
  writer.write(true);
  writer.sync();
  CHECK(writer.status() == 0);
  CHECK(writer.safe_sequence() == 3);
  LogReader reader(disk, keys);
  LogPlace place;
  const auto first = reader.next(place);
  REQUIRE(first);
  CHECK(first->kind == 7);
  CHECK(first->key == key);
  CHECK(first->first == Time(std::chrono::seconds(1000)));
  CHECK(first->span == std::chrono::seconds(1));
  CHECK(as_text(first->payload) == "one");
  const auto again = RecordReader(disk, keys).read(place);
  REQUIRE(again);
  CHECK(as_text(again->payload) == "one");
  CHECK(texts(reader) == std::vector<std::string>{"two", ""});
  CHECK(reader.end().sequence == 3);
}

TEST_CASE("Large writes are whole blocks, small ones are not, and a reader sees no difference") {
  const auto folder = GENERATE(false, true);
  FakeDisk fake;
  const TemporaryFolder real;
  std::optional<FolderDisk> files;
  if (folder) files.emplace(real.path());
  Disk& disk = folder ? static_cast<Disk&>(*files) : fake;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {}, {.block_bytes = 8192});
  const KeyId key = keys.create();
  std::vector<std::string> given;
  const auto give = [&](std::size_t length) {
    given.emplace_back(length, static_cast<char>('a' + given.size()));
    REQUIRE(writer.append(record(key, given.back())));
  };
  LogReader reader(disk, keys);
  std::vector<std::string> found;
  for (const std::size_t length : {100U, 9000U, 1U, 70'000U, 70'000U, 4096U - 64U, 8192U - 64U, 5U}) {
    give(length);
    give(3);
    writer.write(true);
    writer.sync();
    CHECK(writer.status() == 0);
    CHECK(writer.unsafe_bytes() == 0);
    for (std::string& text : texts(reader)) found.push_back(std::move(text));
    CHECK(found == given);
  }
  CHECK(texts(disk) == given);
  CHECK(reader.counters()[0].value == given.size());
  if (!folder) CHECK(fake.block_writes() == 4);
}

TEST_CASE("A reader follows the writer from segment to segment") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {}, {.segment_bytes = 512});
  LogReader reader(disk, keys);
  std::vector<std::string> given;
  std::vector<std::string> seen;
  for (int n = 0; n < 50; ++n) {
    given.push_back("record " + std::to_string(n));
    REQUIRE(writer.append(record(0, given.back())));
    writer.write(true);
    if (n % 3 == 0) writer.sync();
    const auto more = texts(reader);
    seen.insert(seen.end(), more.begin(), more.end());
    CHECK(seen == given);
  }
  CHECK(segments_on(disk)->size() > 5);
}

TEST_CASE("Nothing of a payload or a key stands on the disk in clear") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {});
  const KeyId key = keys.create();
  (void)writer.append(record(key, "what was said in confidence"));
  writer.write(true);
  writer.sync();
  Secret secret;
  REQUIRE(keys.find(key, secret) == KeyState::Live);
  CHECK_FALSE(contains(all_bytes(disk), "confidence"));
  CHECK_FALSE(contains(all_bytes(disk), as_text(secret.bytes())));
  CHECK_FALSE(contains(all_bytes(disk), as_text(master().bytes())));
}

TEST_CASE("A conversation whose key is destroyed cannot be read any more, and the others can") {
  FakeDisk disk;
  std::vector<std::uint8_t> entry;
  KeyId gone = 0;
  {
    KeyTable keys(disk, master());
    LogWriter writer(disk, keys, {});
    gone = keys.create();
    const KeyId stays = keys.create();
    (void)writer.append(record(gone, "gone 1"));
    (void)writer.append(record(stays, "stays 1"));
    (void)writer.append(record(gone, "gone 2"));
    (void)writer.append(record(stays, "stays 2"));
    writer.write(true);
    writer.sync();
    const auto& table = disk.file("keys-0000000000");
    entry.assign(table.begin() + static_cast<std::ptrdiff_t>(gone * KeyTable::kEntryBytes),
                 table.begin() + static_cast<std::ptrdiff_t>((gone + 1) * KeyTable::kEntryBytes));
    keys.destroy({gone});
    REQUIRE(keys.sync());
    Secret none;
    CHECK(keys.find(gone, none) == KeyState::Destroyed);
    CHECK_FALSE(writer.append(record(gone, "too late")));
  }
  // The wrapped key, the last 48 bytes of what is used of the entry, is nowhere any more.
  CHECK_FALSE(contains(all_bytes(disk), as_text(Bytes(entry).subspan(36, 32))));
  CHECK(texts(disk) == std::vector<std::string>{"stays 1", "stays 2"});
}

TEST_CASE("Keys go on behind those that were there, and files of dead keys go") {
  FakeDisk disk;
  std::vector<KeyId> ids;
  {
    KeyTable keys(disk, master());
    for (int n = 0; n < 10; ++n) ids.push_back(keys.create());
    REQUIRE(keys.sync());
    KeyTable more(disk, master());
    CHECK(more.live().size() == 10);
    CHECK(more.create() > ids.back());
    REQUIRE(more.sync());
    more.destroy(ids);
    REQUIRE(more.sync());
    Secret none;
    CHECK(more.find(ids.front(), none) == KeyState::Destroyed);
    CHECK(disk.list()->size() == 1);
  }
  KeyTable again(disk, master());
  Secret none;
  CHECK(again.live().size() == 1);
  CHECK(again.find(ids.front(), none) == KeyState::Destroyed);
  CHECK(again.find(ids.front() + 10 * KeyTable::kEntriesPerFile, none) == KeyState::Absent);
}

TEST_CASE("Another master key is refused, whatever it would open") {
  FakeDisk disk;
  {
    KeyTable keys(disk, master());
    CHECK(keys.create() == 1);
    REQUIRE(keys.sync());
  }
  CHECK_THROWS_AS(KeyTable(disk, random_key()), std::runtime_error);
}

TEST_CASE("A log goes on behind its end, also when that is torn") {
  FakeDisk disk;
  {
    KeyTable keys(disk, master());
    LogWriter writer(disk, keys, {});
    for (const char* text : {"one", "two", "three"}) (void)writer.append(record(0, text));
    writer.write(true);
    writer.sync();
    auto& bytes = disk.file(segment_name(1));
    bytes.erase(bytes.end() - 70, bytes.end());
  }
  KeyTable keys(disk, master());
  LogReader reader(disk, keys);
  CHECK(texts(reader) == std::vector<std::string>{"one", "two"});
  LogWriter writer(disk, keys, reader.end());
  (void)writer.append(record(0, "four"));
  writer.write(true);
  writer.sync();
  CHECK(texts(reader) == std::vector<std::string>{"four"});
  CHECK(texts(disk) == std::vector<std::string>{"one", "two", "four"});
}

TEST_CASE("No changed bit of a segment gives a record that was not written") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {});
  const std::vector<std::string> given{"alpha", "beta", "gamma"};
  for (const std::string& text : given) (void)writer.append(record(0, text));
  writer.write(true);
  auto& bytes = disk.file(segment_name(1));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
    LogReader reader(disk, keys);
    const auto found = texts(reader);
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
    REQUIRE(found.size() <= given.size());
    REQUIRE(std::equal(found.begin(), found.end(), given.begin()));
  }
}

TEST_CASE("A full disk is tried again in the same place: it does not fill with what was tried before") {
  for (const bool begun : {false, true}) {
    FakeDisk disk;
    KeyTable keys(disk, master());
    LogWriter writer(disk, keys, {});
    std::vector<std::string> expected;
    const auto add = [&](const std::string& text) {
      expected.push_back(text);
      REQUIRE(writer.append(record(keys.create(), text)));
      writer.write(true);
      writer.sync();
    };
    if (begun) add("before");
    disk.fails = [](std::size_t, FakeDisk::What what) { return what == FakeDisk::What::Write ? ENOSPC : 0; };
    for (int n = 0; n < 10; ++n) add("in vain " + std::to_string(n));
    CHECK(writer.status() == ENOSPC);
    disk.fails = {};
    add("after");
    CHECK(writer.status() == 0);
    CHECK(texts(disk) == expected);
    const auto is_segment = [](const std::string& name) { return name.starts_with("segment-"); };
    CHECK(std::ranges::count_if(*disk.list(), is_segment) == 1);
  }
}

TEST_CASE("What cannot be read just now is no end: the same record comes later, and none after it before") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {}, {.segment_bytes = 4096});
  const KeyId key = keys.create();
  std::vector<std::string> expected;
  for (int n = 0; n < 100; ++n) {
    expected.push_back("record " + std::to_string(n));
    REQUIRE(writer.append(record(key, expected.back())));
    writer.write(true);
    writer.sync();
  }
  for (std::size_t failing = 0; failing < 200; ++failing) {
    KeyTable reading(disk, master(), KeyTable::Role::Destroys);
    std::size_t asked = 0;
    disk.reading_fails = [&] { return asked++ == failing ? EIO : 0; };
    LogReader reader(disk, reading);
    std::vector<std::string> found = texts(reader);
    if (reader.error() != 0) {
      CHECK(reader.error() == EIO);
      for (const std::string& text : texts(reader)) found.push_back(text);
    }
    CHECK(reader.error() == 0);
    CHECK(found == expected);
    disk.reading_fails = {};
  }
}

TEST_CASE("A log that cannot be written keeps what it was given up to its bound, and counts the rest") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  const std::string text(LogLimits::kShort + 1, 'x');
  LogWriter writer(disk, keys, {}, {.unsafe_bytes = 10 * text.size()});
  disk.fails = [](std::size_t, FakeDisk::What) { return ENOSPC; };
  int kept = 0;
  for (int n = 0; n < 100; ++n) {
    kept += writer.append(record(0, text)) ? 1 : 0;
    writer.write(true);
    CHECK(writer.status() == ENOSPC);
  }
  CHECK(kept > 3);
  CHECK(kept < 20);
  disk.fails = {};
  writer.write(true);
  writer.sync();
  CHECK(writer.status() == 0);
  CHECK(writer.unsafe_bytes() == 0);
  CHECK(texts(disk).size() == static_cast<std::size_t>(kept));
}

TEST_CASE("While keys cannot be made safe, memory is what waits, and not more with each turn") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {});
  std::vector<std::string> given;
  const auto turn = [&] {
    given.push_back("record " + std::to_string(given.size()));
    REQUIRE(writer.append(record(0, given.back())));
    writer.write(true);
    writer.sync();
  };
  turn();
  REQUIRE(writer.unsafe_bytes() == 0);
  (void)keys.create();
  disk.fails = [](std::size_t, FakeDisk::What what) { return what == FakeDisk::What::Sync ? EIO : 0; };
  REQUIRE_FALSE(keys.sync());
  for (int n = 0; n < 1000; ++n) turn();
  CHECK(writer.held_bytes() <= 4 * Batch::kBytes);
  disk.fails = {};
  turn();
  CHECK(writer.unsafe_bytes() == 0);
  CHECK(texts(disk) == given);
}
