#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calls/live.h"
#include "core/counter.h"
#include "core/time.h"

namespace tapestry::app {

/// Packets that were lost before the recorder could look at them, by the place that lost them.
struct Drops {
  std::string place;  ///< `kernel`, `nic`, `ring`, ...: a word
  std::uint64_t packets = 0;
};

/// What came in by one moment.
struct Intake {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t sip_messages = 0;
};

/// Intake per second.
struct IntakeRate {
  double packets = 0;
  double bytes = 0;
  double sip_messages = 0;
};

/// What is between the wire and vCons, and whoever makes them.
struct StorageStatus {
  std::uint64_t memory_bytes = 0;            ///< that wait for the disk
  std::uint64_t disk_bytes = 0;              ///< of the spool
  std::string state = "ok";                  ///< `ok`, `warning`, `alarm`, `metadata-only`, or `failing: ` and why
  std::uint64_t finishing = 0;               ///< conversations that are closed and not yet written
  std::optional<double> oldest_finishing{};  ///< seconds that the oldest of them has waited
  std::uint64_t finished = 0;                ///< conversations that were written since the finisher started
  std::uint64_t failed = 0;                  ///< tries to write one that did not succeed
  Counters counters{};
};

/// How a running service does, at one moment. Values only.
struct ServiceStatus {
  std::string version;
  Time started;       ///< wall clock
  double uptime = 0;  ///< seconds
  Intake intake;      ///< since the start
  IntakeRate rate;    ///< over the last seconds
  std::vector<Drops> drops;
  std::optional<double> lag{};  ///< seconds that packet time is behind the wall clock; none before the first packet
  std::uint64_t flows = 0;      ///< of RTP, now
  calls::LiveCounts live;
  StorageStatus storage;
  std::uint64_t disk_free_bytes = 0;  ///< of the output folder's file system, for us
  std::uint64_t disk_bytes = 0;       ///< of that file system
  Counters counters;                  ///< of all stages
};

/// The object that /v1/status answers.
[[nodiscard]] std::string to_json(const ServiceStatus& status);

/// Prometheus' text format 0.0.4; each of `counters` is `tapestry_STAGE_NAME_total`.
[[nodiscard]] std::string to_prometheus(const ServiceStatus& status);

}  // namespace tapestry::app
