// One table of keys with two sides: one creates, the other one destroys.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <map>
#include <set>

#include "spool/key_table.h"
#include "spool/log_reader.h"
#include "spool/log_writer.h"
#include "tests/support/fake_disk.h"

using namespace tapestry;
using namespace tapestry::spool;
using namespace tapestry::testing;
using Role = KeyTable::Role;

namespace {

Secret master() {
  const std::vector<std::uint8_t> bytes(kKeyBytes, 0x5a);
  return Secret{Bytes(bytes)};
}

KeyState state_of(KeyTable& keys, KeyId id) {
  Secret ignored;
  return keys.find(id, ignored);
}

std::vector<KeyId> create(KeyTable& keys, std::size_t count) {
  std::vector<KeyId> ids;
  for (std::size_t n = 0; n < count; ++n) ids.push_back(keys.create());
  return ids;
}

/// Keys that are destroyed together.
struct Group {
  std::vector<KeyId> ids;
  std::size_t created = SIZE_MAX;  ///< operations of the disk by which they were safe
  std::size_t doomed = SIZE_MAX;   ///< from which on they were being destroyed
  std::size_t destroyed = SIZE_MAX;
};

struct Story {
  FakeDisk disk;
  std::vector<Group> groups;
};

Story tell(std::uint64_t seed) {
  Story story;
  Dice dice(seed);
  std::optional<KeyTable> creates(std::in_place, story.disk, master(), Role::Creates);
  std::optional<KeyTable> destroys(std::in_place, story.disk, master(), Role::Destroys);
  for (int step = 0; step < 120; ++step) {
    switch (dice.below(4)) {
      case 0:
      case 1:
        story.groups.push_back({.ids = create(*creates, 1 + dice.below(4))});
        REQUIRE(creates->sync());
        story.groups.back().created = story.disk.operations();
        break;
      case 2: {
        const auto group = std::ranges::find(story.groups, SIZE_MAX, &Group::doomed);
        if (group == story.groups.end()) break;
        for (const KeyId id : group->ids) REQUIRE(state_of(*destroys, id) == KeyState::Live);
        group->doomed = story.disk.operations();
        destroys->destroy(group->ids);
        REQUIRE(destroys->sync());
        group->destroyed = story.disk.operations();
        break;
      }
      default:
        if (dice.below(3) == 0) creates.emplace(story.disk, master(), Role::Creates);
        if (dice.below(3) == 0) destroys.emplace(story.disk, master(), Role::Destroys);
    }
  }
  return story;
}

void check_side(const Story& story, std::size_t operations, KeyTable& keys) {
  for (const Group& group : story.groups) {
    const auto live = std::ranges::count_if(group.ids, [&](KeyId id) { return state_of(keys, id) == KeyState::Live; });
    if (group.destroyed <= operations) REQUIRE(live == 0);
    if (group.created > operations) continue;
    const auto all = static_cast<std::ptrdiff_t>(group.ids.size());
    if (group.doomed >= operations) REQUIRE(live == all);
    REQUIRE((live == 0 || live == all));
  }
}

}  // namespace

TEST_CASE("Who destroys learns of keys that another one creates meanwhile, and no sooner than they are on the disk") {
  FakeDisk disk;
  KeyTable creates(disk, master(), Role::Creates);
  KeyTable destroys(disk, master(), Role::Destroys);
  const KeyId id = creates.create();
  CHECK(state_of(destroys, id) == KeyState::Absent);
  REQUIRE(creates.sync());
  Secret there;
  Secret here;
  REQUIRE(destroys.find(id, there) == KeyState::Live);
  REQUIRE(creates.find(id, here) == KeyState::Live);
  CHECK(there == here);
  CHECK(state_of(destroys, id + 1) == KeyState::Absent);
  destroys.destroy({id});
  CHECK(state_of(destroys, id) == KeyState::Destroyed);
  REQUIRE(destroys.sync());
  CHECK(state_of(destroys, id) == KeyState::Destroyed);
  KeyTable again(disk, master(), Role::Creates);
  CHECK(state_of(again, id) == KeyState::Destroyed);
  CHECK(again.create() > id);
}

TEST_CASE("Who creates forgets in time what the other one destroyed") {
  FakeDisk disk;
  KeyTable creates(disk, master(), Role::Creates);
  KeyTable destroys(disk, master(), Role::Destroys);
  const std::vector<KeyId> ids = create(creates, 3);
  REQUIRE(creates.sync());
  REQUIRE(state_of(destroys, ids[1]) == KeyState::Live);
  destroys.destroy({ids[1]});
  REQUIRE(destroys.sync());
  for (int n = 0; n < 300; ++n) REQUIRE(creates.sync());
  CHECK(creates.live() == std::vector{ids[0], ids[2]});
}

TEST_CASE("A key that was destroyed before its creator knew it to be safe does not come back") {
  FakeDisk disk;
  KeyTable creates(disk, master(), Role::Creates);
  KeyTable destroys(disk, master(), Role::Destroys);
  const KeyId first = creates.create();
  const KeyId second = creates.create();
  disk.fails = [](std::size_t, FakeDisk::What what) { return what == FakeDisk::What::Sync ? EIO : 0; };
  REQUIRE_FALSE(creates.sync());
  disk.fails = {};
  REQUIRE(state_of(destroys, first) == KeyState::Live);
  destroys.destroy({first});
  disk.locked = true;
  const auto meanwhile = creates.sync();
  REQUIRE_FALSE(meanwhile);
  CHECK(meanwhile.error() == EAGAIN);
  REQUIRE(destroys.sync());
  disk.locked = false;
  REQUIRE(creates.sync());
  CHECK(state_of(creates, first) == KeyState::Destroyed);
  KeyTable again(disk, master());
  CHECK(again.live() == std::vector{second});
}

TEST_CASE("Files of dead keys go, but never the last, so that no number comes twice") {
  FakeDisk disk;
  std::set<KeyId> seen;
  {
    KeyTable creates(disk, master(), Role::Creates);
    KeyTable destroys(disk, master(), Role::Destroys);
    const std::vector<KeyId> ids = create(creates, KeyTable::kEntriesPerFile + 10);
    seen.insert(ids.begin(), ids.end());
    REQUIRE(creates.sync());
    // One that it never looked for keeps its file.
    std::vector<KeyId> known = ids;
    known.erase(known.begin() + 77);
    for (const KeyId id : known) REQUIRE(state_of(destroys, id) == KeyState::Live);
    destroys.destroy(known);
    REQUIRE(destroys.sync());
    CHECK(destroys.live() == std::vector{ids[77]});
    destroys.destroy({ids[77]});
    REQUIRE(destroys.sync());
    const auto names = *disk.list();
    CHECK(std::ranges::count(names, "keys-0000000000") == 0);
    CHECK(std::ranges::count(names, "keys-0000000001") == 1);
    CHECK(state_of(destroys, ids[5]) == KeyState::Destroyed);
    CHECK(seen.insert(creates.create()).second);
    REQUIRE(creates.sync());
  }
  KeyTable again(disk, master(), Role::Creates);
  CHECK(seen.insert(again.create()).second);
  CHECK(state_of(again, 5) == KeyState::Destroyed);
}

TEST_CASE("After a loss of power at 1,000 moments keys are there whole or not at all, for both sides") {
  constexpr int kStories = 10;
  for (int n = 0; n < kStories; ++n) {
    const Story story = tell(static_cast<std::uint64_t>(n) + 1);
    Dice dice(static_cast<std::uint64_t>(n) + 5);
    for (int cut = 0; cut < 100; ++cut) {
      const std::size_t operations = dice.below(story.disk.operations() + 1);
      INFO(n << " " << operations);
      FakeDisk disk(story.disk, operations, dice);
      KeyTable creates(disk, master(), Role::Creates);
      REQUIRE(disk.operations() == 0);
      check_side(story, operations, creates);
      KeyTable destroys(disk, master(), Role::Destroys);
      check_side(story, operations, destroys);
      REQUIRE(destroys.sync());
      check_side(story, operations, destroys);
      const KeyId next = creates.create();
      for (const Group& group : story.groups) {
        if (group.created <= operations) REQUIRE(next > group.ids.back());
      }
      REQUIRE(creates.sync());
      REQUIRE(state_of(destroys, next) == KeyState::Live);
      KeyTable all(disk, master());
      check_side(story, operations, all);
    }
  }
}

TEST_CASE("Whatever operation fails, what is destroyed is so whole or not at all when power is lost then") {
  std::size_t count = 0;
  for (std::size_t at = 0; at < 60; ++at) {
    FakeDisk disk;
    KeyTable creates(disk, master(), Role::Creates);
    const std::vector<KeyId> ids = create(creates, 12);
    REQUIRE(creates.sync());
    KeyTable destroys(disk, master(), Role::Destroys);
    std::size_t asked = 0;
    disk.fails = [&](std::size_t, FakeDisk::What) { return asked++ == at ? EIO : 0; };
    const std::size_t begun = disk.operations();
    destroys.destroy({ids.begin(), ids.begin() + 6});
    count += destroys.sync() ? 0U : 1U;
    destroys.destroy({ids.begin() + 6, ids.end()});
    (void)destroys.sync();
    (void)destroys.sync();
    Dice dice(at);
    for (std::size_t cut = begun; cut <= disk.operations(); ++cut) {
      FakeDisk after(disk, cut, dice);
      KeyTable keys(after, master(), Role::Destroys);
      const auto live = [&](std::size_t from) {
        return std::count_if(ids.begin() + static_cast<std::ptrdiff_t>(from),
                             ids.begin() + static_cast<std::ptrdiff_t>(from) + 6,
                             [&](KeyId id) { return state_of(keys, id) == KeyState::Live; });
      };
      INFO(at << " " << cut);
      REQUIRE((live(0) == 0 || live(0) == 6));
      REQUIRE((live(6) == 0 || live(6) == 6));
    }
    KeyTable now(disk, master());
    CHECK(now.live().empty());
  }
  CHECK(count > 3);
}

TEST_CASE("A segment that vanishes while a log is read does not end the reading") {
  FakeDisk disk;
  KeyTable keys(disk, master());
  LogWriter writer(disk, keys, {}, {.segment_bytes = 512});
  for (int n = 0; n < 12; ++n) {
    Record record{.kind = 3, .first = Time(std::chrono::seconds(n)), .payload = WipedBytes(200)};
    REQUIRE(writer.append(record));
  }
  writer.write(true);
  writer.sync();
  const std::size_t segments = segments_on(disk)->size();
  REQUIRE(segments > 4);
  LogReader reader(disk, keys);
  LogPlace place;
  REQUIRE(reader.next(place));
  disk.after_list = [&] {
    disk.after_list = {};
    REQUIRE(disk.remove(segment_name(2)));
    REQUIRE(disk.remove(segment_name(3)));
  };
  std::size_t rest = 0;
  while (reader.next(place)) ++rest;
  CHECK(place.segment == segments);
  CHECK(rest >= segments - 3);
}

TEST_CASE("Whoever destroys takes no key for settled that another one may have created a moment ago") {
  FakeDisk disk;
  KeyTable creates(disk, master(), KeyTable::Role::Creates);
  KeyId last = 0;
  while (last < KeyTable::kEntriesPerFile) last = creates.create();  // the first of the second file
  REQUIRE(creates.sync());
  const KeyTable destroys(disk, master(), KeyTable::Role::Destroys);
  CHECK(destroys.settled_below() < last - 100);
}
