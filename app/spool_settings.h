#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace tapestry::app {

/// [spool]: where `tapestry run` keeps what is not yet in a vCon (docs/spool.md).
struct SpoolSettings {
  std::filesystem::path folder;  ///< empty: spool/ below the output folder
  std::string master_key;        ///< a file, credential:NAME or pkcs11:URI; empty: a file that is made at first
  std::uint64_t segment_bytes = 256U << 20U;
  std::uint64_t memory_bytes = 256U << 20U;  ///< that wait for a disk that does not take them
  unsigned warn_percent = 80;                ///< of the disk in use: a warning
  unsigned alarm_percent = 90;               ///< an alarm: nothing is left there to remove
  unsigned metadata_percent = 95;            ///< an alarm, and new calls are recorded without media
};

/// Where the spool is, below `out` unless the settings say otherwise.
[[nodiscard]] std::filesystem::path spool_folder(const SpoolSettings& settings, const std::filesystem::path& out);

}  // namespace tapestry::app
