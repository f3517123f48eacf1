#include "calls/media.h"

#include <algorithm>

#include "calls/encryption.h"
#include "calls/media_match.h"
#include "calls/payloads.h"

namespace tapestry::calls {
namespace {

/// How many of the calls that share an endpoint are looked at for one chunk, the latest first.
constexpr std::size_t kMaxCandidates = 64;
/// Below this a flow that nobody names is noise, not a stream.
constexpr std::uint64_t kPlausiblePackets = 5;
/// Packets that media without signalling needs to be recorded.
constexpr std::uint64_t kUnsignalledPackets = 10;

rtp::FlowStats difference(const rtp::FlowStats& all, const rtp::FlowStats& before, Time first, Time last) {
  rtp::FlowStats part = all;
  const auto minus = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; };
  part.packets = minus(all.packets, before.packets);
  part.duplicates = minus(all.duplicates, before.duplicates);
  part.reordered = minus(all.reordered, before.reordered);
  part.expected = minus(all.expected, before.expected);
  part.restarts = minus(all.restarts, before.restarts);
  part.snapped = minus(all.snapped, before.snapped);
  part.bytes = minus(all.bytes, before.bytes);
  part.first = first;
  part.last = last;
  part.rtcp = all.rtcp;
  return part;
}

/// When the call's media must be over; the end of time while it is open.
Time end_of(const Call& call) {
  const Branch* branch = call.answered_branch();
  if (branch != nullptr) return branch->ended.value_or(Time::max());
  return call.over ? call.last_seen : Time::max();
}

struct Candidate {
  Call* call;
  MediaMatch match;
  Time since;
  Time until;
};

bool better(const Candidate& a, const Candidate& b) {
  return a.match.score != b.match.score ? a.match.score > b.match.score : a.call->serial > b.call->serial;
}

/// A match at one end only, with an unknown host at the other, proves nothing when several calls share that end.
bool certain(const MediaMatch& match) { return (match.source && match.destination) || match.known_host; }

int rank(Use use) {
  switch (use) {
    case Use::Recording:
      return 0;
    case Use::Codec:
      return 1;
    case Use::Undecryptable:
      return 2;
    case Use::SecondHop:
      return 3;
    case Use::Unassigned:
      return 100;
    default:
      return 10;
  }
}

}  // namespace

void MediaRouter::on_chunk(rtp::Chunk& chunk, const rtp::FlowStats& stats, Duration now) {
  FlowRecord* record = flows_.find(chunk.flow());
  if (record == nullptr) return;
  const rtp::FlowStats before = record->stats;
  record->stats = stats;
  if (!route(chunk.flow(), *record, chunk, before, now)) flows_.wait(chunk.flow(), *record, chunk, now);
}

bool MediaRouter::route(rtp::FlowId id, FlowRecord& record, const rtp::Chunk& chunk, const rtp::FlowStats& before,
                        Duration now) {
  std::vector<Candidate> found;
  const auto consider = [&](const Endpoint& endpoint) {
    const auto& serials = endpoints_.find(endpoint);
    for (std::size_t n = 0; n < std::min(serials.size(), kMaxCandidates); ++n) {
      Call* call = calls_.find(serials[serials.size() - 1 - n]);
      if (call == nullptr ||
          std::any_of(found.begin(), found.end(), [&](const Candidate& c) { return c.call == call; }))
        continue;
      if (const auto match = match_media(*call, record.key)) {
        found.push_back({call, *match, call->claims[match->claim].since, end_of(*call)});
      }
    }
  };
  // A call that names both ends is in both lists: the shorter one finds it, and then nothing better is in the other.
  const bool destination_first =
      endpoints_.find(record.key.destination).size() <= endpoints_.find(record.key.source).size();
  consider(destination_first && !endpoints_.find(record.key.destination).empty() ? record.key.destination
                                                                                 : record.key.source);
  if (std::none_of(found.begin(), found.end(),
                   [](const Candidate& c) { return c.match.source && c.match.destination; })) {
    consider(record.key.destination);
    consider(record.key.source);
  }
  if (found.size() > 1) std::erase_if(found, [](const Candidate& c) { return !certain(c.match); });
  if (found.empty()) return false;
  std::sort(found.begin(), found.end(), better);
  const auto overlaps = [&](const Candidate& c) { return c.since <= chunk.last() && chunk.first() <= c.until; };
  auto best = std::find_if(found.begin(), found.end(), overlaps);
  if (best == found.end()) best = found.begin();
  // A chunk across the end of one call and the beginning of the next at the same endpoints belongs to both; so does
  // media that two calls name at both ends (a B2BUA that let its two legs send directly to each other).
  const Candidate& first = *best;
  for (const Candidate& candidate : found) {
    const bool direct = candidate.match.source && candidate.match.destination;
    const bool also = &candidate != &first && overlaps(candidate) && candidate.match.score == first.match.score &&
                      (direct || candidate.until <= first.since);
    const bool at_once = candidate.since < first.until && first.since < candidate.until;
    if (also && direct && at_once) {
      linker_.on_shared_media(*first.call, *candidate.call, chunk.first());
      if (journal_ != nullptr) {
        journal_->shared_media({first.call->serial, first.call->call_id},
                               {candidate.call->serial, candidate.call->call_id}, chunk.first());
      }
    }
    if (&candidate == &first || also) give(*candidate.call, candidate.match, id, record, chunk, before, now);
  }
  return true;
}

OpenTrack* MediaRouter::track_of(Call& call, const MediaMatch& match, rtp::FlowId id, FlowRecord& record,
                                 const rtp::FlowStats& before, Time first) {
  auto open = std::find_if(call.tracks.begin(), call.tracks.end(), [id](const OpenTrack& t) { return t.flow == id; });
  const MediaClaim& claim = call.claims[match.claim];
  if (open == call.tracks.end()) {
    if (call.tracks.size() >= kMaxTracks) {
      call.overflowed = true;
      ++refused_tracks_;
      return nullptr;
    }
    OpenTrack track;
    track.track.id = next_track_++;
    track.track.flow = record.key;
    track.track.sender = match.sender;
    track.track.media = claim.media;
    track.track.stats.first = first;
    track.flow = id;
    track.before = before;
    track.hop = match.hop;
    track.source_matched = match.source;
    track.destination_matched = match.destination;
    call.tracks.push_back(std::move(track));
    open = call.tracks.end() - 1;
    ++record.open_tracks;
  }
  open->source_matched |= match.source;
  open->destination_matched |= match.destination;
  return &*open;
}

void MediaRouter::give(Call& call, const MediaMatch& match, rtp::FlowId id, FlowRecord& record, const rtp::Chunk& chunk,
                       const rtp::FlowStats& before, Duration now) {
  OpenTrack* open = track_of(call, match, id, record, before, chunk.first());
  if (open == nullptr) return;
  const MediaClaim& claim = call.claims[match.claim];
  open->track.stats = difference(record.stats, open->before, open->track.stats.first, chunk.last());
  calls_.touch(call, now);
  call.last_media = chunk.last();
  TakenMedia taken{{call.serial, call.call_id}, record.key, record.stats, before, chunk.first(), chunk.last()};
  if (claim.media != "audio" || call.recording_session || chunk.first() > end_of(call)) {
    if (journal_ != nullptr) journal_->media(taken);
    return;
  }
  const bool clear = claim.encryption.empty() || is_clear_at(call, open->track, chunk.last());
  const rtp::Chunk& kept = gate_.admit(call, *open, clear, chunk);
  if (!kept.empty()) taken.kept = &kept;
  if (journal_ != nullptr) journal_->media(taken);
  if (!kept.empty()) {
    output_.keep(open->track.id, kept);
    if (claim.encryption.empty()) ear_.on_media(conversations_.of(call.serial), call, open->track, kept);
    open->kept = true;
  }
  if (clear) linker_.on_media(call, open->track, chunk);
}

Call* MediaRouter::recorded_call(const RecordedMedia& media, Duration now) {
  if (!media.call.starts_with(kUnsignalled)) return calls_.find(media.call);
  if (Call* known = recorded(media.call)) return known;
  Call& call = make_unsignalled(media.key, media.first, now);
  std::erase_if(unsignalled_, [this](const auto& one) { return calls_.find(one.second) == nullptr; });
  unsignalled_.insert_or_assign(std::string(media.call), call.serial);
  return &call;
}

Call* MediaRouter::recorded(std::string_view name) {
  const auto known = unsignalled_.find(name);
  return known == unsignalled_.end() ? nullptr : calls_.find(known->second);
}

std::string_view MediaRouter::recorded_name(std::uint64_t call) const {
  for (const auto& [name, serial] : unsignalled_) {
    if (serial == call) return name;
  }
  return {};
}

rtp::FlowId MediaRouter::recorded_flow(const RecordedMedia& media) {
  const auto [known, fresh] = recorded_.try_emplace({media.key, media.stats.first}, next_recorded_);
  if (!fresh && flows_.find(known->second) != nullptr) return known->second;
  known->second = next_recorded_++;
  // Its end is that of the calls that have a part of it.
  flows_.add(known->second, media.key).ended = true;
  return known->second;
}

void MediaRouter::on_recorded(const RecordedMedia& media, Duration now) {
  Call* call = recorded_call(media, now);
  const auto match = call == nullptr ? std::nullopt : match_media(*call, media.key);
  if (!match) {
    ++unmatched_;
    return;
  }
  const rtp::FlowId id = recorded_flow(media);
  FlowRecord& record = *flows_.find(id);
  record.stats = media.stats;
  if (!media.late) record.through = std::max(record.through, media.last);
  OpenTrack* open = track_of(*call, *match, id, record, media.before, media.first);
  if (open == nullptr) return;
  if (!media.late) {
    open->track.stats = difference(media.stats, open->before, open->track.stats.first, media.last);
    calls_.touch(*call, now);
    call->last_media = media.last;
  }
  if (media.chunk.empty()) return;
  rtp::Chunk chunk(id);
  rtp::Chunk::for_each(media.chunk, [&chunk](const rtp::Packet& packet) { chunk.append(packet); });
  output_.keep(open->track.id, chunk);
  open->kept = true;
  const MediaClaim& claim = call->claims[match->claim];
  const bool clear = claim.encryption.empty() || is_clear_at(*call, open->track, media.last);
  if (claim.encryption.empty()) ear_.on_media(conversations_.of(call->serial), *call, open->track, chunk);
  if (clear && !media.late) linker_.on_media(*call, open->track, chunk);
}

void MediaRouter::resume(rtp::FlowTable& table) {
  std::map<rtp::FlowId, rtp::FlowId> renamed;
  for (const auto& [name, recorded] : recorded_) {
    FlowRecord* record = flows_.find(recorded);
    if (record == nullptr || record->open_tracks == 0) continue;
    // The statistics of media that had waited for its SDP are ahead of what was told of it: the rest is a stream anew.
    const bool whole = record->stats.last <= record->through;
    const rtp::FlowId id = table.resume(record->key, whole ? record->stats : rtp::FlowStats{}, record->through);
    if (!whole || !renamed.emplace(recorded, id).second) continue;
    record->ended = false;
    flows_.rename(recorded, id);
  }
  for (const std::uint64_t serial : calls_.all()) {
    for (OpenTrack& open : calls_.find(serial)->tracks) {
      if (const auto found = renamed.find(open.flow); found != renamed.end()) open.flow = found->second;
    }
  }
  std::erase_if(recorded_, [&](const auto& one) { return renamed.contains(one.second); });
}

void MediaRouter::on_claims(Call& call, const std::vector<Endpoint>& endpoints, Duration now) {
  for (const Endpoint& endpoint : endpoints) endpoints_.add(endpoint, call.serial);
  for (const Endpoint& endpoint : endpoints) {
    for (const rtp::FlowId id : flows_.waiting_at(endpoint)) {
      FlowRecord* record = flows_.find(id);
      if (record == nullptr || record->waiting.empty()) continue;
      std::vector<rtp::Chunk> chunks = flows_.take_waiting(id, *record);
      for (rtp::Chunk& chunk : chunks) {
        if (!route(id, *record, chunk, {}, now)) flows_.wait(id, *record, chunk, now);
      }
    }
  }
}

void MediaRouter::on_close(Call& call, const Interaction& interaction, std::size_t first_track) {
  for (const MediaClaim& claim : call.claims) endpoints_.remove(claim.endpoint, call.serial);
  for (std::size_t n = 0; n < call.tracks.size(); ++n) {
    const OpenTrack& open = call.tracks[n];
    const Track& track = interaction.tracks[first_track + n];
    const bool heard = track.use == Use::Recording || track.use == Use::Codec || track.use == Use::Undecryptable;
    if (open.kept && !heard) output_.discard(track.id);
    FlowRecord* record = flows_.find(open.flow);
    if (record == nullptr) continue;
    if (rank(track.use) < rank(record->use)) record->use = track.use;
    for (const std::string& codec : track.codecs) (void)add_once(record->codecs, codec, 16);
    --record->open_tracks;
    report_if_done(open.flow, *record);
  }
}

void MediaRouter::on_flow_end(rtp::FlowId id, const rtp::FlowStats& stats) {
  FlowRecord* record = flows_.find(id);
  if (record == nullptr) return;
  record->stats = stats;
  record->ended = true;
  report_if_done(id, *record);
}

void MediaRouter::report_if_done(rtp::FlowId id, FlowRecord& record) {
  if (!record.ended || record.open_tracks > 0 || !record.waiting.empty()) return;
  const bool plausible = record.stats.packets >= kPlausiblePackets && record.stats.restarts * 4 <= record.stats.packets;
  if (record.use == Use::Unassigned && !plausible) {
    ++implausible_flows_;
  } else {
    std::sort(record.codecs.begin(), record.codecs.end());
    std::string codec;
    for (const std::string& name : record.codecs) codec += (codec.empty() ? "" : ", ") + name;
    output_.stream_ended({record.key, codec, record.stats, record.use});
  }
  recorded_.erase({record.key, record.stats.first});
  flows_.erase(id);
}

bool MediaRouter::open_unsignalled(rtp::FlowId id, FlowRecord& record, Duration now) {
  const rtp::FlowStats& stats = record.stats;
  if (!rules_.record_unsignalled || !has_static_audio(stats) || stats.packets < kUnsignalledPackets ||
      stats.restarts * 4 > stats.packets)
    return false;
  (void)id;
  (void)make_unsignalled(record.key, record.waiting.front().first(), now);
  return true;
}

Call& MediaRouter::make_unsignalled(const rtp::FlowKey& key, Time first, Duration now) {
  Call& call = calls_.open("", now);
  linker_.on_open(call);
  call.unsignalled = true;
  call.first_seen = first;
  call.last_seen = call.first_seen;
  const auto claim = [&](const Endpoint& endpoint, Side side) {
    call.claims.push_back({endpoint, side, 0, "audio", "", false, call.first_seen, {{call.first_seen, {}}}});
    (void)add_once(call.sides[index_of(side)].addresses, endpoint.ip, kMaxUris);
  };
  claim(key.source, Side::Caller);
  claim(key.destination, Side::Callee);
  on_claims(call, {key.source, key.destination}, now);
  return call;
}

void MediaRouter::expire(Duration now) {
  while (const auto id = flows_.overdue(now, rules_.lookback)) {
    FlowRecord& record = *flows_.find(*id);
    if (open_unsignalled(*id, record, now)) continue;
    flows_.drop_overdue();
    ++unclaimed_chunks_;
    report_if_done(*id, record);
  }
}

void MediaRouter::finish(Duration now) { expire(now + rules_.lookback + std::chrono::seconds(1)); }

Counters MediaRouter::counters() const {
  return {{"media.unclaimed_chunks", unclaimed_chunks_},
          {"media.dropped_by_lookback_bound", flows_.dropped_by_bound()},
          {"media.recorded_unmatched", unmatched_},
          {"media.implausible_flows", implausible_flows_},
          {"media.refused_tracks", refused_tracks_}};
}

}  // namespace tapestry::calls
