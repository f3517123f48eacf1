#include "app/report.h"

#include <algorithm>
#include <tuple>

#include "vconout/suspicion.h"

namespace tapestry::app {
namespace {

void merge_codecs(std::string& known, const std::string& more) {
  if (more.empty() || known.find(more) != std::string::npos) return;
  known = known.empty() ? more : known + ", " + more;
}

void merge(calls::StreamReport& known, const calls::StreamReport& more) {
  merge_codecs(known.codec, more.codec);
  known.stats.packets += more.stats.packets;
  known.stats.duplicates += more.stats.duplicates;
  known.stats.reordered += more.stats.reordered;
  known.stats.expected += more.stats.expected;
  known.stats.bytes += more.stats.bytes;
  known.stats.first = std::min(known.stats.first, more.stats.first);
  known.stats.last = std::max(known.stats.last, more.stats.last);
  if (more.use == calls::Use::Recording || known.use == calls::Use::Unassigned) known.use = more.use;
}

std::string label_at(const calls::Interaction& interaction, std::size_t index) {
  return index < interaction.parties.size() ? party_label(interaction.parties[index]) : "anonymous";
}

std::string type_of(calls::DialogKind kind) {
  switch (kind) {
    case calls::DialogKind::Recording:
      return "recording";
    case calls::DialogKind::Transfer:
      return "transfer";
    case calls::DialogKind::Incomplete:
      break;
  }
  return "incomplete";
}

DialogReport describe_dialog(const calls::Interaction& interaction, const calls::DialogPlan& plan) {
  DialogReport report;
  report.type = type_of(plan.kind);
  if (plan.transfer) {
    report.transferor = label_at(interaction, plan.transfer->transferor);
    report.transferee = label_at(interaction, plan.transfer->transferee);
    report.transfer_target = label_at(interaction, plan.transfer->transfer_target);
  } else {
    report.agent = label_at(interaction, plan.agent);
  }
  report.start = plan.recording.empty() ? plan.start : plan.recording.front().start;
  report.duration = (plan.recording.empty() ? plan.end : plan.recording.front().end) - report.start;
  report.disposition = plan.disposition;
  report.gaps = plan.gaps;
  return report;
}

/// Who called, and whom: the agents whose recordings there are, else who was called first.
void describe_ends(const calls::Interaction& interaction, ConversationReport& report) {
  const auto told =
      std::ranges::find_if(interaction.dialogs, [](const auto& plan) { return !plan.channel_parties.empty(); });
  if (told == interaction.dialogs.end()) return;
  const calls::DialogPlan& first = *told;
  std::vector<std::size_t> all;
  for (const auto& channel : first.channel_parties) all.insert(all.end(), channel.begin(), channel.end());
  if (all.empty()) return;
  const std::size_t from = first.originator.value_or(all.front());
  report.from = label_at(interaction, from);
  std::vector<std::size_t> called;
  for (const calls::DialogPlan& plan : interaction.dialogs) {
    const bool served = plan.kind == calls::DialogKind::Recording && plan.agent != from && !plan.recording.empty();
    if (served && std::ranges::find(called, plan.agent) == called.end()) called.push_back(plan.agent);
  }
  if (called.empty()) {
    const auto other = std::ranges::find_if(all, [from](std::size_t party) { return party != from; });
    if (other != all.end()) called.push_back(*other);
  }
  for (const std::size_t party : called) report.to += (report.to.empty() ? "" : ", ") + label_at(interaction, party);
}

}  // namespace

std::string party_label(const calls::Party& party) {
  if (!party.uri.empty()) return party.uri;
  return party.name.empty() ? "anonymous" : party.name;
}

void set_uuid(ConversationReport& report, const std::string& uuid) {
  report.uuid = uuid;
  if (report.interaction_id.empty()) report.interaction_id = uuid;
}

ConversationReport describe(const calls::Interaction& interaction) {
  ConversationReport report;
  report.interaction_id = interaction.fields.interaction_id;
  report.number = interaction.number;
  report.start = interaction.start;
  report.duration = interaction.end - interaction.start;
  report.parties = interaction.parties;
  for (const calls::DialogSummary& dialog : interaction.signalling) {
    if (std::find(report.call_ids.begin(), report.call_ids.end(), dialog.call_id) == report.call_ids.end()) {
      report.call_ids.push_back(dialog.call_id);
    }
  }
  for (const calls::DialogPlan& plan : interaction.dialogs) {
    report.dialogs.push_back(describe_dialog(interaction, plan));
  }
  report.disposition = interaction.disposition;
  report.pci_suspected = vconout::is_pci_suspected(interaction);
  describe_ends(interaction, report);
  return report;
}

void StreamTable::add(const calls::StreamReport& report) {
  const auto [entry, fresh] = streams_.try_emplace(report.key, report);
  if (!fresh) merge(entry->second, report);
}

std::vector<calls::StreamReport> StreamTable::sorted() const {
  std::vector<calls::StreamReport> streams;
  streams.reserve(streams_.size());
  for (const auto& [key, report] : streams_) streams.push_back(report);
  std::sort(streams.begin(), streams.end(), [](const auto& a, const auto& b) {
    return std::tie(a.stats.first, a.key) < std::tie(b.stats.first, b.key);
  });
  return streams;
}

}  // namespace tapestry::app
