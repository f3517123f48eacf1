#include "calls/paused.h"

#include <algorithm>
#include <tuple>

#include "calls/noting.h"
#include "calls/spans.h"
#include "core/card_numbers.h"

namespace tapestry::calls {
namespace {

/// When one of a channel's packets may be kept, by the pauses' complement.
std::vector<Window> windows_of(const std::vector<Pause>& pauses) {
  std::vector<Window> windows;
  for (const Pause& pause : pauses) windows.push_back({pause.start, pause.end});
  return windows;
}

void cut(RecordingPlan& plan, const std::vector<Pause>& pauses) {
  for (ChannelPlan& channel : plan.channels) channel.spans = without(channel.spans, windows_of(pauses));
  for (const Pause& pause : pauses) {
    const Time start = std::max(pause.start, plan.start);
    const Time end = std::min(pause.end, plan.end);
    if (start >= end) continue;
    plan.gaps.push_back(
        {.reason = GapReason::Pci, .start = start, .end = end, .channels = {0, 1}, .detail = "", .pause = pause});
  }
  std::ranges::sort(plan.gaps, {}, [](const Gap& gap) { return std::tie(gap.start, gap.end); });
}

void mask(std::string& text) { text = mask_card_numbers(text); }
void mask_uri(std::string& uri) { uri = without_cards(uri); }

}  // namespace

void leave_out_paused(Interaction& interaction, std::vector<Pause> pauses) {
  if (pauses.empty()) return;
  for (DialogPlan& dialog : interaction.dialogs) {
    for (RecordingPlan& plan : dialog.recording) cut(plan, pauses);
  }
  const auto paused = [&pauses](Time time) {
    return std::ranges::any_of(pauses, [time](const Pause& pause) { return pause.start <= time && time < pause.end; });
  };
  for (const Note& note : interaction.notes.list) {
    if (paused(note.time)) ++interaction.notes.left_out[static_cast<std::size_t>(note.kind)];
  }
  std::erase_if(interaction.notes.list, [&](const Note& note) { return paused(note.time); });
  interaction.texts.left_out +=
      std::erase_if(interaction.texts.list, [&](const TextMessage& text) { return paused(text.time); });
  for (Pause& pause : pauses) {
    pause.start = std::max(pause.start, interaction.start);
    pause.end = std::min(pause.end, interaction.end);
  }
  std::erase_if(pauses, [](const Pause& pause) { return pause.start >= pause.end; });
  interaction.pauses = std::move(pauses);
}

void mask_texts(Interaction& interaction) {
  for (Party& party : interaction.parties) {
    mask_uri(party.uri);
    mask(party.name);
  }
  for (Track& track : interaction.tracks) std::ranges::for_each(track.codecs, mask);
  for (DialogSummary& dialog : interaction.signalling) {
    for (std::string* text : {&dialog.final_reason, &dialog.caller_user_agent, &dialog.callee_user_agent}) mask(*text);
    for (DialogKey& key : dialog.keys) mask(key.value);
  }
  for (Link& link : interaction.links) mask_uri(link.evidence);
  for (std::string* text :
       {&interaction.fields.campaign, &interaction.fields.skill, &interaction.fields.interaction_type,
        &interaction.fields.interaction_id, &interaction.fields.contact_list}) {
    mask(*text);
  }
}

}  // namespace tapestry::calls
