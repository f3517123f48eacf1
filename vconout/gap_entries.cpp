#include "vconout/gap_entries.h"

#include <algorithm>
#include <string>

#include "calls/gap_name.h"
#include "core/card_numbers.h"
#include "vconout/dialogs.h"
#include "vconout/recording_set.h"

namespace tapestry::vconout {
namespace {

void add_masked(Json& object, const char* name, std::string_view value) {
  add_text(object, name, mask_card_numbers(value));
}

void add_pause(Json& entry, const calls::Pause& pause) {
  entry["pause"] = mark_of(pause.opened);
  if (pause.closed) entry["resume"] = mark_of(*pause.closed);
  entry["closed_by"] = calls::to_string(pause.how);
}

/// `gaps` cut to `extent`, placed as `like` says.
void place(const std::vector<calls::Gap>& gaps, const Extent& extent, const PlacedGap& like,
           std::vector<PlacedGap>& placed) {
  for (const calls::Gap& gap : gaps) {
    PlacedGap cut = like;
    cut.gap = gap;
    cut.gap.start = std::max(gap.start, extent.start);
    cut.gap.end = std::min(gap.end, extent.end);
    cut.beeps = like.beeps && gap.reason == calls::GapReason::Pci;
    if (cut.gap.start < cut.gap.end) placed.push_back(std::move(cut));
  }
}

}  // namespace

Json mark_of(const calls::PauseMark& mark) {
  Json object = Json::object();
  add_masked(object, "rule", mark.rule);
  add_masked(object, "message", mark.message);
  add_masked(object, "from", mark.from);
  add_masked(object, "call_id", mark.call_id);
  object["at"] = to_rfc3339(mark.at);
  return object;
}

std::vector<PlacedGap> gaps_inside(const calls::DialogPlan& plan, const FinishedDialog& finished) {
  std::vector<PlacedGap> placed;
  const Extent whole = extent_of(plan, finished);
  const std::vector<Member> members = members_of(finished);
  for (std::size_t n = 0; n < members.size(); ++n) {
    const Extent extent = extent_of(members[n]);
    if (members[n].rendered == nullptr) {
      place(members[n].segment.plan.gaps, extent, {.gap = {}, .file_start = {}, .member = n}, placed);
    } else {
      place(members[n].rendered->gaps, extent, {.gap = {}, .file_start = extent.start, .member = n}, placed);
    }
  }
  if (!members.empty()) return placed;
  if (finished.rendered.empty()) {
    place(plan.gaps, whole, {.gap = {}, .file_start = whole.start, .member = {}}, placed);
    return placed;
  }
  const mux::Rendered& rendered = finished.rendered.front();
  place(rendered.gaps, whole, {.gap = {}, .file_start = whole.start, .member = {}, .beeps = rendered.beeps}, placed);
  return placed;
}

Json gap_entry(const PlacedGap& placed, std::optional<std::size_t> recording) {
  const calls::Gap& gap = placed.gap;
  const bool paused = gap.reason == calls::GapReason::Pci;
  Json entry = Json::object();
  entry["reason"] = calls::name_of(gap);
  entry["start"] = to_rfc3339(gap.start);
  entry["end"] = to_rfc3339(gap.end);
  if (recording) entry["recording"] = *recording;
  if (placed.file_start) entry["file_offset_s"] = json_seconds(gap.start - *placed.file_start);
  entry["duration_s"] = json_seconds(gap.end - gap.start);
  entry["channels"] = gap.channels;
  entry["fill"] = placed.file_start ? "silence" : "none";
  if (placed.beeps) entry["beep"] = {{"hertz", mux::kBeepHertz}, {"duration_s", json_seconds(mux::kBeepLength)}};
  const bool video = gap.reason == calls::GapReason::VideoNotRecorded;
  entry["media"] = paused ? Json{"audio", "dtmf", "text"} : Json{video ? "video" : "audio"};
  add_masked(entry, "detail", gap.detail);
  if (gap.pause) add_pause(entry, *gap.pause);
  return entry;
}

Json shell_body(const mux::Segment& shell, std::optional<std::size_t> before, std::optional<std::size_t> after,
                const Json& parties) {
  const calls::Gap& first = shell.plan.gaps.front();
  Json body = Json::object();
  body["reason"] = calls::name_of(first);
  body["start"] = to_rfc3339(shell.plan.start);
  body["end"] = to_rfc3339(shell.plan.end);
  body["duration"] = json_seconds(shell.plan.end - shell.plan.start);
  body["media"] = "not-recorded";
  if (before) body["before"] = *before;
  if (after) body["after"] = *after;
  body["parties"] = parties;
  if (first.pause) add_masked(body, "trigger", first.pause->opened.rule);
  return body;
}

}  // namespace tapestry::vconout
