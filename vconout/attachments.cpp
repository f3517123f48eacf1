#include "vconout/attachments.h"

#include <algorithm>
#include <cassert>

#include "vconout/dialogs.h"
#include "vconout/notes.h"
#include "vconout/parties.h"
#include "vconout/signalling.h"

namespace tapestry::vconout {
namespace {

Json attachment(std::string_view purpose, Time start, std::size_t party, std::size_t dialog, Json body) {
  Json object = Json::object();
  object["purpose"] = purpose;
  object["start"] = to_rfc3339(start);
  object["party"] = party;
  object["dialog"] = dialog;
  object["mediatype"] = "application/json";
  object["encoding"] = "json";
  object["body"] = std::move(body);
  return object;
}

/// The dialog's gaps, cut to what lies inside it.
std::vector<calls::Gap> gaps_inside(const calls::DialogPlan& plan, const FinishedDialog& finished) {
  std::vector<calls::Gap> inside;
  const Extent extent = extent_of(plan, finished);
  for (const auto& gap : finished.rendered.empty() ? plan.gaps : finished.rendered.front().gaps) {
    calls::Gap cut = gap;
    cut.start = std::max(gap.start, extent.start);
    cut.end = std::min(gap.end, extent.end);
    if (cut.start < cut.end) inside.push_back(std::move(cut));
  }
  return inside;
}

Json gap_of(const calls::Gap& gap, Time start) {
  Json object = Json::object();
  object["reason"] = calls::to_string(gap.reason);
  object["start"] = to_rfc3339(gap.start);
  object["end"] = to_rfc3339(gap.end);
  object["file_offset_s"] = json_seconds(gap.start - start);
  object["duration_s"] = json_seconds(gap.end - gap.start);
  object["channels"] = gap.channels;
  object["fill"] = "silence";
  object["media"] = {"audio"};
  add_text(object, "detail", gap.detail);
  return object;
}

}  // namespace

bool has_pci_gap(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs) {
  for (std::size_t i = 0; i < interaction.dialogs.size(); ++i) {
    const auto gaps = gaps_inside(interaction.dialogs[i], dialogs[i]);
    if (std::ranges::find(gaps, calls::GapReason::Pci, &calls::Gap::reason) != gaps.end()) return true;
  }
  return false;
}

Json attachments_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs) {
  assert(dialogs.size() == interaction.dialogs.size());
  Json list = Json::array();
  if (dialogs.empty()) return list;
  const std::size_t recorder = recorder_party(interaction);
  for (std::size_t i = 0; i < dialogs.size(); ++i) {
    const auto gaps = gaps_inside(interaction.dialogs[i], dialogs[i]);
    if (gaps.empty()) continue;
    const Time start = extent_of(interaction.dialogs[i], dialogs[i]).start;
    Json entries = Json::array();
    for (const auto& gap : gaps) entries.push_back(gap_of(gap, start));
    list.push_back(attachment("recording-gaps", start, recorder, i, {{"gaps", std::move(entries)}}));
  }
  list.push_back(attachment("call-signalling", interaction.start, recorder, 0, signalling_of(interaction)));
  for (const calls::NoteKind kind : calls::kNoteKinds) {
    Json body = notes_of(interaction.notes, kind);
    if (!body.is_null()) list.push_back(attachment(to_string(kind), interaction.start, recorder, 0, std::move(body)));
  }
  return list;
}

}  // namespace tapestry::vconout
