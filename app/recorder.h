#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/conversation_log.h"
#include "app/finisher_pool.h"
#include "app/report.h"
#include "calls/correlator.h"
#include "spool/spool.h"
#include "vconout/audit_log.h"
#include "vconout/store.h"

namespace tapestry::app {

/// Carries out what the correlator decides: media into the spool, closed conversations to the finishers, results into
/// the catalog in order of closing, markers into the audit log. Correlator's thread only.
class Recorder final : public calls::Output {
 public:
  /// All five outlive it. `host` goes into uuids; `out` is the output folder.
  Recorder(spool::Spool& spool, vconout::Catalog& catalog, FinisherPool& pool, ConversationLog& log,
           vconout::AuditLog& audit, std::string host, std::filesystem::path out);

  void keep(calls::TrackId track, const rtp::Chunk& chunk) override;
  void discard(calls::TrackId track) override;
  void erase(calls::TrackId track, Time from, Time to) override;
  void marker(const calls::MarkerReport& report) override;
  void advanced(Time now) override;
  void closed(calls::Interaction&& interaction) override;
  void stream_ended(const calls::StreamReport& report) override;

  /// Waits for the finishers and commits what they made. Call once, after the correlator's finish().
  void finish();

  [[nodiscard]] const StreamTable& streams() const noexcept { return streams_; }

 private:
  void collect(std::vector<Finished>&& results);
  void commit_in_order();
  void already(const calls::Interaction& interaction, const std::string& uuid, const std::string& vcon);
  std::string amended_by(const calls::Interaction& interaction);
  void remember(std::uint64_t number, std::string vcon);
  std::string new_uuid(const calls::Interaction& interaction, const std::string& fingerprint) const;

  spool::Spool& spool_;
  vconout::Catalog& catalog_;
  FinisherPool& pool_;
  ConversationLog& log_;  ///< gets conversations in order of number
  vconout::AuditLog& audit_;
  std::string host_;
  std::filesystem::path out_;
  StreamTable streams_;
  std::unordered_map<std::string, std::string>
      pending_;                                 ///< uuid by fingerprint: with the finishers, not yet in the catalog
  std::map<std::uint64_t, Finished> results_;   ///< by number, waiting for a lower one
  std::map<std::uint64_t, std::string> vcons_;  ///< by number, below the output folder: those that may be amended
  std::uint64_t next_number_ = 1;
};

}  // namespace tapestry::app
