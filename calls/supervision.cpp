#include "calls/supervision.h"

#include <algorithm>
#include <tuple>

#include "calls/presence.h"

namespace tapestry::calls {
namespace {

constexpr std::array kSides{Side::Caller, Side::Callee};

/// What of the windows lies in another.
std::vector<Window> inside(const std::vector<Window>& windows, const Window& other) {
  std::vector<Window> parts;
  for (const Window& one : windows) {
    const Window part = common(one, other);
    if (part.start < part.end) parts.push_back(part);
  }
  return parts;
}

std::vector<Window> outside(std::vector<Window> windows, const std::vector<Window>& others) {
  for (const Window& other : others) {
    std::vector<Window> left;
    for (const Window& one : windows) {
      if (one.start < std::min(one.end, other.start)) left.push_back({one.start, std::min(one.end, other.start)});
      if (std::max(one.start, other.end) < one.end) left.push_back({std::max(one.start, other.end), one.end});
    }
    windows = std::move(left);
  }
  return windows;
}

/// Makes one of stretches that overlap or touch.
std::vector<Window> united(std::vector<Window> windows) {
  std::ranges::sort(windows, {}, [](const Window& one) { return std::tie(one.start, one.end); });
  std::vector<Window> merged;
  for (const Window& one : windows) {
    if (merged.empty() || one.start > merged.back().end) {
      merged.push_back(one);
    } else {
      merged.back().end = std::max(merged.back().end, one.end);
    }
  }
  return merged;
}

struct Judge {
  const std::vector<Leg>& legs;
  const std::vector<Track>& tracks;
  const std::vector<Party>& parties;
  const std::vector<Hearing>& hearings;
  std::vector<Supervision> found{};

  void run() {
    const std::vector<Window> served = served_times();
    for (std::size_t n = 0; n < legs.size(); ++n) {
      for (const Side side : kSides) {
        if (!legs[n].answer || !is(legs[n], side, Role::Supervisor) || is_with_customer(n, side)) continue;
        judge(legs[n], side, inside(served, legs[n].answer->window));
      }
    }
    std::ranges::sort(found, {}, [](const Supervision& one) { return std::tie(one.from, one.call_id, one.to); });
  }

 private:
  [[nodiscard]] bool is(const Leg& leg, Side side, Role role) const {
    const std::size_t party = leg.party[index_of(side)];
    return party != kNoParty && parties[party].role == role;
  }

  /// The supervisor serves the customer alone.
  [[nodiscard]] bool is_with_customer(std::size_t leg, Side side) const {
    return is(legs[leg], other(side), Role::Customer);
  }

  /// When the customer was up with somebody and not held.
  [[nodiscard]] std::vector<Window> served_times() const {
    std::vector<Window> times;
    for (const Leg& leg : legs) {
      if (!leg.answer || (!is(leg, Side::Caller, Role::Customer) && !is(leg, Side::Callee, Role::Customer))) continue;
      std::vector<Window> own{leg.answer->window};
      for (const Side side : kSides) own = outside(own, holds_of(*leg.call, side, leg.answer->window));
      for (const Leg& another : legs) own = outside(own, holds_behind(leg, another));
      times.insert(times.end(), own.begin(), own.end());
    }
    return united(std::move(times));
  }

  /// Holds on a leg that a host connects the customer's with.
  [[nodiscard]] std::vector<Window> holds_behind(const Leg& customer, const Leg& another) const {
    std::vector<Window> holds;
    const auto index = static_cast<std::size_t>(&another - legs.data());
    for (const Side side : kSides) {
      const auto& bridged = customer.bridged[index_of(side)];
      if (std::ranges::find(bridged, index) == bridged.end() || !another.answer) continue;
      for (const Side holder : kSides) {
        const auto more = holds_of(*another.call, holder, another.answer->window);
        holds.insert(holds.end(), more.begin(), more.end());
      }
    }
    return holds;
  }

  [[nodiscard]] const Track* track_of(TrackId id) const {
    const auto track = std::ranges::find(tracks, id, &Track::id);
    return track == tracks.end() ? nullptr : &*track;
  }

  /// Whether a stream goes to the customer; or, `nearest` being false, whether it is what somebody sends who is with
  /// the customer by a host between them.
  [[nodiscard]] bool reaches_customer(TrackId id, bool nearest) const {
    for (std::size_t n = 0; n < legs.size(); ++n) {
      const Leg& leg = legs[n];
      for (std::size_t t = leg.first_track; t < leg.first_track + leg.call->tracks.size(); ++t) {
        if (tracks[t].id != id) continue;
        const Side far = other(tracks[t].sender);
        if (nearest) return is(leg, far, Role::Customer);
        return std::ranges::any_of(behind(legs, n, far),
                                   [this](const Presence& one) { return parties[one.party].role == Role::Customer; });
      }
    }
    return false;
  }

  struct Times {
    Duration heard{};
    Duration unheard{};
  };

  [[nodiscard]] Times times_in(const Leg& leg, Side side, const Window& window, bool nearest) const {
    Times times;
    for (const Hearing& one : hearings) {
      const Track* speaker = track_of(one.speaker);
      const Window both = common({one.from, one.to}, window);
      if (speaker == nullptr || speaker->sender != side || both.start >= both.end) continue;
      const auto own =
          std::ranges::find(leg.call->tracks, one.speaker, [](const OpenTrack& open) { return open.track.id; });
      if (own == leg.call->tracks.end() || !reaches_customer(one.stream, nearest)) continue;
      (one.heard ? times.heard : times.unheard) += both.end - both.start;
    }
    return times;
  }

  [[nodiscard]] bool sends(const Leg& leg, Side side, const Window& window) const {
    return std::ranges::any_of(leg.call->tracks, [&](const OpenTrack& open) {
      const Track& track = open.track;
      return track.sender == side && track.media == "audio" && track.stats.first < window.end &&
             window.start < track.stats.last;
    });
  }

  void judge(const Leg& leg, Side side, const std::vector<Window>& times) {
    const auto add = [&](SupervisionKind kind, const Window& when, std::string evidence) {
      found.push_back({.party = leg.party[index_of(side)],
                       .kind = kind,
                       .from = when.start,
                       .to = when.end,
                       .call_id = leg.call->call_id,
                       .evidence = std::move(evidence)});
    };
    const std::vector<Window> muted = leg.call->mutes[index_of(side)].inside(leg.answer->window);
    for (const Window& time : times) {
      for (const Window& part : inside(muted, time)) add(SupervisionKind::Monitor, part, "recvonly");
      for (const Window& part : outside({time}, muted)) {
        if (!sends(leg, side, part)) {
          add(SupervisionKind::Monitor, part, "sends no media");
          continue;
        }
        Times voice = times_in(leg, side, part, true);
        if (voice.heard + voice.unheard == Duration(0)) voice = times_in(leg, side, part, false);
        if (voice.heard + voice.unheard == Duration(0)) {
          add(SupervisionKind::BargeIn, part, "may be heard; media does not tell by whom");
        } else if (voice.heard * 2 > voice.unheard) {
          add(SupervisionKind::BargeIn, part, "the customer got what the supervisor said");
        } else {
          add(SupervisionKind::Whisper, part, "nothing of what the supervisor said went to the customer");
        }
      }
    }
  }
};

}  // namespace

std::vector<Supervision> supervision_of(const std::vector<Leg>& legs, const std::vector<Track>& tracks,
                                        const std::vector<Party>& parties, const std::vector<Hearing>& hearings) {
  Judge judge{legs, tracks, parties, hearings};
  judge.run();
  return std::move(judge.found);
}

std::vector<Window> whispers_of(const std::vector<Supervision>& supervision, const std::string& call_id) {
  std::vector<Window> windows;
  for (const Supervision& one : supervision) {
    if (one.kind == SupervisionKind::Whisper && one.call_id == call_id) windows.push_back({one.from, one.to});
  }
  return windows;
}

}  // namespace tapestry::calls
