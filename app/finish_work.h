#pragma once
#include <filesystem>
#include <ostream>
#include <string>

#include "app/config.h"
#include "app/finish_state.h"
#include "app/finisher_pool.h"
#include "app/keys.h"
#include "app/recorder.h"
#include "app/spool_lock.h"
#include "calls/correlator.h"
#include "journal/follower.h"
#include "journal/logged_media.h"
#include "spool/folder_disk.h"
#include "spool/key_table.h"
#include "vconout/audit_log.h"
#include "vconout/signer.h"

namespace tapestry::app {

/// All that is between the log and vCons on disk, put together. One thread.
struct FinishWork {
  /// More conversations than this do not wait: then the log does.
  static constexpr std::size_t kMostWaiting = 4096;
  static constexpr std::size_t kRecords = 256;  ///< that follow() plays at once

  /// The configuration outlives it. Throws ConfigError, or std::runtime_error when another finisher has the spool, or
  /// the disk, the log, the catalog or a key fails.
  FinishWork(const Config& config, const std::filesystem::path& out, unsigned finishers, Recorder::Tell tell,
             std::ostream& err);

  /// Plays some of the log. False when there was nothing new, or too much waits.
  bool follow();
  /// Commits what is finished, and destroys it in the log. Empty, or what the disk does not take: that is tried again.
  std::string settle();
  [[nodiscard]] FinishState state();

  std::filesystem::path folder;
  SpoolLock lock;
  spool::FolderDisk disk;
  spool::KeyTable keys;
  vconout::Signer signer;
  vconout::Catalog catalog;
  vconout::AuditLog audit;
  journal::LoggedMedia media;
  FinisherContext context;
  FinisherPool pool;
  Recorder recorder;
  calls::Correlator correlator;
  journal::Follower follower;

 private:
  void committed(std::uint64_t number);

  std::uint64_t finished_ = 0;
  bool followed_all_ = false;  ///< once, since the beginning
};

}  // namespace tapestry::app
