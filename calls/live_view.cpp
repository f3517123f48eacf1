#include "calls/live_view.h"

#include <algorithm>
#include <tuple>

#include "calls/noting.h"
#include "calls/people.h"
#include "core/card_numbers.h"

namespace tapestry::calls {
namespace {

bool is_up(const Leg& leg) { return leg.answer && !leg.call->over; }

LiveState state_of(const std::vector<Leg>& legs, bool paused) {
  if (std::ranges::all_of(legs, [](const Leg& leg) { return leg.call->over.has_value(); })) return LiveState::Over;
  if (paused) return LiveState::Paused;
  if (std::ranges::none_of(legs, is_up)) return LiveState::Ringing;
  const auto talks = [](const Leg& leg) { return is_up(leg) && !leg.call->holds[0].on && !leg.call->holds[1].on; };
  return std::ranges::any_of(legs, talks) ? LiveState::Talking : LiveState::Held;
}

void add_holds(const Leg& leg, std::vector<LiveHold>& holds) {
  if (!is_up(leg)) return;
  for (const Side side : {Side::Caller, Side::Callee}) {
    const Spells& spells = leg.call->holds[index_of(side)];
    if (spells.on) holds.push_back({without_cards(leg.standing[index_of(side)].party.uri), spells.since});
  }
}

LivePause pause_of(const pause::Holder& holder) {
  return {.by = holder.name,
          .reason = holder.reason,
          .from = without_cards(holder.mark.from),
          .since = holder.since,
          .call_id = holder.mark.call_id};
}

}  // namespace

std::string_view to_string(LiveState state) noexcept {
  switch (state) {
    case LiveState::Ringing:
      return "ringing";
    case LiveState::Talking:
      return "talking";
    case LiveState::Held:
      return "held";
    case LiveState::Paused:
      return "paused";
    case LiveState::Over:
      return "over";
  }
  return {};
}

std::vector<Leg> LiveView::legs_of(const Conversation& conversation) const {
  std::vector<Leg> legs;
  for (const std::uint64_t serial : conversation.calls) {
    legs.push_back(leg_of(*calls_.find(serial), CloseReason::Over, roles_, registrations_));
  }
  std::ranges::sort(legs, {}, [](const Leg& leg) { return std::tie(leg.call->first_seen, leg.call->call_id); });
  return legs;
}

LiveConversation LiveView::view_of(const Conversation& conversation) const {
  std::vector<Leg> legs = legs_of(conversation);
  LiveConversation view;
  view.number = conversation.id;
  view.start = legs.front().call->first_seen;
  for (const pause::Holder& holder : conversation.pauses.holders()) view.pauses.push_back(pause_of(holder));
  view.state = state_of(legs, !view.pauses.empty());
  for (const Leg& leg : legs) {
    add_holds(leg, view.holds);
    view.call_ids.push_back(leg.call->call_id);
    if (view.interaction_id.empty()) view.interaction_id = mask_card_numbers(leg.call->fields.interaction_id);
  }
  for (const Party& party : find_parties(legs, conversation.links)) {
    view.parties.push_back({party.role, without_cards(party.uri)});
  }
  return view;
}

LivePage LiveView::page(const LiveQuery& query) const {
  std::vector<std::uint64_t> numbers = conversations_.numbers();
  std::erase_if(numbers, [&query](std::uint64_t number) { return number <= query.after; });
  const std::size_t taken = std::min({numbers.size(), query.limit, kMostLive});
  const auto end = numbers.begin() + static_cast<std::ptrdiff_t>(taken);
  std::ranges::partial_sort(numbers, end);
  LivePage page;
  page.more = taken < numbers.size();
  for (auto number = numbers.begin(); number != end; ++number) {
    page.conversations.push_back(view_of(*conversations_.find(*number)));
  }
  return page;
}

LiveCounts LiveView::counts() const {
  LiveCounts counts{.calls = calls_.size(), .conversations = conversations_.size()};
  for (const std::uint64_t number : conversations_.numbers()) {
    counts.paused += conversations_.find(number)->pauses.holders().empty() ? 0U : 1U;
  }
  return counts;
}

}  // namespace tapestry::calls
