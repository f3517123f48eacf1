#include "vconout/per_agent.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace tapestry::vconout {
namespace {

using calls::DialogKind;
using calls::DialogPlan;
using calls::Interaction;

bool names(const DialogPlan& plan, std::size_t party) {
  return std::ranges::any_of(plan.channel_parties, [party](const auto& channel) {
    return std::ranges::find(channel, party) != channel.end();
  });
}

/// Those that its recording is made of.
std::set<std::size_t> tracks_of(const DialogPlan& plan) {
  std::set<std::size_t> tracks;
  for (const calls::RecordingPlan& recording : plan.recording) {
    for (const calls::ChannelPlan& channel : recording.channels) {
      for (const calls::TrackSpan& span : channel.spans) tracks.insert(span.track);
    }
  }
  return tracks;
}

/// In order of their first recording.
std::vector<std::size_t> recorded_agents(const Interaction& whole) {
  std::vector<std::size_t> agents;
  for (const DialogPlan& plan : whole.dialogs) {
    if (plan.recording.empty() || std::ranges::find(agents, plan.agent) != agents.end()) continue;
    agents.push_back(plan.agent);
  }
  return agents;
}

/// One agent's part under construction.
class Part {
 public:
  Part(const Interaction& whole, const std::vector<std::size_t>& agents, std::size_t agent)
      : whole_(whole), agents_(agents), agent_(agent) {}

  Interaction make() {
    part_ = whole_;
    keep_dialogs();
    keep_tracks();
    keep_signalling();
    std::erase_if(part_.texts.list, [this](const calls::TextMessage& text) { return !is_heard(text); });
    keep_parties();
    return std::move(part_);
  }

 private:
  [[nodiscard]] bool is_other_agent(std::size_t party) const {
    return party != agent_ && std::ranges::find(agents_, party) != agents_.end();
  }

  /// The agent's own, or nobody's in particular and the first part is made.
  [[nodiscard]] bool is_own(const DialogPlan& plan) const {
    if (plan.kind == DialogKind::Recording) {
      const bool somebodys = std::ranges::find(agents_, plan.agent) != agents_.end();
      return plan.agent == agent_ || (!somebodys && names(plan, agent_));
    }
    if (plan.kind == DialogKind::Transfer) return false;
    if (names(plan, agent_)) return true;
    return agent_ == agents_.front() &&
           std::ranges::none_of(agents_, [&plan](std::size_t party) { return names(plan, party); });
  }

  [[nodiscard]] bool concerns(const calls::TransferPlan& transfer) const {
    if (transfer.transferee == agent_ || transfer.transferor == agent_ || transfer.transfer_target == agent_)
      return true;
    return std::ranges::any_of(std::array{transfer.original, transfer.consultation, transfer.target_dialog},
                               [this](const auto& dialog) { return dialog && is_own(whole_.dialogs[*dialog]); });
  }

  void keep_dialogs() {
    std::set<std::size_t> kept;
    for (std::size_t n = 0; n < whole_.dialogs.size(); ++n) {
      const DialogPlan& plan = whole_.dialogs[n];
      if (is_own(plan)) kept.insert(n);
      if (!plan.transfer || !concerns(*plan.transfer)) continue;
      kept.insert(n);
      for (const auto& named : {plan.transfer->original, plan.transfer->consultation, plan.transfer->target_dialog}) {
        if (named) kept.insert(*named);
      }
    }
    part_.dialogs.clear();
    std::map<std::size_t, std::size_t> moved;
    for (const std::size_t n : kept) {
      moved.emplace(n, part_.dialogs.size());
      const DialogPlan& plan = whole_.dialogs[n];
      part_.dialogs.push_back(plan.transfer || is_own(plan) ? plan : placeholder(plan));
    }
    for (DialogPlan& plan : part_.dialogs) {
      if (!plan.transfer) continue;
      for (auto* named : {&plan.transfer->original, &plan.transfer->consultation, &plan.transfer->target_dialog}) {
        if (*named) *named = moved.at(**named);
      }
    }
  }

  /// That it was, and when; not with whom.
  [[nodiscard]] DialogPlan placeholder(const DialogPlan& plan) const {
    DialogPlan made;
    made.kind = DialogKind::Recording;
    made.start = plan.start;
    made.end = std::max(plan.start, plan.end);
    made.agent = agent_;
    if (made.start < made.end)
      made.gaps.push_back({calls::GapReason::NotRecorded, made.start, made.end, {}, "in another agent's vCon"});
    return made;
  }

  void keep_tracks() {
    std::set<std::size_t> others;
    std::set<std::size_t> own;
    for (const DialogPlan& plan : whole_.dialogs) {
      for (const std::size_t track : tracks_of(plan)) (plan.agent == agent_ ? own : others).insert(track);
    }
    std::map<std::size_t, std::size_t> moved;
    part_.tracks.clear();
    for (std::size_t n = 0; n < whole_.tracks.size(); ++n) {
      if (others.contains(n) && !own.contains(n)) continue;
      moved.emplace(n, part_.tracks.size());
      part_.tracks.push_back(whole_.tracks[n]);
    }
    for (DialogPlan& plan : part_.dialogs) {
      for (calls::RecordingPlan& recording : plan.recording) {
        for (calls::ChannelPlan& channel : recording.channels) {
          for (calls::TrackSpan& span : channel.spans) span.track = moved.at(span.track);
        }
      }
    }
  }

  void keep_signalling() {
    const auto foreign = [this](const calls::DialogSummary& dialog) {
      const auto& ends = dialog.parties;
      return std::ranges::find(ends, agent_) == ends.end() &&
             std::ranges::any_of(ends, [this](std::size_t party) { return is_other_agent(party); });
    };
    std::erase_if(part_.signalling, foreign);
    std::set<std::string_view> calls;
    for (const calls::DialogSummary& dialog : part_.signalling) calls.insert(dialog.call_id);
    std::erase_if(part_.notes.list, [&](const calls::Note& note) { return !calls.contains(note.call_id); });
    std::erase_if(part_.supervision, [&](const calls::Supervision& one) { return !calls.contains(one.call_id); });
    std::erase_if(part_.links, [&](const calls::Link& link) {
      return !calls.contains(link.call_id) && !calls.contains(link.other_call_id);
    });
  }

  /// A text is the agent's who sent it, or of whoever was there then.
  [[nodiscard]] bool is_heard(const calls::TextMessage& text) const {
    if (text.party == agent_) return true;
    if (is_other_agent(text.party)) return false;
    return std::ranges::any_of(part_.dialogs, [&](const DialogPlan& plan) {
      return plan.agent == agent_ && !plan.recording.empty() && plan.start <= text.time && text.time <= plan.end;
    });
  }

  template <class Visit>
  void visit_parties(const Visit& visit) {
    for (DialogPlan& plan : part_.dialogs) {
      for (auto& channel : plan.channel_parties) std::ranges::for_each(channel, visit);
      if (plan.originator) visit(*plan.originator);
      visit(plan.agent);
      for (calls::PartyEvent& event : plan.history) visit(event.party);
      if (!plan.transfer) continue;
      for (auto* party : {&plan.transfer->transferee, &plan.transfer->transferor, &plan.transfer->transfer_target})
        visit(*party);
    }
    for (calls::TextMessage& text : part_.texts.list) visit(text.party);
    for (calls::Supervision& one : part_.supervision) visit(one.party);
  }

  void keep_parties() {
    std::set<std::size_t> kept{agent_};
    for (DialogPlan& plan : part_.dialogs) {
      if (plan.kind != DialogKind::Recording) plan.agent = agent_;
    }
    visit_parties([&kept](std::size_t& party) { kept.insert(party); });
    std::map<std::size_t, std::size_t> moved;
    part_.parties.clear();
    for (const std::size_t party : kept) {
      moved.emplace(party, part_.parties.size());
      part_.parties.push_back(whole_.parties[party]);
    }
    visit_parties([&moved](std::size_t& party) { party = moved.at(party); });
    const auto gone = [&moved](std::size_t party) { return !moved.contains(party); };
    std::erase_if(part_.sessions, [&](const calls::PartySession& session) { return gone(session.party); });
    for (calls::PartySession& session : part_.sessions) session.party = moved.at(session.party);
    for (calls::DialogSummary& dialog : part_.signalling) {
      std::erase_if(dialog.parties, gone);
      for (std::size_t& party : dialog.parties) party = moved.at(party);
    }
  }

  const Interaction& whole_;
  const std::vector<std::size_t>& agents_;
  std::size_t agent_;
  Interaction part_;
};

std::string label_of(const calls::Party& party) { return party.uri.empty() ? party.name : party.uri; }

}  // namespace

std::vector<AgentPart> per_agent(Interaction&& whole) {
  std::vector<AgentPart> parts;
  const std::vector<std::size_t> agents = recorded_agents(whole);
  if (agents.size() < 2) {
    const std::string agent = agents.empty() ? "" : label_of(whole.parties[agents.front()]);
    parts.push_back({agent, std::move(whole)});
    return parts;
  }
  std::map<std::string, int> used;
  for (const std::size_t agent : agents) {
    std::string label = label_of(whole.parties[agent]);
    if (const int again = used[label]++; again > 0) label += fmt::format("~{}", again + 1);
    parts.push_back({std::move(label), Part(whole, agents, agent).make()});
  }
  return parts;
}

}  // namespace tapestry::vconout
