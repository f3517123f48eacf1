#include "app/recorder.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/layout.h"
#include "calls/closed_book.h"
#include "vconout/fingerprint.h"
#include "vconout/per_agent.h"
#include "vconout/uuid.h"

namespace tapestry::app {
namespace {

constexpr std::uint16_t kCounterMask = 0xfff;  // the 12 bits of a version 8 uuid that are ours

std::uint16_t first_counter(std::string_view fingerprint) {
  std::uint16_t value = 0;
  const std::string_view digits = fingerprint.substr(0, 3);
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

}  // namespace

Recorder::Recorder(spool::Spool& spool, vconout::Catalog& catalog, FinisherPool& pool, vconout::AuditLog& audit,
                   Tell tell, Settings settings)
    : spool_(spool),
      catalog_(catalog),
      pool_(pool),
      audit_(audit),
      tell_(std::move(tell)),
      settings_(std::move(settings)) {}

void Recorder::keep(calls::TrackId track, const rtp::Chunk& chunk) { spool_.append(track, chunk); }

void Recorder::discard(calls::TrackId track) { spool_.release(track); }

void Recorder::erase(calls::TrackId track, Time from, Time to) { spool_.erase(track, from, to); }

void Recorder::advanced(Time now) { spool_.advance(now); }

void Recorder::marker(const calls::MarkerReport& report) { audit_.add(report); }

void Recorder::stream_ended(const calls::StreamReport& report) {
  if (settings_.keep_streams) streams_.add(report);
}

void Recorder::closed(calls::Interaction&& interaction) {
  if (settings_.commit_at_once) collect(pool_.take());
  FinishJob job;
  job.number = interaction.number;
  const std::optional<std::uint64_t> amends = interaction.amends;
  for (const calls::Track& track : interaction.tracks) job.tracks.push_back(track.id);
  const std::string whole = vconout::fingerprint(interaction);
  std::string shared = interaction.fields.interaction_id;
  if (const auto earlier = interactions_.find(interaction.amends.value_or(0));
      shared.empty() && earlier != interactions_.end())
    shared = earlier->second;
  std::vector<vconout::AgentPart> parts;
  if (settings_.per_agent) {
    parts = vconout::per_agent(std::move(interaction));
  } else {
    parts.push_back({{}, std::move(interaction)});
  }
  for (vconout::AgentPart& part : parts) {
    part.interaction.fields.interaction_id = shared;
    std::string fingerprint = parts.size() == 1 ? whole : vconout::fingerprint_of_part(whole, part.agent);
    job.parts.push_back(part_of(std::move(part.interaction), std::move(fingerprint), part.agent));
    // What all have in common, where nothing from outside says it.
    if (shared.empty()) shared = job.parts.front().uuid;
  }
  interactions_.emplace(job.number, std::move(shared));
  if (interactions_.size() > calls::kMaxAmendable) interactions_.erase(interactions_.begin());
  unfinished_.insert(job.number);
  if (amends && unfinished_.contains(*amends)) {
    held_.emplace(*amends, std::move(job));
  } else {
    start(std::move(job));
  }
  if (settings_.commit_at_once) commit_in_order();
}

FinishPart Recorder::part_of(calls::Interaction&& interaction, std::string fingerprint, const std::string& agent) {
  FinishPart part;
  if (const auto pending = pending_.find(fingerprint); pending != pending_.end()) {
    part.uuid = pending->second;
    part.already = vcon_path(interaction.start, part.uuid);
  } else if (const auto row = catalog_.find(fingerprint)) {
    part.uuid = row->uuid;
    part.already = row->vcon_path;
  } else {
    part.uuid = new_uuid(interaction, fingerprint);
    pending_.emplace(fingerprint, part.uuid);
    pending_uuids_.emplace(part.uuid, fingerprint);
    part.amends = amended_by(interaction, agent);
    if (!interaction.pauses.empty() && audit_.head().seq > 0) part.audit = audit_.head();
  }
  remember({interaction.number, agent}, part.already.empty() ? vcon_path(interaction.start, part.uuid) : part.already);
  part.interaction = std::move(interaction);
  part.fingerprint = std::move(fingerprint);
  return part;
}

std::string Recorder::amended_by(const calls::Interaction& interaction, const std::string& agent) const {
  const auto earlier = interaction.amends ? vcons_.find({*interaction.amends, agent}) : vcons_.end();
  return earlier == vcons_.end() ? std::string() : earlier->second;
}

/// What the job goes on with is finished: it is there, unless something went wrong.
void Recorder::start(FinishJob&& job) {
  for (FinishPart& part : job.parts) {
    if (!part.amends.empty() && !std::filesystem::exists(settings_.out / part.amends)) part.amends.clear();
  }
  pool_.submit(std::move(job));
}

void Recorder::remember(PartName name, std::string vcon) {
  vcons_.emplace(std::move(name), std::move(vcon));
  if (vcons_.size() > calls::kMaxAmendable) vcons_.erase(vcons_.begin());
}

std::string Recorder::new_uuid(const calls::Interaction& interaction, const std::string& fingerprint) const {
  const std::uint16_t first = first_counter(fingerprint);
  for (Time time = interaction.start;; time += std::chrono::milliseconds(1)) {
    std::uint16_t counter = first;
    do {
      std::string uuid = vconout::uuid8(settings_.host, time, counter);
      if (!pending_uuids_.contains(uuid) && !catalog_.has_uuid(uuid)) return uuid;
      counter = static_cast<std::uint16_t>((counter + 1U) & kCounterMask);
    } while (counter != first);
  }
}

void Recorder::collect(std::vector<std::vector<Finished>>&& results) {
  for (std::vector<Finished>& result : results) {
    const std::uint64_t number = result.front().report.number;
    results_.emplace(number, std::move(result));
    unfinished_.erase(number);
    for (auto held = held_.extract(number); held; held = held_.extract(number)) start(std::move(held.mapped()));
  }
}

void Recorder::commit_in_order() {
  std::vector<vconout::CatalogRow> rows;
  while (!results_.empty() && results_.begin()->first == next_number_) {
    const std::vector<Finished> conversation = std::move(results_.begin()->second);
    results_.erase(results_.begin());
    ++next_number_;
    for (const Finished& result : conversation) {
      note_heard(result);
      if (!result.report.already) {
        if (result.report.fault.empty()) rows.push_back(result.row);
        forget_pending(result.report.uuid);
      }
      tell_(result.report);
    }
  }
  catalog_.add(rows);
}

void Recorder::forget_pending(const std::string& uuid) {
  const auto found = pending_uuids_.find(uuid);
  if (found == pending_uuids_.end()) return;
  pending_.erase(found->second);
  pending_uuids_.erase(found);
}

/// Recordings of several agents may hold the same tones.
void Recorder::note_heard(const Finished& result) {
  for (const calls::MarkerReport& report : result.heard) {
    if (std::pair(result.report.number, report.time) == last_heard_) continue;
    last_heard_ = {result.report.number, report.time};
    audit_.add(report);
  }
}

void Recorder::settle() {
  collect(pool_.take());
  commit_in_order();
}

void Recorder::finish() {
  while (!unfinished_.empty()) collect(pool_.drain());
  commit_in_order();
}

}  // namespace tapestry::app
