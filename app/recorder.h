#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/finisher_pool.h"
#include "app/report.h"
#include "calls/correlator.h"
#include "spool/media_store.h"
#include "vconout/audit_log.h"
#include "vconout/store.h"

namespace tapestry::app {

/// Carries out what the correlator decides: media into the spool, closed conversations to the finishers, results into
/// the catalog in order of closing, markers into the audit log. Correlator's thread only.
class Recorder final : public calls::Output {
 public:
  /// Told of every conversation that is finished, in order of number.
  using Tell = std::function<void(const ConversationReport&)>;

  /// `host` goes into uuids; `out` is the output folder.
  struct Settings {
    std::string host;
    std::filesystem::path out;
    bool per_agent = false;      ///< a vCon for each agent
    bool keep_streams = true;    ///< streams() lists every stream; else its memory would grow for ever
    bool commit_at_once = true;  ///< with each conversation that is closed; else with settle()
    /// Told when the catalog has a conversation, or had it before. When it is set, what fails is tried again, as long
    /// as this lives: FinisherContext::keep_failed goes with it.
    std::function<void(std::uint64_t number)> committed{};
    /// Between tries at first; then twice as long each time, up to kLongestTry.
    std::chrono::milliseconds first_try = std::chrono::seconds(30);
  };
  static constexpr std::chrono::milliseconds kLongestTry = std::chrono::seconds(600);

  /// The first four outlive it.
  Recorder(spool::MediaStore& media, vconout::Catalog& catalog, FinisherPool& pool, vconout::AuditLog& audit, Tell tell,
           Settings settings);

  void keep(calls::TrackId track, const rtp::Chunk& chunk) override;
  void discard(calls::TrackId track) override;
  void erase(calls::TrackId track, Time from, Time to) override;
  void marker(const calls::MarkerReport& report) override;
  void advanced(Time now) override;
  void closed(calls::Interaction&& interaction) override;
  void stream_ended(const calls::StreamReport& report) override;

  /// Commits what the finishers have made by now, and tries again what is due.
  void settle();
  /// Conversations that are closed and not committed, with what failed.
  [[nodiscard]] Backlog backlog() const;
  /// Those that failed and wait for the next try, and those that go on with another one.
  [[nodiscard]] std::size_t failed() const noexcept { return retries_.size() + held_.size(); }
  /// Tries that failed, since the start.
  [[nodiscard]] std::uint64_t failed_tries() const noexcept { return failed_tries_; }
  /// Why the catalog takes nothing; empty when it does.
  [[nodiscard]] const std::string& catalog_fault() const noexcept { return catalog_fault_; }
  /// Waits for the finishers and commits what they made. Call once, after the correlator's finish(); not where what
  /// fails is tried again.
  void finish();

  [[nodiscard]] const StreamTable& streams() const noexcept { return streams_; }

 private:
  /// Number of a conversation, and AgentPart::agent; that is empty where conversations stay whole.
  using PartName = std::pair<std::uint64_t, std::string>;
  using Clock = std::chrono::steady_clock;
  struct Retry {
    FinishJob job;
    Clock::time_point due;
  };

  FinishPart part_of(calls::Interaction&& interaction, std::string fingerprint, const std::string& agent);
  void collect(std::vector<FinishedJob>&& results);
  void commit_in_order();
  void commit(std::vector<Finished>&& conversation);
  void add_to_catalog();
  [[nodiscard]] bool has(const vconout::CatalogRow& row) const;
  void put_off(const std::vector<Finished>& parts, FinishJob&& job);
  void try_again();
  void note_heard(Finished& result);
  [[nodiscard]] std::string amended_by(const calls::Interaction& interaction, const std::string& agent) const;
  void start(FinishJob&& job);
  void forget_pending(const std::string& uuid);
  void remember(PartName name, std::string vcon);
  std::string new_uuid(const calls::Interaction& interaction, const std::string& fingerprint) const;

  spool::MediaStore& media_;
  vconout::Catalog& catalog_;
  FinisherPool& pool_;
  vconout::AuditLog& audit_;
  Tell tell_;
  Settings settings_;
  StreamTable streams_;
  std::unordered_map<std::string, std::string>
      pending_;  ///< uuid by fingerprint: with the finishers, not yet in the catalog
  std::unordered_map<std::string, std::string> pending_uuids_;  ///< fingerprint by uuid, of the same
  std::set<std::uint64_t> unfinished_;                          ///< numbers: with the finishers, or held
  std::multimap<std::uint64_t, FinishJob> held_;                ///< by the number of what they go on with
  std::set<std::uint64_t> held_numbers_;                        ///< of those
  std::map<std::uint64_t, std::vector<Finished>> results_;      ///< by number, waiting for a lower one
  std::map<std::uint64_t, std::string> interactions_;  ///< interaction_id by number, of those that may be amended
  std::map<PartName, std::string> vcons_;              ///< below the output folder: those that may be amended
  std::uint64_t next_number_ = 1;
  std::pair<std::uint64_t, Time> last_heard_{};  ///< Finished::heard that was told last
  std::vector<vconout::CatalogRow> rows_;        ///< that the catalog has still to take
  std::vector<std::vector<Finished>> untold_;    ///< conversations of rows_
  std::string catalog_fault_;
  std::uint64_t failed_tries_ = 0;
  std::map<std::uint64_t, Clock::time_point> since_;  ///< when conversations that are not committed were closed
  std::map<std::uint64_t, Retry> retries_;
  std::map<std::uint64_t, std::pair<std::string, std::chrono::milliseconds>>
      faults_;  ///< of failed ones, and the next wait
};

}  // namespace tapestry::app
