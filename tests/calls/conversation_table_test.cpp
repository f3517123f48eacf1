#include "calls/conversation_table.h"

#include <catch2/catch.hpp>

using namespace tapestry::calls;

namespace {

Link link(std::uint64_t one, std::uint64_t another, LinkKind kind = LinkKind::Key, const std::string& evidence = "k") {
  Link made;
  made.call_id = std::to_string(one);
  made.other_call_id = std::to_string(another);
  made.kind = kind;
  made.evidence = evidence;
  return made;
}

void add(ConversationTable& table, std::uint64_t one, std::uint64_t another, int strength = 95) {
  table.add({one, another, strength}, link(one, another));
}

}  // namespace

TEST_CASE("a call begins in a conversation of its own") {
  ConversationTable table;
  table.open(4);
  table.open(9);
  CHECK(table.size() == 2);
  CHECK(table.of(4).calls == std::vector<std::uint64_t>{4});
  CHECK(table.of(4).id != table.of(9).id);
  CHECK(table.joined() == 0);
}

TEST_CASE("evidence of the joining strength makes two conversations one, weaker evidence is noted with both") {
  ConversationTable table;
  for (std::uint64_t call = 1; call <= 3; ++call) table.open(call);
  add(table, 1, 2, kJoiningStrength - 1);
  CHECK(table.of(1).id != table.of(2).id);
  CHECK(table.of(1).links.size() == 1);
  CHECK(table.of(2).links == table.of(1).links);
  CHECK_FALSE(table.of(1).links.front().joined);
  add(table, 2, 3, kJoiningStrength);
  CHECK(table.of(2).id == table.of(3).id);
  CHECK(table.of(3).links.size() == 2);
  CHECK(table.of(3).links.back().joined);
  CHECK(table.joined() == 1);
}

TEST_CASE("calls join through others, and the larger conversation keeps its name") {
  ConversationTable table;
  for (std::uint64_t call = 1; call <= 5; ++call) table.open(call);
  add(table, 1, 2);
  add(table, 2, 3);
  add(table, 4, 5);
  const std::uint64_t large = table.of(1).id;
  add(table, 5, 3);
  CHECK(table.size() == 1);
  CHECK(table.of(4).id == large);
  CHECK(table.of(4).calls == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
  CHECK(table.of(4).links.size() == 4);
}

TEST_CASE("the same evidence again, also the other way round, changes nothing, another kind is told as well") {
  ConversationTable table;
  table.open(1);
  table.open(2);
  add(table, 1, 2);
  add(table, 1, 2);
  add(table, 2, 1);
  CHECK(table.of(1).links.size() == 1);
  table.add({1, 2, 90}, link(1, 2, LinkKind::SharedMedia));
  table.add({1, 2, 95}, link(1, 2, LinkKind::Key, "another key"));
  CHECK(table.of(1).links.size() == 3);
  CHECK(table.joined() == 1);
}

TEST_CASE("a conversation that is full takes no call, and both say so") {
  ConversationTable table;
  for (std::uint64_t call = 0; call <= kMaxConversationCalls; ++call) table.open(call);
  for (std::uint64_t call = 1; call < kMaxConversationCalls; ++call) add(table, 0, call);
  CHECK(table.of(0).calls.size() == kMaxConversationCalls);
  CHECK_FALSE(table.of(0).overflowed);
  add(table, 0, kMaxConversationCalls);
  CHECK(table.of(0).calls.size() == kMaxConversationCalls);
  CHECK(table.of(0).overflowed);
  CHECK(table.of(kMaxConversationCalls).overflowed);
  CHECK(table.of(kMaxConversationCalls).calls.size() == 1);
  CHECK(table.refused() == 1);
  CHECK_FALSE(table.of(kMaxConversationCalls).links.back().joined);
}

TEST_CASE("so much evidence is kept of a conversation, and no more") {
  ConversationTable table;
  table.open(1);
  table.open(2);
  for (std::size_t n = 0; n <= kMaxConversationLinks; ++n)
    table.add({1, 2, 95}, link(1, 2, LinkKind::Key, std::to_string(n)));
  CHECK(table.of(1).links.size() == kMaxConversationLinks);
  CHECK(table.of(1).overflowed);
  CHECK(table.refused() == 1);
}

TEST_CASE("a closed conversation is gone with its calls") {
  ConversationTable table;
  for (std::uint64_t call = 1; call <= 3; ++call) table.open(call);
  add(table, 1, 2);
  const Conversation closed = table.close(table.of(2).id);
  CHECK(closed.calls == std::vector<std::uint64_t>{1, 2});
  CHECK(table.size() == 1);
  table.open(1);
  CHECK(table.of(1).links.empty());
}
