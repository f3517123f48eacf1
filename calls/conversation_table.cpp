#include "calls/conversation_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/tables.h"

namespace tapestry::calls {

void ConversationTable::open(std::uint64_t call) {
  const std::uint64_t id = next_++;
  conversations_[id] = {.id = id, .calls = {call}, .links = {}};
  of_call_[call] = id;
}

Conversation& ConversationTable::of(std::uint64_t call) {
  const auto id = of_call_.find(call);
  assert(id != of_call_.end());
  return conversations_.at(id->second);
}

void ConversationTable::note(Conversation& conversation, const Link& link) {
  if (std::ranges::find(conversation.links, link) != conversation.links.end()) return;
  if (conversation.links.size() < kMaxConversationLinks) {
    conversation.links.push_back(link);
  } else {
    conversation.overflowed = true;
    ++refused_;
  }
}

void ConversationTable::add(const Edge& edge, Link link) {
  Conversation& one = of(edge.call);
  Conversation& another = of(edge.other);
  const bool known = std::ranges::any_of(one.links, [&link](const Link& have) {
    const bool same = have.call_id == link.call_id && have.other_call_id == link.other_call_id;
    const bool swapped = have.call_id == link.other_call_id && have.other_call_id == link.call_id;
    return have.kind == link.kind && have.evidence == link.evidence && (same || swapped);
  });
  if (known) return;
  if (one.id == another.id) {
    link.joined = edge.strength >= kJoiningStrength;
    note(one, link);
    return;
  }
  // The larger one keeps its name: then a call changes conversations a few times at most.
  Conversation& large = one.calls.size() >= another.calls.size() ? one : another;
  Conversation& small = &large == &one ? another : one;
  if (edge.strength >= kJoiningStrength && join(large, small)) {
    link.joined = true;
    note(large, link);
    conversations_.erase(std::uint64_t{small.id});
  } else {
    note(one, link);
    note(another, link);
  }
}

bool ConversationTable::join(Conversation& into, Conversation& from) {
  if (into.calls.size() + from.calls.size() > kMaxConversationCalls) {
    into.overflowed = from.overflowed = true;
    ++refused_;
    return false;
  }
  joined_ += from.calls.size();
  for (const std::uint64_t call : from.calls) of_call_[call] = into.id;
  into.calls.insert(into.calls.end(), from.calls.begin(), from.calls.end());
  for (const Link& link : from.links) note(into, link);
  into.overflowed |= from.overflowed;
  if (!into.pauses.empty() || !from.pauses.empty()) joined_pauses_.push_back(into.calls.front());
  into.keyed_digits |= from.keyed_digits;
  into.began_paused = into.began_paused || from.began_paused;
  for (const auto& [rule, time] : from.refused_markers) {
    Time& last = into.refused_markers.try_emplace(rule, time).first->second;
    last = std::max(last, time);
  }
  into.toggles.merge(from.toggles);
  for (const auto& [holder, time] : from.told) {
    Time& last = into.told.try_emplace(holder, time).first->second;
    last = std::max(last, time);
  }
  into.pauses.join(std::move(from.pauses));
  into.rosters.join(std::move(from.rosters));
  return true;
}

const Conversation* ConversationTable::find(std::uint64_t id) const {
  const auto at = conversations_.find(id);
  return at == conversations_.end() ? nullptr : &at->second;
}

std::vector<std::uint64_t> ConversationTable::numbers() const {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(conversations_.size());
  for (const auto& [id, conversation] : conversations_) numbers.push_back(id);
  return numbers;
}

Conversation ConversationTable::close(std::uint64_t id) {
  const auto at = conversations_.find(id);
  assert(at != conversations_.end());
  Conversation conversation = std::move(at->second);
  conversations_.erase(at);
  for (const std::uint64_t call : conversation.calls) of_call_.erase(call);
  release_if_empty(conversations_);
  release_if_empty(of_call_);
  return conversation;
}

}  // namespace tapestry::calls
