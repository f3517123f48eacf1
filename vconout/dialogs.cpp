#include "vconout/dialogs.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>

namespace tapestry::vconout {
namespace {

constexpr std::array<std::string_view, 6> kDispositions{"no-answer", "congestion", "failed",
                                                        "busy",      "hung-up",    "voicemail-no-message"};

bool is_key(const calls::PartyEvent& event) noexcept {
  return event.kind == calls::EventKind::KeyDown || event.kind == calls::EventKind::KeyUp;
}

/// A key is told where it was pressed or not at all; one of a pause would be a digit of the card.
bool is_told(const calls::PartyEvent& event, const Extent& extent, const std::vector<calls::Pause>& pauses) {
  if (!is_key(event)) return true;
  return event.button != 0 && event.time >= extent.start && event.time <= extent.end &&
         std::ranges::none_of(
             pauses, [&](const calls::Pause& pause) { return event.time >= pause.start && event.time <= pause.end; });
}

/// What else happened outside the dialog is told at its edge.
Json history_of(const calls::DialogPlan& plan, const Extent& extent, const std::vector<calls::Pause>& pauses) {
  std::multimap<Time, const calls::PartyEvent*> sorted;
  for (const auto& event : plan.history) {
    if (is_told(event, extent, pauses)) sorted.emplace(event.time, &event);
  }
  Json list = Json::array();
  for (const auto& [time, event] : sorted) {
    list.push_back({{"party", event->party},
                    {"time", to_rfc3339(std::clamp(time, extent.start, extent.end))},
                    {"event", calls::to_string(event->kind)}});
    if (is_key(*event)) list.back()["button"] = std::string(1, event->button);
  }
  return list;
}

/// core-04 Table 1: of a transfer only this.
Json transfer_of(const calls::DialogPlan& plan) {
  Json object = Json::object();
  object["type"] = "transfer";
  object["start"] = to_rfc3339(plan.start);
  object["transferee"] = plan.transfer->transferee;
  object["transferor"] = plan.transfer->transferor;
  object["transfer_target"] = plan.transfer->transfer_target;
  if (plan.transfer->original) object["original"] = *plan.transfer->original;
  if (plan.transfer->consultation) object["consultation"] = *plan.transfer->consultation;
  if (plan.transfer->target_dialog) object["target_dialog"] = *plan.transfer->target_dialog;
  return object;
}

}  // namespace

Json parties_of(const calls::DialogPlan& plan) {
  Json list = Json::array();
  for (const auto& channel : plan.channel_parties) {
    if (channel.empty()) {
      list.push_back(nullptr);
    } else if (channel.size() == 1) {
      list.push_back(channel.front());
    } else {
      list.push_back(channel);
    }
  }
  return list;
}

Duration length_of(const mux::Rendered& media) {
  const std::uint64_t rate = media.sample_rate_hz;
  const auto whole = static_cast<std::int64_t>(media.samples / rate);
  const auto part = static_cast<std::int64_t>(media.samples % rate * 1'000'000'000 / rate);
  return std::chrono::seconds(whole) + Duration(part);
}

void add_media(Json& object, const mux::Rendered& rendered, const MediaFile& file) {
  add_text(object, "mediatype", rendered.mediatype);
  add_text(object, "filename", file.filename);
  add_text(object, "url", file.url);
  add_text(object, "content_hash", file.content_hash);
}

Extent extent_of(const calls::DialogPlan& plan, const FinishedDialog& finished) {
  if (plan.recording.empty()) return {.start = plan.start, .end = std::max(plan.start, plan.end)};
  assert(plan.recording.size() == 1 && finished.rendered.size() == finished.media.size());
  const Time start = plan.recording.front().start;
  if (!finished.segments.empty()) return {.start = start, .end = plan.recording.front().end};
  return {.start = start, .end = start + length_of(finished.rendered.front())};
}

Json dialog_of(const calls::DialogPlan& plan, const FinishedDialog& finished, const calls::Interaction& interaction,
               const std::string& interaction_id) {
  if (plan.transfer) {
    Json transfer = transfer_of(plan);
    add_text(transfer, "interaction_id", interaction_id);
    return transfer;
  }
  const bool recorded = plan.kind == calls::DialogKind::Recording;
  const Extent extent = extent_of(plan, finished);
  Json object = Json::object();
  object["type"] = !recorded ? "incomplete" : finished.segments.empty() ? "recording" : "recording-set";
  object["start"] = to_rfc3339(extent.start);
  object["duration"] = json_seconds(extent.end - extent.start);
  if (!plan.channel_parties.empty()) object["parties"] = parties_of(plan);
  if (plan.originator) object["originator"] = *plan.originator;
  if (finished.segments.empty() && !finished.media.empty()) {
    add_media(object, finished.rendered.front(), finished.media.front());
  }
  if (!recorded) {
    const bool known = std::ranges::find(kDispositions, plan.disposition) != kDispositions.end();
    object["disposition"] = known ? plan.disposition : "failed";
  }
  if (Json history = history_of(plan, extent, interaction.pauses); !history.empty()) {
    object["party_history"] = std::move(history);
  }
  add_text(object, "interaction_id", interaction_id);
  return object;
}

}  // namespace tapestry::vconout
