#include "calls/listed_keys.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace tapestry::calls {
namespace {

constexpr std::size_t kBurst = 6;
constexpr Duration kBurstWindow = std::chrono::seconds(15);

/// One side's keys without those of bursts.
std::vector<KeyPress> outside_bursts(const std::vector<KeyPress>& pressed, Side side) {
  std::vector<KeyPress> own;
  std::ranges::copy_if(pressed, std::back_inserter(own), [side](const KeyPress& key) { return key.side == side; });
  std::ranges::sort(own, {}, [](const KeyPress& key) { return std::tie(key.start, key.end, key.key); });
  std::vector<bool> hidden(own.size());
  for (std::size_t last = kBurst - 1; last < own.size(); ++last) {
    const std::size_t first = last + 1 - kBurst;
    if (own[last].start - own[first].start > kBurstWindow) continue;
    for (std::size_t n = first; n <= last; ++n) hidden[n] = true;
  }
  std::vector<KeyPress> told;
  for (std::size_t n = 0; n < own.size(); ++n) {
    if (!hidden[n]) told.push_back(own[n]);
  }
  return told;
}

bool is_paused(const Interaction& interaction, const KeyPress& key) {
  return std::ranges::any_of(interaction.pauses,
                             [&](const Pause& pause) { return pause.start <= key.end && key.start < pause.end; });
}

bool takes_part(const DialogPlan& dialog, std::size_t party) {
  return std::ranges::any_of(dialog.channel_parties, [party](const std::vector<std::size_t>& channel) {
    return std::ranges::find(channel, party) != channel.end();
  });
}

void tell(const KeyPress& key, std::size_t party, std::vector<DialogPlan>& dialogs) {
  for (DialogPlan& dialog : dialogs) {
    const bool inside = dialog.start <= key.start && key.end <= dialog.end;
    if (dialog.kind != DialogKind::Recording || !inside || !takes_part(dialog, party)) continue;
    const PartyEvent down{.party = party, .time = key.start, .kind = EventKind::KeyDown, .button = key.key};
    PartyEvent up = down;
    up.time = key.end;
    up.kind = EventKind::KeyUp;
    // The same key heard on another hop.
    const bool known = std::ranges::any_of(dialog.history, [&](const PartyEvent& have) {
      return have.kind == EventKind::KeyDown && have.party == party && have.button == key.key &&
             std::chrono::abs(have.time - key.start) < key.end - key.start;
    });
    if (known) continue;
    dialog.history.push_back(down);
    dialog.history.push_back(up);
    std::ranges::sort(dialog.history, {}, [](const PartyEvent& event) {
      return std::tie(event.time, event.party, event.kind, event.button);
    });
  }
}

}  // namespace

void list_keys(const std::vector<Leg>& legs, Interaction& interaction) {
  for (const Leg& leg : legs) {
    for (const Side side : {Side::Caller, Side::Callee}) {
      const std::size_t party = leg.party[index_of(side)];
      if (party == kNoParty) continue;
      for (const KeyPress& key : outside_bursts(leg.call->pressed, side)) {
        if (!is_paused(interaction, key)) tell(key, party, interaction.dialogs);
      }
    }
  }
}

}  // namespace tapestry::calls
