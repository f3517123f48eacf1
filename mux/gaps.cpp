#include "mux/gaps.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace tapestry::mux {
namespace {

using calls::Gap;
using calls::GapReason;

/// A sender who is away for less is not worth a word.
constexpr Duration kShortestAbsence = std::chrono::milliseconds(500);
/// At the ends of a recording, where nothing but the call's set-up explains silence.
constexpr Duration kShortestEdge = std::chrono::milliseconds(200);

/// A gap before it gets words.
struct Found {
  GapReason reason;
  Interval where;
  std::uint64_t packets = 0;  ///< Loss
  std::string detail;         ///< Codec: its name; OneWay: why
};

/// Which of the plan's gaps.
enum class Planned : std::uint8_t { All, ButHolds, Pauses };

Intervals planned(const calls::RecordingPlan& plan, int channel, Position samples, Rate rate, Planned which) {
  Intervals where;
  for (const Gap& gap : plan.gaps) {
    if (which == Planned::Pauses && gap.reason != GapReason::Pci) continue;
    if (which == Planned::ButHolds && gap.reason == GapReason::Hold) continue;
    if (std::ranges::find(gap.channels, channel) == gap.channels.end()) continue;
    where.push_back({std::max<Position>(0, rate.samples(gap.start - plan.start)),
                     std::min(samples, rate.samples(gap.end - plan.start))});
  }
  normalise(where);
  return where;
}

/// What is missing across a pause was not lost, but for what is missing far beyond its ends; how many packets that were
/// nobody knows.
void find_losses(const Voice& voice, const Intervals& pauses, Position shortest, Rate rate, std::vector<Found>& found) {
  for (const Loss& loss : voice.timeline.losses) {
    if (loss.where.to - loss.where.from <= shortest) continue;
    const bool across = !intersect({loss.where}, pauses).empty();
    for (const Interval& where : subtract(intersect({loss.where}, voice.windows), pauses)) {
      if (across && where.to - where.from <= rate.samples(kShortestEdge)) continue;
      found.push_back({.reason = GapReason::Loss, .where = where, .packets = across ? 0 : loss.packets, .detail = {}});
    }
  }
}

void find_foreign(const Voice& voice, std::vector<Found>& found) {
  for (const ForeignStretch& foreign : voice.timeline.foreign) {
    for (const Interval& where : intersect({foreign.where}, voice.windows)) {
      const Codec& codec = voice.payloads.codec(foreign.codec);
      found.push_back(
          {.reason = codec.sealed ? GapReason::Undecryptable : GapReason::Codec, .where = where, .detail = codec.name});
    }
  }
}

Intervals covered_by(const std::vector<Voice>& voices, Rate rate) {
  Intervals covered;
  for (const Voice& voice : voices) {
    const Intervals here = intersect(voice.timeline.covered, voice.windows);
    covered.insert(covered.end(), here.begin(), here.end());
  }
  normalise(covered, rate.samples(kShortestAbsence));
  return covered;
}

GapReason absence(const Interval& where, Position samples) noexcept {
  if (where.from == 0) return GapReason::LateStart;
  return where.to == samples ? GapReason::EarlyEnd : GapReason::Inactive;
}

/// Whether a short one of the kind is told as well.
bool counts_when_short(GapReason reason, const Intervals& plan) noexcept {
  const bool whole = reason == GapReason::OneWay || reason == GapReason::NoMedia;
  return reason == GapReason::Loss || reason == GapReason::Codec || reason == GapReason::Undecryptable ||
         (whole && plan.empty());
}

/// Cuts `all` down to what the plan leaves open. A hold explains that somebody is not there, not what is wrong with who
/// is.
std::vector<Found> clip(const std::vector<Found>& all, const Intervals& plan, const Intervals& but_holds, Rate rate) {
  std::vector<Found> left;
  for (const Found& one : all) {
    const bool scraps = counts_when_short(one.reason, plan);
    const bool edge = one.reason == GapReason::LateStart || one.reason == GapReason::EarlyEnd;
    const bool there =
        one.reason == GapReason::Loss || one.reason == GapReason::Codec || one.reason == GapReason::Undecryptable;
    const Position shortest = rate.samples(edge ? kShortestEdge : kShortestAbsence);
    for (const Interval& where : subtract({one.where}, there ? but_holds : plan)) {
      if (!scraps && where.to - where.from <= shortest) continue;
      left.push_back(one);
      left.back().where = where;
    }
  }
  return left;
}

std::vector<Found> find_in_channel(const std::vector<Voice>& voices, const Intervals& covered, const Intervals& pauses,
                                   Position samples, Position shortest_loss, Rate rate) {
  std::vector<Found> found;
  for (const Voice& voice : voices) {
    find_losses(voice, pauses, shortest_loss, rate, found);
    find_foreign(voice, found);
  }
  for (const Interval& where : subtract({{0, samples}}, covered)) {
    found.push_back({.reason = absence(where, samples), .where = where, .detail = {}});
  }
  return found;
}

/// Joins gaps of one reason and detail that have `distance` samples or fewer between them.
void join(std::vector<Found>& gaps, Position distance) {
  std::map<std::pair<GapReason, std::string>, std::size_t> last;
  std::ranges::sort(gaps, {},
                    [](const Found& gap) { return std::tie(gap.where.from, gap.where.to, gap.reason, gap.detail); });
  std::vector<Found> joined;
  for (Found& gap : gaps) {
    const auto [entry, fresh] = last.try_emplace({gap.reason, gap.detail}, joined.size());
    if (!fresh && gap.where.from <= joined[entry->second].where.to + distance) {
      Found& into = joined[entry->second];
      into.where.to = std::max(into.where.to, gap.where.to);
      into.packets += gap.packets;
      continue;
    }
    entry->second = joined.size();
    joined.push_back(std::move(gap));
  }
  gaps = std::move(joined);
}

/// Whether a hold of either end explains that a sender stopped: nine tenths of the stretch lie in one.
bool inside_hold(const calls::RecordingPlan& plan, const Interval& where, Rate rate) {
  return std::ranges::any_of(plan.gaps, [&](const Gap& gap) {
    if (gap.reason != GapReason::Hold) return false;
    const Position from = std::max(where.from, rate.samples(gap.start - plan.start));
    const Position to = std::min(where.to, rate.samples(gap.end - plan.start));
    return (to - from) * 10 >= (where.to - where.from) * 9;
  });
}

std::string to_text(std::uint64_t packets) { return std::to_string(packets) + (packets == 1 ? " packet" : " packets"); }

/// Makes one gap of a side that as good as never is heard.
void explain_one_way(const calls::RecordingPlan& plan, bool covered, Position samples, std::vector<Found>& found) {
  if (!covered) {
    found = {{.reason = GapReason::OneWay,
              .where = {0, samples},
              .detail = plan.drops_touched ? "dropped by the recorder" : "never arrived"}};
    return;
  }
  Found lost{.reason = GapReason::OneWay, .where = {0, samples}, .detail = {}};
  Position missing = 0;
  for (const Found& one : found) {
    if (one.reason != GapReason::Loss) continue;
    missing += one.where.to - one.where.from;
    lost.packets += one.packets;
  }
  if (missing < samples / 10 * 9) return;
  lost.detail = "lost on the way, " + to_text(lost.packets);
  found = {std::move(lost)};
}

/// What is missing while capture lost packets (a gap on no channel says when) was not lost on the way.
void blame_drops(const calls::RecordingPlan& plan, Rate rate, std::vector<Found>& found) {
  for (Found& one : found) {
    if (one.reason != GapReason::Loss) continue;
    const bool dropped = std::ranges::any_of(plan.gaps, [&](const Gap& gap) {
      return gap.reason == GapReason::Drop && gap.channels.empty() &&
             one.where.from < rate.samples(gap.end - plan.start) && one.where.to > rate.samples(gap.start - plan.start);
    });
    if (!dropped) continue;
    one.reason = GapReason::Drop;
    one.detail = to_text(one.packets) + " dropped by the recorder";
  }
}

std::string detail_of(const Found& found) {
  return found.reason == GapReason::Loss && found.packets > 0 ? to_text(found.packets) : found.detail;
}

Gap to_gap(const Found& found, Time start, Rate rate, std::vector<int> channels) {
  return {.reason = found.reason,
          .start = start + rate.duration(found.where.from),
          .end = start + rate.duration(found.where.to),
          .channels = std::move(channels),
          .detail = detail_of(found)};
}

}  // namespace

Intervals silenced(const calls::RecordingPlan& plan, int channel, Position samples, Rate rate) {
  return planned(plan, channel, samples, rate, Planned::Pauses);
}

std::vector<Gap> find_gaps(const calls::RecordingPlan& plan, const std::array<std::vector<Voice>, 2>& channels,
                           Position samples, Rate rate, Duration shortest_loss) {
  std::vector<Gap> gaps = plan.gaps;
  if (samples == 0) return gaps;
  const std::array covered{covered_by(channels[0], rate), covered_by(channels[1], rate)};
  const bool no_media = covered[0].empty() && covered[1].empty();
  std::array<std::vector<Found>, 2> found;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const auto channel = static_cast<int>(c);
    found[c] = find_in_channel(channels[c], covered[c], silenced(plan, channel, samples, rate), samples,
                               rate.samples(shortest_loss), rate);
    if (!covered[1 - c].empty()) explain_one_way(plan, !covered[c].empty(), samples, found[c]);
    if (no_media) found[c] = {{.reason = GapReason::NoMedia, .where = {0, samples}, .detail = {}}};
    found[c] = clip(found[c], planned(plan, channel, samples, rate, Planned::All),
                    planned(plan, channel, samples, rate, Planned::ButHolds), rate);
    for (Found& one : found[c]) {
      if (one.reason == GapReason::Inactive && inside_hold(plan, one.where, rate)) one.reason = GapReason::Hold;
    }
    join(found[c], 0);
    blame_drops(plan, rate, found[c]);
  }
  for (Position distance = rate.hz; found[0].size() + found[1].size() > kMaxGaps; distance *= 2) {
    for (auto& one : found) join(one, distance);
  }
  const auto same = [](const Found& left, const Found& right) {
    return left.reason == right.reason && left.where == right.where;
  };
  const bool both = no_media && std::ranges::equal(found[0], found[1], same);
  for (std::size_t c = 0; c < (both ? 1U : channels.size()); ++c) {
    for (const Found& one : found[c]) {
      gaps.push_back(to_gap(one, plan.start, rate, both ? std::vector{0, 1} : std::vector{static_cast<int>(c)}));
    }
  }
  std::ranges::sort(gaps, {}, [](const Gap& gap) { return std::tie(gap.start, gap.channels, gap.reason, gap.end); });
  return gaps;
}

}  // namespace tapestry::mux
