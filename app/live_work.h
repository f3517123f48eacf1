#pragma once
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/pipeline.h"
#include "app/service_status.h"
#include "app/spool_lock.h"
#include "journal/follower.h"
#include "journal/store.h"
#include "journal/writer.h"
#include "spool/folder_disk.h"
#include "spool/key_table.h"
#include "vconout/audit_log.h"

namespace tapestry::app {

/// What a correlator decides whose media is in a log: markers go into the audit log, which may fail for a while, and
/// time goes on for the log's writer. Correlator's thread, but write(): that one waits for the disk.
class LoggedOutput final : public calls::Output {
 public:
  /// Entries that wait for the audit log; beyond it the oldest are given up, and counted.
  static constexpr std::size_t kMostWaiting = 10'000;

  /// Both outlive it.
  LoggedOutput(journal::Writer& writer, vconout::AuditLog& audit) : writer_(writer), audit_(audit) {}

  void keep(calls::TrackId, const rtp::Chunk&) override {}
  void discard(calls::TrackId) override {}
  void erase(calls::TrackId, Time, Time) override {}
  void marker(const calls::MarkerReport& report) override;
  void advanced(Time now) override { writer_.advanced(now); }
  void closed(calls::Interaction&&) override {}
  void stream_ended(const calls::StreamReport&) override {}

  /// Writes what waits, as far as the disk takes it. One thread at a time, which is another one.
  void write();
  /// Why the last write() left something; empty when it did not. Any thread.
  [[nodiscard]] std::string fault() const;
  [[nodiscard]] Counters counters() const;

 private:
  [[nodiscard]] std::optional<calls::MarkerReport> take();

  journal::Writer& writer_;
  vconout::AuditLog& audit_;
  std::optional<calls::MarkerReport> writing_;  ///< that could not be written; write()'s
  mutable std::mutex mutex_;                    ///< guards what follows
  std::deque<calls::MarkerReport> waiting_;
  std::uint64_t given_up_ = 0;
  std::string fault_;
};

/// All that is between frames and the log on disk, put together. Its thread is the one that adds frames.
struct LiveWork {
  /// Goes on where the log ends: calls that were open then are open again, and paused as they were. `keys` may be null;
  /// it and the configuration outlive it. Throws ConfigError, or std::runtime_error when another recorder has the
  /// spool, or the disk, the log or its key fails.
  LiveWork(const Config& config, const std::filesystem::path& out, tls::KeyLog* keys);
  /// Writes what waits, as far as the disk takes it.
  ~LiveWork();
  LiveWork(const LiveWork&) = delete;
  LiveWork& operator=(const LiveWork&) = delete;

  /// Capture began at `start`, and what came since the log's end is not there: calls that are open say so.
  void note_interruption(Time start);
  /// From time to time: follows what the disk allows. What the operator is to know is appended to `news`.
  void look(std::vector<std::string>& news);
  /// Nothing more is captured: closes what is open, and writes all. Empty, or why the disk did not take it.
  std::string end();
  /// journal::safe_time().
  [[nodiscard]] Time safe_time() const { return journal::safe_time(store, pipeline.correlator()); }
  /// How the log and the finisher do.
  [[nodiscard]] StorageStatus storage() const;

  std::filesystem::path out;
  std::filesystem::path folder;
  SpoolLock lock;
  spool::FolderDisk disk;
  spool::KeyTable keys;
  journal::Writer writer;
  vconout::AuditLog audit;
  LoggedOutput output;
  Pipeline pipeline;
  journal::Recovered recovered;
  journal::Store store;

 private:
  journal::Room room_ = journal::Room::Enough;
  int disk_error_ = 0;
  std::uint64_t dropped_ = 0;
  SpoolSettings settings_;
  Duration delay_{};
  Time looked_ = Time::min();
  std::string audit_fault_;
};

}  // namespace tapestry::app
