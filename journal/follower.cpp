#include "journal/follower.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "journal/records.h"
#include "spool/segment.h"

namespace tapestry::journal {
namespace {

constexpr unsigned kLooks = 40;  // some seconds, of somebody who looks each 250 ms

}  // namespace

Follower::Follower(spool::Disk& disk, spool::KeyTable& keys, calls::Correlator& correlator)
    : disk_(disk), keys_(keys), correlator_(correlator), reader_(disk, keys) {
  correlator_.set_recovering(true);
  correlator_.write_to(this);
  reader_.wait_for_changes(kLooks);
  reader_.tell_repeated([this](const spool::Record& record) {
    note_place(name_of(record), record.key);
    note_message(record.kind);
  });
  reader_.tell_passed([this](const spool::RecordHead& head) { note_message(head.kind); });
}

Follower::~Follower() { correlator_.write_to(nullptr); }

/// What went before this one and has no record that can be read is dead as well.
void Follower::begin_segment() {
  segment_ = place_.segment;
  live_.try_emplace(segment_, 0);
  dead_.insert(segment_);
  shared_[segment_].insert(reader_.segment_head().shared_key);
  const auto numbers = spool::segments_on(disk_);
  if (!numbers) return;
  for (const std::uint32_t number : *numbers) {
    if (number < segment_ && !live_.contains(number)) dead_.insert(number);
  }
}

void Follower::note(const spool::Record& record) {
  const std::string call = name_of(record);
  if (!call.empty()) of_call_[call].insert(record.key);
  note_place(call, record.key);
}

/// The record at place_ needs its segment, also where it is a second time: the first one may not be safe.
void Follower::note_place(std::string_view call, spool::KeyId key) {
  if (place_.segment != segment_) begin_segment();
  if (call.empty()) {
    // Not always the key in the head: what waited for the disk was sealed before the segment was begun.
    shared_[segment_].insert(key);
    if (key <= newest_shared_) return;
    newest_shared_ = key;
    destroy_retired();
    return;
  }
  std::vector<std::uint32_t>& segments = where_[key];
  if (!segments.empty() && segments.back() == segment_) return;
  segments.push_back(segment_);
  ++live_[segment_];
  dead_.erase(segment_);
}

void Follower::note_message(std::uint16_t kind) {
  if (kind == static_cast<std::uint16_t>(Kind::Message)) newest_message_ = place_.segment;
}

bool Follower::follow(std::size_t records) {
  for (std::size_t n = 0; n < records; ++n) {
    const auto record = reader_.next(place_);
    all_played_ = !record && reader_.error() == 0;
    if (!record) {
      remove_dead();
      return false;
    }
    played_ = record->first;
    ended_ = record->kind == static_cast<std::uint16_t>(Kind::End);
    // Closing may follow from this very record: its key is noted before.
    note(*record);
    note_message(record->kind);
    play(*record, correlator_);
    if (ended_) destroy_orphans();
  }
  return true;
}

/// Of calls that are in no conversation although all are closed.
void Follower::destroy_orphans() {
  std::vector<spool::KeyId> ids;
  for (const auto& [call, keys] : of_call_) ids.insert(ids.end(), keys.begin(), keys.end());
  of_call_.clear();
  destroy(ids);
}

void Follower::finish() { correlator_.finish(); }

void Follower::closed(const std::vector<calls::CallName>& calls, std::uint64_t number) {
  std::vector<spool::KeyId> ids;
  for (const calls::CallName& call : calls) {
    const auto found = of_call_.find(call.call_id);
    if (found == of_call_.end()) continue;
    ids.insert(ids.end(), found->second.begin(), found->second.end());
    of_call_.erase(found);
  }
  if (number == 0) return destroy(ids);
  closed_.emplace(number, std::move(ids));
}

void Follower::committed(std::uint64_t number) {
  const auto found = closed_.find(number);
  if (found == closed_.end()) return;
  destroy(found->second);
  closed_.erase(found);
}

void Follower::destroy(const std::vector<spool::KeyId>& ids) {
  keys_.destroy(ids);
  for (const spool::KeyId id : ids) {
    const auto found = where_.find(id);
    if (found == where_.end()) continue;
    for (const std::uint32_t segment : found->second) {
      if (--live_[segment] == 0) dead_.insert(segment);
    }
    where_.erase(found);
  }
  remove_dead();
}

/// The newest message's segment stays, dead or not: recover() looks for that.
void Follower::remove_dead() {
  const std::uint32_t last = reader_.end().segment;
  for (auto segment = dead_.begin(); segment != dead_.end() && *segment < last;) {
    if (*segment == newest_message_) {
      ++segment;
      continue;
    }
    const auto removed = disk_.remove(spool::segment_name(*segment));
    if (!removed && removed.error() != ENOENT) {
      ++segment;
      continue;
    }
    ++removed_;
    live_.erase(*segment);
    retire_shared(*segment);
    segment = dead_.erase(segment);
  }
}

void Follower::retire_shared(std::uint32_t segment) {
  if (const auto found = shared_.extract(segment)) retired_.insert(found.mapped().begin(), found.mapped().end());
  destroy_retired();
}

/// A key that other segments share stays, and so does one that has no successor yet: more may come that it sealed.
void Follower::destroy_retired() {
  std::vector<spool::KeyId> unused;
  for (const spool::KeyId id : retired_) {
    const auto shares = [id](const auto& other) { return other.second.contains(id); };
    if (id < newest_shared_ && std::ranges::none_of(shared_, shares)) unused.push_back(id);
  }
  for (const spool::KeyId id : unused) retired_.erase(id);
  keys_.destroy(unused);
}

void Follower::destroy_unused() {
  std::set<spool::KeyId> shared = retired_;
  for (const auto& [segment, keys] : shared_) shared.insert(keys.begin(), keys.end());
  std::vector<spool::KeyId> unused = keys_.live();
  std::erase_if(unused, [&](spool::KeyId id) {
    return id >= keys_.settled_below() || where_.contains(id) || shared.contains(id);
  });
  keys_.destroy(unused);
}

Counters Follower::counters() const {
  Counters counters = reader_.counters();
  counters.push_back({"spool.segments_removed", removed_});
  return counters;
}

namespace {

/// A message of a call that is committed was taken, too: that it cannot be read any more makes it no new one.
void note_time(Recovered& recovered, std::uint16_t kind, Time time) {
  if (kind == static_cast<std::uint16_t>(Kind::Message)) recovered.messages = time;
  if (kind == static_cast<std::uint16_t>(Kind::Tick)) recovered.now = time;
}

}  // namespace

Recovered recover(spool::Disk& disk, spool::KeyTable& keys, calls::Correlator& correlator, Writer& writer) {
  correlator.set_recovering(true);
  correlator.write_to(&writer);
  spool::LogReader reader(disk, keys);
  spool::LogPlace place;
  Recovered recovered;
  reader.tell_passed([&recovered](const spool::RecordHead& head) { note_time(recovered, head.kind, head.first); });
  while (const auto record = reader.next(place)) {
    writer.learn(name_of(*record), *record);
    play(*record, correlator);
    note_time(recovered, record->kind, record->first);
  }
  if (reader.error() != 0) {
    throw std::runtime_error("spool: cannot be read: " + std::generic_category().message(reader.error()));
  }
  if (const auto cut = reader.cut(); !cut) {
    throw std::runtime_error("spool: cannot cut its end: " + std::generic_category().message(cut.error()));
  }
  correlator.set_recovering(false);
  recovered.end = reader.end();
  recovered.end.spans = reader.spans();
  return recovered;
}

}  // namespace tapestry::journal
