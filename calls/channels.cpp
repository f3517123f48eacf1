#include "calls/channels.h"

#include <algorithm>

#include "calls/payloads.h"

namespace tapestry::calls {
namespace {

/// A stretch not covered by a better track must be at least this long to be worth taking from another.
constexpr Duration kWorthTaking = std::chrono::seconds(1);

constexpr Duration kMargin = std::chrono::seconds(1);

struct Chosen {
  std::size_t track;
  std::vector<Window> when;
  LineSet lines;
};

/// A track that may be chosen, and the audio lines that its endpoints stand on.
struct Offered {
  const OpenTrack& open;
  LineSet lines;
};

LineSet lines_at(const Call& call, Side side, const Endpoint& endpoint) {
  LineSet lines;
  for (const MediaClaim& claim : call.claims) {
    if (claim.side == side && claim.endpoint == endpoint && claim.media == "audio") lines |= claim.lines;
  }
  return lines;
}

/// Of both ends where both are named: one port may stand on several lines. None: nobody knows.
LineSet lines_of(const Call& call, const Track& track) {
  const LineSet from = lines_at(call, track.sender, track.flow.source);
  const LineSet to = lines_at(call, other(track.sender), track.flow.destination);
  return from.none() ? to : to.none() ? from : from & to;
}

/// Both are heard: they are of two lines, and not one host's to two others.
bool beside(const Call& call, const Chosen& one, const Offered& another) {
  if (one.lines.none() || another.lines.none() || (one.lines & another.lines).any()) return false;
  const rtp::FlowKey& a = call.tracks[one.track].track.flow;
  const rtp::FlowKey& b = another.open.track.flow;
  return a.source.ip != b.source.ip || a.destination.ip == b.destination.ip;
}

/// Lower is nearer to the sender: the caller's hops count from the first INVITE on, the callee's from the last one
/// back.
std::size_t distance(const OpenTrack& track, Side sender, std::size_t hops) {
  return sender == Side::Caller ? track.hop : hops - std::min(hops, track.hop);
}

bool same_route(const OpenTrack& a, const OpenTrack& b) {
  return a.track.flow.source == b.track.flow.source && a.track.flow.destination == b.track.flow.destination;
}

Use why_not(const OpenTrack& loser, const OpenTrack& winner) {
  const bool copy = loser.hop != winner.hop || loser.track.flow.ssrc == winner.track.flow.ssrc;
  return copy ? Use::SecondHop : Use::OtherSource;
}

/// What of the windows lies outside of another, where it is worth taking.
std::vector<Window> cut(const std::vector<Window>& windows, const Window& out) {
  std::vector<Window> left;
  for (const Window& part : windows) {
    if (out.end <= part.start || out.start >= part.end) {
      left.push_back(part);
      continue;
    }
    if (out.start - part.start >= kWorthTaking) left.push_back({part.start, out.start});
    if (part.end - out.end >= kWorthTaking) left.push_back({out.end, part.end});
  }
  return left;
}

/// What of the windows no better track on another route covers.
std::vector<Window> uncovered(const Call& call, const std::vector<Chosen>& chosen, const Offered& track, Lines lines,
                              std::vector<Window> windows) {
  for (const Chosen& better : chosen) {
    if (same_route(call.tracks[better.track], track.open)) continue;
    if (lines == Lines::Sum && beside(call, better, track)) continue;
    for (const Window& covered : better.when) windows = cut(windows, covered);
  }
  return windows;
}

/// Without the times in which its line alone was held: where a call has one line, all of it is.
std::vector<Window> unheld(const Call& call, const LineSet& lines, const Window& window) {
  std::vector<Window> left{window};
  LineSet all;
  for (const LineHold& hold : call.line_holds) all.set(hold.line);
  if (all.count() < 2 || lines.count() != 1) return left;
  for (const LineHold& hold : call.line_holds) {
    if (!lines.test(hold.line)) continue;
    for (const Window& held : hold.held.inside(window)) left = cut(left, held);
  }
  return left;
}

/// How surely a track is heard; less is surer. Keys may be the wrong ones, and decryption costs time.
int doubt(const Track& track) {
  if (use_when_heard(track) != Use::Recording) return 4;
  if (track.encryption.empty()) return 0;
  if (track.srtp_keys.empty()) return 3;
  return track.guessed_keys ? 2 : 1;
}

/// A copy that is surely heard comes before one that is not (encrypted on this hop, or another codec), however near.
bool preferred(const Call& call, std::span<const Track> tracks, std::size_t a, std::size_t b, Side sender) {
  const OpenTrack& x = call.tracks[a];
  const OpenTrack& y = call.tracks[b];
  const int ux = doubt(tracks[a]);
  const int uy = doubt(tracks[b]);
  if (ux != uy) return ux < uy;
  const std::size_t dx = distance(x, sender, call.hops.size());
  const std::size_t dy = distance(y, sender, call.hops.size());
  if (dx != dy) return dx < dy;
  const int mx = int{x.source_matched} + int{x.destination_matched};
  const int my = int{y.source_matched} + int{y.destination_matched};
  if (mx != my) return mx > my;
  if (x.track.stats.packets != y.track.stats.packets) return x.track.stats.packets > y.track.stats.packets;
  return a < b;
}

}  // namespace

Use use_when_heard(const Track& track) {
  if (!track.encryption.empty() && track.srtp_keys.empty() && track.in_clear.empty()) return Use::Undecryptable;
  const auto& names = track.codecs;
  const bool heard = std::any_of(names.begin(), names.end(), is_audible);
  return heard || names.empty() ? Use::Recording : Use::Codec;
}

namespace {

/// The tracks that are inside the window, the best first.
std::vector<std::size_t> candidates(const Call& call, std::span<Track> tracks, Side sender, const Window& window) {
  std::vector<std::size_t> order;
  for (std::size_t n = 0; n < tracks.size(); ++n) {
    Track& track = tracks[n];
    if (track.sender != sender || track.media != "audio") continue;
    if (track.stats.last < window.start) {
      track.use = Use::EarlyMedia;
    } else if (track.stats.first > window.end) {
      track.use = Use::AfterEnd;
    } else {
      order.push_back(n);
    }
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return preferred(call, tracks, a, b, sender); });
  return order;
}

}  // namespace

std::vector<TrackSpan> plan_channel(const Call& call, std::span<Track> tracks, Side sender, const Window& window,
                                    Lines lines) {
  std::vector<Chosen> chosen;
  std::vector<TrackSpan> spans;
  for (const std::size_t n : candidates(call, tracks, sender, window)) {
    const OpenTrack& open = call.tracks[n];
    const LineSet own = lines_of(call, open.track);
    const Window whole{std::max(window.start, open.track.stats.first), std::min(window.end, open.track.stats.last)};
    const std::vector<Window> there = unheld(call, own, whole);
    const std::vector<Window> parts = uncovered(call, chosen, {open, own}, lines, there);
    if (parts.empty()) {
      const auto winner = std::find_if(chosen.begin(), chosen.end(),
                                       [&](const Chosen& c) { return !same_route(call.tracks[c.track], open); });
      tracks[n].use = winner == chosen.end() ? Use::OtherSource : why_not(open, call.tracks[winner->track]);
      continue;
    }
    // A packet's audio reaches past its arrival, and late packets pull the start back: widen where nothing else is
    // near.
    for (const Window& part : parts) {
      spans.push_back({n, part.start == whole.start ? std::max(window.start, part.start - kMargin) : part.start,
                       part.end == whole.end ? std::min(window.end, part.end + kMargin) : part.end});
    }
    tracks[n].use = use_when_heard(tracks[n]);
    chosen.push_back({n, there, own});
  }
  std::sort(spans.begin(), spans.end(), [](const TrackSpan& a, const TrackSpan& b) { return a.from < b.from; });
  return spans;
}

}  // namespace tapestry::calls
