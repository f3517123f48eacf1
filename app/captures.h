#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/report.h"
#include "capture/source.h"

namespace tapestry::app {

/// Several captures read one after the other, as one timeline: in order of their first packets, whatever the order of
/// their names. One is open at a time. A file that cannot be read is a damaged one.
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

 private:
  void sort_by_first_packet();
  void open(std::size_t index);
  void close();

  std::vector<CaptureReport> reports_;
  std::vector<std::size_t> order_;  ///< indexes into reports_
  std::size_t position_ = 0;        ///< in order_
  std::unique_ptr<capture::Source> source_;
  std::uint64_t closed_bytes_ = 0;
  std::uint64_t total_bytes_ = 0;
};

}  // namespace tapestry::app
