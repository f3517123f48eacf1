#include "calls/key_index.h"

#include <catch2/catch.hpp>

using namespace tapestry::calls;

namespace {

std::vector<std::uint64_t> calls_of(const std::vector<KeyIndex::Sharer>& sharers) {
  std::vector<std::uint64_t> calls;
  for (const KeyIndex::Sharer& sharer : sharers) calls.push_back(sharer.call);
  return calls;
}

using Calls = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a key names the calls that had it before, oldest first, each once") {
  KeyIndex index;
  CHECK(index.add(KeyIndex::key("session-id", "a"), {.call = 7}).empty());
  CHECK(calls_of(index.add(KeyIndex::key("session-id", "a"), {.call = 3})) == Calls{7});
  CHECK(calls_of(index.add(KeyIndex::key("session-id", "a"), {.call = 5})) == Calls{7, 3});
  CHECK(index.add(KeyIndex::key("session-id", "a"), {.call = 3}).empty());
  CHECK(calls_of(index.find(KeyIndex::key("session-id", "a"))) == Calls{7, 3, 5});
  CHECK(index.refused() == 0);
}

TEST_CASE("a call that looks for others does not find itself") {
  KeyIndex index;
  const KeyIndex::Key key = KeyIndex::key("k", "v");
  for (const std::uint64_t call : {4U, 9U, 2U}) (void)index.add(key, {.call = call});
  CHECK(calls_of(index.find(key, 9)) == Calls{4, 2});
  index.forget(4);
  CHECK(calls_of(index.find(key, 2)) == Calls{9});
}

TEST_CASE("a name at one host is another key than at another") {
  const auto one = tapestry::IpAddress::parse("192.0.2.1");
  const auto another = tapestry::IpAddress::parse("192.0.2.2");
  CHECK(KeyIndex::key("k", *one, "v") == KeyIndex::key("k", *one, "v"));
  CHECK(KeyIndex::key("k", *one, "v") != KeyIndex::key("k", *another, "v"));
  CHECK(KeyIndex::key("k", *one, "v") != KeyIndex::key("k", *one, "w"));
}

TEST_CASE("one value under two kinds is two keys") {
  KeyIndex index;
  (void)index.add(KeyIndex::key("session-id", "a"), {.call = 1});
  CHECK(index.add(KeyIndex::key("ucid", "a"), {.call = 2}).empty());
  CHECK(index.find(KeyIndex::key("icid", "a")).empty());
  CHECK(index.size() == 2);
}

TEST_CASE("a sharer says what the key means to its call") {
  KeyIndex index;
  (void)index.add(KeyIndex::key("call-id", "a"), {.call = 1, .kind = LinkKind::Replaces, .own = true});
  const auto before = index.add(KeyIndex::key("call-id", "a"), {.call = 2});
  REQUIRE(before.size() == 1);
  CHECK(before.front().kind == LinkKind::Replaces);
  CHECK(before.front().own);
}

TEST_CASE("a key that too many calls have is none, and is one again when some of them are gone") {
  KeyIndex index;
  for (std::uint64_t call = 1; call <= kMaxSharers; ++call)
    CHECK(index.add(KeyIndex::key("k", "v"), {.call = call}).size() == call - 1);
  CHECK(index.find(KeyIndex::key("k", "v")).size() == kMaxSharers);
  CHECK(index.add(KeyIndex::key("k", "v"), {.call = 100}).empty());
  CHECK(index.find(KeyIndex::key("k", "v")).empty());
  CHECK(index.add(KeyIndex::key("k", "v"), {.call = 101}).empty());
  CHECK(index.refused() == 1);
  index.forget(1);
  CHECK(index.find(KeyIndex::key("k", "v")).size() == kMaxSharers);
}

TEST_CASE("a call has so many keys and no more") {
  KeyIndex index;
  for (std::size_t n = 0; n < kMaxIndexedKeys; ++n) (void)index.add(KeyIndex::key("k", std::to_string(n)), {.call = 1});
  CHECK(index.size() == kMaxIndexedKeys);
  (void)index.add(KeyIndex::key("k", "one more"), {.call = 1});
  CHECK(index.size() == kMaxIndexedKeys);
  CHECK(index.refused() == 1);
  CHECK(index.add(KeyIndex::key("k", "one more"), {.call = 2}).empty());
}

TEST_CASE("nothing is left of calls that are forgotten") {
  KeyIndex index;
  for (std::uint64_t call = 1; call <= 3 * kMaxSharers; ++call) {
    (void)index.add(KeyIndex::key("shared", "by all"), {.call = call});
    (void)index.add(KeyIndex::key("own", std::to_string(call)), {.call = call});
  }
  for (std::uint64_t call = 1; call <= 3 * kMaxSharers; ++call) index.forget(call);
  index.forget(99'999);
  CHECK(index.size() == 0);
  CHECK(index.add(KeyIndex::key("shared", "by all"), {.call = 1}).empty());
}

TEST_CASE("calls that come and go leave the others' keys as they were") {
  KeyIndex index;
  for (std::uint64_t call = 1; call <= 20'000; ++call) {
    for (std::uint64_t key = call; key < call + 4; ++key)
      (void)index.add(KeyIndex::key("k", std::to_string(key)), {.call = call});
    if (call > 1'000) index.forget(call - 1'000);
  }
  for (std::uint64_t call = 19'010; call <= 19'990; ++call)
    CHECK(calls_of(index.find(KeyIndex::key("k", std::to_string(call)))) == Calls{call - 3, call - 2, call - 1, call});
  CHECK(index.size() == 1'003);
}
