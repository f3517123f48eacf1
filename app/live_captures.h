#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/capture_settings.h"
#include "capture/live_merge.h"
#include "capture/live_source.h"
#include "core/counter.h"
#include "service/descriptor_store.h"

namespace tapestry::app {

/// Every place that `tapestry run` captures at, as one timeline. One thread.
class LiveCaptures {
 public:
  /// How often sources are looked after.
  static constexpr std::chrono::milliseconds kLook{1000};

  static constexpr std::chrono::minutes kFolderPatience{5};

  /// Opens all of them; one that is missing is waited for. Throws capture::NotPermitted, std::runtime_error.
  /// `out` keeps which files of folders were read. With a store that somebody keeps, packets that were read stay in
  /// their rings until release(), and the rings outlive the process: they are put into the store, and what the process
  /// before left in it comes first. The store outlives this.
  LiveCaptures(const CaptureSettings& settings, const std::filesystem::path& out,
               service::DescriptorStore* store = nullptr);

  /// The next frame, valid until the next call; false when there is none now.
  bool next(capture::Frame& frame);
  /// Waits until there may be frames, one of `others` is readable, or the time is over.
  void wait(std::chrono::milliseconds at_most, const std::vector<int>& others);
  /// When it is time (kLook), or `at_once`: looks after the sources. What was dropped is appended to `drops`, what the
  /// operator is to know to `news`.
  void look(std::vector<capture::Drops>& drops, std::vector<std::string>& news, bool at_once);
  /// What came at or before `safe` needs not be captured again should the process be killed.
  void release(Time safe);
  /// The wall clock is read once per turn.
  void begin_turn();

  /// Packet time when nothing comes: that of the last frame (the wall clock's before the first), gone on since. Between
  /// the files of a folder it stands still for kFolderPatience: their frames are as far apart as the files are.
  [[nodiscard]] Time quiet_time() const;
  /// Of the last frame; the wall clock's before the first.
  [[nodiscard]] Time newest() const noexcept { return last_; }
  /// The wall clock of this turn.
  [[nodiscard]] Time now() const noexcept { return now_; }
  /// How long a frame may be on its way to next(): in a block that is being filled, and waiting for other lanes.
  [[nodiscard]] Duration hold() const noexcept { return hold_; }
  /// LiveSource::goes_on, of all.
  [[nodiscard]] bool go_on() const;
  /// LiveSource::needs_privileges and is_denied, of any.
  [[nodiscard]] bool need_privileges() const;
  [[nodiscard]] bool are_denied() const;
  /// By source: its name and its counters.
  struct SourceCounters {
    std::string name;
    Counters counters;
  };
  [[nodiscard]] std::vector<SourceCounters> by_source() const;
  /// `live.*` of all sources together.
  [[nodiscard]] Counters counters() const;

 private:
  using Steady = std::chrono::steady_clock::time_point;

  void open_interfaces(const CaptureSettings& settings);
  void update_store();

  service::DescriptorStore* store_;  ///< null: nobody keeps any
  std::vector<std::unique_ptr<capture::LiveSource>> sources_;
  Duration hold_{};
  Duration patience_{};  ///< before quiet_time goes on
  std::optional<capture::LiveMerge> merge_;
  Time now_;
  Steady turn_;
  Steady looked_{};
  Time last_;         ///< newest()
  Steady last_seen_;  ///< when that was
};

}  // namespace tapestry::app
