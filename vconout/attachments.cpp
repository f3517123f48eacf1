#include "vconout/attachments.h"

#include <cassert>
#include <optional>

#include "calls/gap_name.h"
#include "vconout/dialogs.h"
#include "vconout/gap_entries.h"
#include "vconout/notes.h"
#include "vconout/parties.h"
#include "vconout/signalling.h"
#include "vconout/suspicion.h"

namespace tapestry::vconout {
namespace {

constexpr std::string_view kPci = "PCI";
constexpr std::string_view kPolicy = "policy";

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

/// Whose gaps are to be attached.
struct Subject {
  const calls::Interaction& interaction;
  const FinishedDialog& finished;
  const MemberNumbers& numbers;
  std::size_t recorder = 0;
  std::size_t dialog = 0;
};

/// One for each shell of a recording that is cut.
void add_shells(Json& list, const Subject& subject) {
  const std::vector<mux::Segment>& segments = subject.finished.segments;
  const auto number = [&](std::size_t n) { return subject.numbers.of_member(subject.dialog, n); };
  const Json parties = parties_of(subject.interaction.dialogs[subject.dialog]);
  for (std::size_t n = 0; n < segments.size(); ++n) {
    if (!segments[n].shell) continue;
    const auto before = n > 0 ? std::optional(number(n - 1)) : std::nullopt;
    const auto after = n + 1 < segments.size() ? std::optional(number(n + 1)) : std::nullopt;
    list.push_back(attachment("recording-gap", segments[n].plan.start, subject.recorder, number(n),
                              shell_body(segments[n], before, after, parties)));
  }
}

void add_gaps(Json& list, const Subject& subject) {
  const calls::DialogPlan& plan = subject.interaction.dialogs[subject.dialog];
  Json entries = Json::array();
  for (const PlacedGap& gap : gaps_inside(plan, subject.finished)) {
    const auto recording =
        gap.member ? std::optional(subject.numbers.of_member(subject.dialog, *gap.member)) : std::nullopt;
    entries.push_back(gap_entry(gap, recording));
  }
  if (entries.empty()) return;
  list.push_back(attachment("recording-gaps", extent_of(plan, subject.finished).start, subject.recorder, subject.dialog,
                            {{"gaps", std::move(entries)}}));
  add_shells(list, subject);
}

}  // namespace

std::string_view redaction_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs) {
  std::string_view found;
  for (std::size_t i = 0; i < interaction.dialogs.size(); ++i) {
    for (const PlacedGap& placed : gaps_inside(interaction.dialogs[i], dialogs[i])) {
      if (placed.gap.reason != calls::GapReason::Pci) continue;
      if (calls::name_of(placed.gap) != kPolicy) return kPci;
      found = kPolicy;
    }
  }
  for (const auto& pause : interaction.pauses) {
    if (pause.reason == "pci") return kPci;
    found = kPolicy;
  }
  return found;
}

namespace {

/// Entries of the kind `consent` have an attachment of their own, for whoever looks for it knows no other purpose.
Json take_consents(Json& body) {
  if (body.is_null()) return nullptr;
  Json consents = Json::array();
  Json others = Json::array();
  for (Json& entry : body["entries"])
    (entry.value("kind", "") == "consent" ? consents : others).push_back(std::move(entry));
  const bool none_left = others.empty() && !body.contains("left_out");
  body["entries"] = std::move(others);
  if (none_left) body = nullptr;
  return consents.empty() ? Json(nullptr) : Json{{"entries", std::move(consents)}};
}

}  // namespace

Json attachments_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs,
                    const MemberNumbers& numbers, const Circumstances& circumstances) {
  assert(dialogs.size() == interaction.dialogs.size());
  Json list = Json::array();
  if (dialogs.empty()) return list;
  const std::size_t recorder = recorder_party(interaction);
  for (std::size_t i = 0; i < dialogs.size(); ++i) add_gaps(list, {interaction, dialogs[i], numbers, recorder, i});
  if (!list.empty() && circumstances.audit) {
    list.front()["body"]["audit"] = {{"seq", circumstances.audit->seq}, {"hash", circumstances.audit->hash}};
  }
  if (is_pci_suspected(interaction, dialogs)) {
    list.push_back(attachment("pci-suspected", interaction.start, recorder, 0,
                              suspicion_of(interaction, dialogs, circumstances.quarantined)));
  }
  list.push_back(attachment("call-signalling", interaction.start, recorder, 0, signalling_of(interaction)));
  for (const calls::NoteKind kind : calls::kNoteKinds) {
    Json body = notes_of(interaction.notes, kind);
    Json consents = take_consents(body);
    if (!consents.is_null()) list.push_back(attachment("consent", interaction.start, recorder, 0, std::move(consents)));
    if (!body.is_null()) list.push_back(attachment(to_string(kind), interaction.start, recorder, 0, std::move(body)));
  }
  return list;
}

}  // namespace tapestry::vconout
