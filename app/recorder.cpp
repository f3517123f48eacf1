#include "app/recorder.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
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

Recorder::Recorder(spool::MediaStore& media, vconout::Catalog& catalog, FinisherPool& pool, vconout::AuditLog& audit,
                   Tell tell, Settings settings)
    : media_(media),
      catalog_(catalog),
      pool_(pool),
      audit_(audit),
      tell_(std::move(tell)),
      settings_(std::move(settings)) {}

void Recorder::keep(calls::TrackId track, const rtp::Chunk& chunk) { media_.append(track, chunk); }

void Recorder::discard(calls::TrackId track) { media_.release(track); }

void Recorder::erase(calls::TrackId track, Time from, Time to) { media_.erase(track, from, to); }

void Recorder::advanced(Time now) { media_.advance(now); }

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
  since_.emplace(job.number, Clock::now());
  if (amends && unfinished_.contains(*amends)) {
    held_numbers_.insert(job.number);
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
  } else if (const auto tombstone = catalog_.find_deleted(fingerprint)) {
    part.uuid = std::filesystem::path(*tombstone).stem().string();
    part.already = *tombstone;
    part.deleted = true;
  } else {
    part.uuid = new_uuid(interaction, fingerprint);
    pending_.emplace(fingerprint, part.uuid);
    pending_uuids_.emplace(part.uuid, fingerprint);
    part.amends = amended_by(interaction, agent);
    if (!interaction.pauses.empty()) audit_.refresh();
    if (!interaction.pauses.empty() && audit_.head().seq > 0) part.audit = audit_.head();
  }
  if (!part.deleted)
    remember({interaction.number, agent},
             part.already.empty() ? vcon_path(interaction.start, part.uuid) : part.already);
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

void Recorder::collect(std::vector<FinishedJob>&& results) {
  for (FinishedJob& result : results) {
    const std::uint64_t number = result.parts.front().report.number;
    if (result.again) {
      put_off(result.parts, std::move(*result.again));
      continue;
    }
    results_.emplace(number, std::move(result.parts));
    unfinished_.erase(number);
    for (auto held = held_.extract(number); held; held = held_.extract(number)) {
      held_numbers_.erase(held.mapped().number);
      start(std::move(held.mapped()));
    }
  }
}

/// Those behind it do not wait. The reason is told when it changes.
void Recorder::put_off(const std::vector<Finished>& parts, FinishJob&& job) {
  const auto failed =
      std::ranges::find_if(parts, [](const Finished& finished) { return !finished.report.fault.empty(); });
  ++failed_tries_;
  const auto [known, first] = faults_.try_emplace(job.number, std::string(), settings_.first_try);
  auto& [reason, wait] = known->second;
  if (reason != failed->report.fault) tell_(failed->report);
  reason = failed->report.fault;
  const std::uint64_t number = job.number;
  retries_.insert_or_assign(number, Retry{std::move(job), Clock::now() + wait});
  wait = std::min(2 * wait, kLongestTry);
}

void Recorder::try_again() {
  const Clock::time_point now = Clock::now();
  for (auto retry = retries_.begin(); retry != retries_.end();) {
    if (retry->second.due > now) {
      ++retry;
      continue;
    }
    start(std::move(retry->second.job));  // what it amends may be deleted by now
    retry = retries_.erase(retry);
  }
}

void Recorder::commit_in_order() {
  const auto next = [this] {
    // What failed is passed by, and comes later, behind its turn. So is what is held: what it goes on with had its turn
    // before, and is not finished, so that it failed or is held itself.
    while (faults_.contains(next_number_) || held_numbers_.contains(next_number_)) ++next_number_;
    return !results_.empty() && results_.begin()->first <= next_number_;
  };
  while (next()) {
    auto conversation = results_.extract(results_.begin());
    if (conversation.key() == next_number_) ++next_number_;
    faults_.erase(conversation.key());
    commit(std::move(conversation.mapped()));
  }
  add_to_catalog();
}

void Recorder::commit(std::vector<Finished>&& conversation) {
  for (const Finished& result : conversation) {
    if (!result.report.already && result.report.fault.empty()) rows_.push_back(result.row);
  }
  untold_.push_back(std::move(conversation));
}

/// The catalog has the conversation, or had it.
bool Recorder::has(const vconout::CatalogRow& row) const {
  return catalog_.find(row.fingerprint) || catalog_.find_deleted(row.fingerprint);
}

void Recorder::add_to_catalog() {
  if (untold_.empty()) return;
  try {
    for (std::vector<Finished>& conversation : untold_) {
      for (Finished& result : conversation) note_heard(result);
    }
    // A replay of the same traffic may have added some meanwhile.
    if (!catalog_fault_.empty()) std::erase_if(rows_, [this](const vconout::CatalogRow& row) { return has(row); });
    catalog_.add(rows_);
  } catch (const std::runtime_error& error) {
    if (!settings_.committed) throw;
    catalog_fault_ = error.what();
    return;
  }
  catalog_fault_.clear();
  rows_.clear();
  for (const std::vector<Finished>& conversation : std::exchange(untold_, {})) {
    for (const Finished& result : conversation) {
      if (!result.report.already) forget_pending(result.report.uuid);
      tell_(result.report);
    }
    const std::uint64_t number = conversation.front().report.number;
    since_.erase(number);
    if (settings_.committed) settings_.committed(number);
  }
}

Backlog Recorder::backlog() const {
  Backlog backlog{.conversations = since_.size()};
  // Numbers go up with time.
  if (!since_.empty()) backlog.oldest = Clock::now() - since_.begin()->second;
  return backlog;
}

void Recorder::forget_pending(const std::string& uuid) {
  const auto found = pending_uuids_.find(uuid);
  if (found == pending_uuids_.end()) return;
  pending_.erase(found->second);
  pending_uuids_.erase(found);
}

/// Recordings of several agents may hold the same tones.
void Recorder::note_heard(Finished& result) {
  for (const calls::MarkerReport& report : result.heard) {
    if (std::pair(result.report.number, report.time) == last_heard_) continue;
    last_heard_ = {result.report.number, report.time};
    audit_.add(report);
  }
  result.heard.clear();
}

void Recorder::settle() {
  try_again();
  collect(pool_.take());
  commit_in_order();
}

void Recorder::finish() {
  while (!unfinished_.empty()) collect(pool_.drain());
  commit_in_order();
}

}  // namespace tapestry::app
