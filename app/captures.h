#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/report.h"
#include "capture/source.h"
#include "core/counter.h"

namespace tapestry::app {

/// Captures open at once; of more that overlap in time some are read after others.
inline constexpr std::size_t kMaxOpenCaptures = 64;

/// Several captures read as one timeline, whatever the order of their names: of those that overlap in time the earliest
/// packet comes next, each capture's own packets stay in their order, and those of one time come from the capture that
/// began first, or in the order of their octets where all began at once. A file is open from the time of its first
/// packet to its end; stdin, which cannot be looked into before, from the beginning. A file that cannot be read is a
/// damaged one. One thread.
class Captures {
 public:
  explicit Captures(const std::vector<std::string>& files);

  /// The next frame of all, valid until the next call; false at the end.
  bool next(capture::Frame& frame);
  /// In the order in which they were named; complete after the end.
  [[nodiscard]] const std::vector<CaptureReport>& reports() const noexcept { return reports_; }
  /// Bytes of files read so far and in all, as they lie on disk; all is 0 while one of unknown length takes part.
  [[nodiscard]] std::uint64_t done_bytes() const noexcept;
  [[nodiscard]] std::uint64_t total_bytes() const noexcept { return total_bytes_; }
  /// `captures.opened_late`: captures that had to wait because kMaxOpenCaptures were open.
  [[nodiscard]] Counters counters() const { return {{"captures.opened_late", opened_late_}}; }

 private:
  struct Waiting {
    Time first;             ///< of its first packet
    std::size_t index = 0;  ///< in reports_
  };
  struct Open {
    std::unique_ptr<capture::Source> source;
    capture::Frame head;    ///< the next one of it
    std::size_t order = 0;  ///< in waiting_
    Time began;             ///< of its first packet
  };

  void open_due();
  void open(std::size_t order);
  void read_last();
  void close(const Open& done);
  static bool later(const Open& one, const Open& another) noexcept;

  std::vector<CaptureReport> reports_;
  std::vector<Waiting> waiting_;  ///< in order of their first packets
  std::size_t opened_ = 0;        ///< of waiting_
  std::vector<Open> open_;        ///< a heap, earliest head in front
  bool handed_out_ = false;       ///< the head in front was the last frame
  std::optional<Time> last_;      ///< of the last frame
  std::uint64_t closed_bytes_ = 0;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t opened_late_ = 0;
};

}  // namespace tapestry::app
