#include "app/recorder.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/layout.h"
#include "calls/closed_book.h"
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

Recorder::Recorder(spool::Spool& spool, vconout::Catalog& catalog, FinisherPool& pool, ConversationLog& log,
                   vconout::AuditLog& audit, std::string host, std::filesystem::path out)
    : spool_(spool),
      catalog_(catalog),
      pool_(pool),
      log_(log),
      audit_(audit),
      host_(std::move(host)),
      out_(std::move(out)) {}

void Recorder::keep(calls::TrackId track, const rtp::Chunk& chunk) { spool_.append(track, chunk); }

void Recorder::discard(calls::TrackId track) { spool_.release(track); }

void Recorder::erase(calls::TrackId track, Time from, Time to) { spool_.erase(track, from, to); }

void Recorder::advanced(Time now) { spool_.advance(now); }

void Recorder::marker(const calls::MarkerReport& report) { audit_.add(report); }

void Recorder::stream_ended(const calls::StreamReport& report) { streams_.add(report); }

void Recorder::closed(calls::Interaction&& interaction) {
  collect(pool_.take());
  std::string fingerprint = vconout::fingerprint(interaction);
  if (const auto pending = pending_.find(fingerprint); pending != pending_.end()) {
    already(interaction, pending->second, vcon_path(interaction.start, pending->second));
  } else if (const auto row = catalog_.find(fingerprint)) {
    already(interaction, row->uuid, row->vcon_path);
  } else {
    std::string uuid = new_uuid(interaction, fingerprint);
    pending_.emplace(fingerprint, uuid);
    std::string amends = amended_by(interaction);
    remember(interaction.number, vcon_path(interaction.start, uuid));
    std::optional<vconout::AuditHead> audit;
    if (!interaction.pauses.empty() && audit_.head().seq > 0) audit = audit_.head();
    pool_.submit({.interaction = std::move(interaction),
                  .uuid = std::move(uuid),
                  .fingerprint = std::move(fingerprint),
                  .amends = std::move(amends),
                  .audit = std::move(audit)});
  }
  commit_in_order();
}

std::string Recorder::amended_by(const calls::Interaction& interaction) {
  const auto earlier = interaction.amends ? vcons_.find(*interaction.amends) : vcons_.end();
  if (earlier == vcons_.end()) return {};
  // It may be with the finishers still; that is rare enough to wait for all of them.
  if (!std::filesystem::exists(out_ / earlier->second)) collect(pool_.drain());
  return std::filesystem::exists(out_ / earlier->second) ? earlier->second : std::string();
}

void Recorder::remember(std::uint64_t number, std::string vcon) {
  vcons_.emplace(number, std::move(vcon));
  if (vcons_.size() > calls::kMaxAmendable) vcons_.erase(vcons_.begin());
}

void Recorder::already(const calls::Interaction& interaction, const std::string& uuid, const std::string& vcon) {
  remember(interaction.number, vcon);
  for (const calls::Track& track : interaction.tracks) spool_.release(track.id);
  Finished known{describe(interaction), {}};
  set_uuid(known.report, uuid);
  known.report.vcon = vcon;
  known.report.already = true;
  results_.emplace(interaction.number, std::move(known));
}

std::string Recorder::new_uuid(const calls::Interaction& interaction, const std::string& fingerprint) const {
  const std::uint16_t first = first_counter(fingerprint);
  for (Time time = interaction.start;; time += std::chrono::milliseconds(1)) {
    std::uint16_t counter = first;
    do {
      std::string uuid = vconout::uuid8(host_, time, counter);
      const bool pending =
          std::any_of(pending_.begin(), pending_.end(), [&](const auto& p) { return p.second == uuid; });
      if (!pending && !catalog_.has_uuid(uuid)) return uuid;
      counter = static_cast<std::uint16_t>((counter + 1U) & kCounterMask);
    } while (counter != first);
  }
}

void Recorder::collect(std::vector<Finished>&& results) {
  for (Finished& result : results) {
    const std::uint64_t number = result.report.number;
    results_.emplace(number, std::move(result));
  }
}

void Recorder::commit_in_order() {
  std::vector<vconout::CatalogRow> rows;
  while (!results_.empty() && results_.begin()->first == next_number_) {
    Finished result = std::move(results_.begin()->second);
    results_.erase(results_.begin());
    ++next_number_;
    if (!result.report.already) {
      if (result.report.fault.empty()) rows.push_back(std::move(result.row));
      std::erase_if(pending_, [&](const auto& entry) { return entry.second == result.report.uuid; });
    }
    log_.add(result.report);
  }
  catalog_.add(rows);
}

void Recorder::finish() {
  collect(pool_.drain());
  commit_in_order();
}

}  // namespace tapestry::app
