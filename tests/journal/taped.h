#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/pipeline.h"
#include "calls/correlator.h"
#include "calls/pause_command.h"
#include "journal/follower.h"
#include "journal/store.h"
#include "journal/writer.h"
#include "tests/support/fake_disk.h"
#include "tests/support/scenes/script.h"

namespace tapestry::testing {

/// What a correlator made of a capture, as texts that can be compared.
class Collected final : public calls::Output {
 public:
  void keep(calls::TrackId track, const rtp::Chunk& chunk) override;
  void discard(calls::TrackId) override {}
  void erase(calls::TrackId track, Time from, Time to) override;
  void marker(const calls::MarkerReport&) override { ++markers; }
  void advanced(Time) override {}
  void closed(calls::Interaction&& interaction) override;
  void stream_ended(const calls::StreamReport&) override {}

  std::vector<std::string> conversations;  ///< all of each, with a checksum of what each stream of a recording carries
  std::vector<std::string> fingerprints;
  std::vector<std::uint64_t> numbers;
  std::vector<calls::Pause> pauses;
  std::vector<Time> arrivals;  ///< of every packet that was ever kept, also if it was erased later
  std::size_t markers = 0;

 private:
  std::map<calls::TrackId, std::vector<std::vector<std::uint8_t>>> media_;
};

/// The capturing side of a recorder: it takes frames, and writes the log.
class LiveSide final : public calls::Output {
 public:
  /// Recovers from what is on the disk.
  LiveSide(spool::Disk& disk, spool::KeyTable& keys, const app::Config& config,
           const journal::StoreLimits& limits = {});

  void add(const TimedFrame& frame);
  calls::PauseAnswer command(const calls::PauseCommand& command) { return pipeline_.correlator().command(command); }
  /// Nothing more is captured: closes all, and writes all.
  void finish();
  /// The same, and the log says so.
  void end();
  [[nodiscard]] journal::Store& store() { return *store_; }
  [[nodiscard]] journal::Writer& writer() { return writer_; }
  [[nodiscard]] Time safe_time() const { return journal::safe_time(*store_, pipeline_.correlator()); }
  [[nodiscard]] Counters counters() const { return pipeline_.counters(); }
  [[nodiscard]] std::size_t markers() const { return markers_; }

  void keep(calls::TrackId, const rtp::Chunk&) override {}
  void discard(calls::TrackId) override {}
  void erase(calls::TrackId, Time, Time) override {}
  void marker(const calls::MarkerReport&) override { ++markers_; }
  void advanced(Time now) override;
  void closed(calls::Interaction&&) override {}
  void stream_ended(const calls::StreamReport&) override {}

 private:
  journal::Writer writer_;
  app::Pipeline pipeline_;
  std::optional<journal::Store> store_;
  Time written_{};
  std::size_t markers_ = 0;
};

/// The finishing side: it reads the log.
struct LogSide {
  LogSide(FakeDisk& disk, spool::KeyTable& keys, const app::Config& config)
      : correlator(config.rules, collected), follower(disk, keys, correlator) {}

  Collected collected;
  calls::Correlator correlator;
  journal::Follower follower;
};

Secret test_master_key();
/// The scene of that name with its frames in order of time, as a wire has them.
scenes::Scene scene_in_order(std::string_view name);
app::Config config_of(const scenes::Scene& scene);
/// Without a log.
Collected collected_directly(const scenes::Scene& scene);
/// All payloads of the log's records, decrypted.
std::vector<std::string> payloads_on(FakeDisk& disk);

}  // namespace tapestry::testing
