#pragma once
#include <filesystem>
#include <ostream>

#include "app/config.h"
#include "app/finisher_pool.h"
#include "app/pipeline.h"
#include "app/recorder.h"
#include "spool/spool.h"
#include "vconout/audit_log.h"
#include "vconout/signer.h"
#include "vconout/store.h"

namespace tapestry::app {

/// The spool's folder, gone again when nothing is left in it.
class SpoolFolder {
 public:
  explicit SpoolFolder(std::filesystem::path path) : path_(std::move(path)) {}
  ~SpoolFolder();
  SpoolFolder(const SpoolFolder&) = delete;
  SpoolFolder& operator=(const SpoolFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// How an Assembly works.
struct AssemblySettings {
  const Config& config;
  std::filesystem::path out;
  unsigned finishers = 0;  ///< 0: as many as the machine runs at once
  bool live = false;       ///< capture must not wait: finishers work in the background, commits come with settle()
};

/// All that is between frames and vCons on disk, put together. Its thread is the one that adds frames.
struct Assembly {
  /// `keys` may be null; it and the configuration outlive it. Throws ConfigError, or std::runtime_error when the output
  /// folder, the spool, the catalog or the key fails.
  Assembly(const AssemblySettings& settings, tls::KeyLog* keys, Recorder::Tell tell, std::ostream& err);

  vconout::Signer signer;
  vconout::Catalog catalog;
  SpoolFolder spool_folder;
  spool::Spool spool;
  FinisherContext context;
  FinisherPool pool;
  vconout::AuditLog audit;
  Recorder recorder;
  Pipeline pipeline;
};

}  // namespace tapestry::app
