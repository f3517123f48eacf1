#include "app/report.h"

#include <algorithm>
#include <tuple>

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

DialogReport describe_dialog(const calls::Interaction& interaction, const calls::DialogPlan& plan) {
  DialogReport report;
  report.type = plan.kind == calls::DialogKind::Recording ? "recording" : "incomplete";
  report.agent = label_at(interaction, plan.agent);
  report.start = plan.recording.empty() ? plan.start : plan.recording.front().start;
  report.duration = (plan.recording.empty() ? plan.end : plan.recording.front().end) - report.start;
  report.disposition = plan.disposition;
  report.gaps = plan.gaps;
  return report;
}

void describe_ends(const calls::Interaction& interaction, ConversationReport& report) {
  if (interaction.dialogs.empty() || interaction.dialogs.front().channel_parties.empty()) return;
  const calls::DialogPlan& plan = interaction.dialogs.front();
  const std::size_t from = plan.originator.value_or(plan.channel_parties.front());
  report.from = label_at(interaction, from);
  for (const std::size_t party : plan.channel_parties) {
    if (party != from && report.to.empty()) report.to = label_at(interaction, party);
  }
}

}  // namespace

std::string party_label(const calls::Party& party) {
  if (!party.uri.empty()) return party.uri;
  return party.name.empty() ? "anonymous" : party.name;
}

ConversationReport describe(const calls::Interaction& interaction) {
  ConversationReport report;
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
