#pragma once
#include <filesystem>
#include <string>

#include "app/spool_settings.h"
#include "core/secret.h"

namespace tapestry::app {

/// A file in the spool's folder that one process at a time has.
class SpoolLock {
 public:
  /// Makes the folder, for its owner only, where it is absent. Throws std::runtime_error when somebody else has the
  /// file and keeps it for seconds: `who` is that role, for the message.
  SpoolLock(const std::filesystem::path& folder, const std::string& file, const std::string& who);
  ~SpoolLock();
  SpoolLock(const SpoolLock&) = delete;
  SpoolLock& operator=(const SpoolLock&) = delete;

 private:
  int file_ = -1;
};

/// The spool's master key. Without a setting it is made at first, beside the trial keys below `out`. Throws
/// std::runtime_error.
[[nodiscard]] Secret open_master_key(const SpoolSettings& settings, const std::filesystem::path& out);

}  // namespace tapestry::app
